"""The fixture `mastodon_mock`: one server for a whole test run, started when the first test asks for it."""

from collections.abc import Iterator
from mastodon.server import MastodonMock

import pytest


@pytest.fixture(scope="session")
def mastodon_mock() -> Iterator[MastodonMock]:
    with MastodonMock() as server:
        yield server

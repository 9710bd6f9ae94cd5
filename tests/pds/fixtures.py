"""The fixture `pds`: one Bluesky server for a whole test run, started when the first test asks for it."""

from collections.abc import Iterator
from pds.server import PDS

import pytest


@pytest.fixture(scope="session")
def pds() -> Iterator[PDS]:
    with PDS() as server:
        yield server

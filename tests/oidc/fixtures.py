"""The fixture `oidc`: the server runs from the first test that asks for it; the add-on takes it for X."""

from collections.abc import Iterator
from oidc.server import OIDCProvider

import pytest


@pytest.fixture(scope="session")
def oidc_provider() -> Iterator[OIDCProvider]:
    with OIDCProvider() as server:
        yield server


@pytest.fixture
def oidc(oidc_provider: OIDCProvider, monkeypatch: pytest.MonkeyPatch) -> OIDCProvider:
    for name, value in oidc_provider.environ.items():
        monkeypatch.setenv(name, value)
    return oidc_provider

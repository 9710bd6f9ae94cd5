"""The networks that a newcomer tries on one machine: what is shown of them, and that they end."""

from collections import Counter
from collective.socialterritory.http import Http
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Publishes
from contextlib import ExitStack
from datetime import datetime
from datetime import UTC
from importlib import import_module
from importlib.util import module_from_spec
from importlib.util import spec_from_file_location
from pathlib import Path

import pytest
import re


SITE = "http://localhost:8080/Plone"
SCRIPT = Path(__file__).parents[2] / "scripts/local_networks.py"


@pytest.fixture(scope="module")
def script():
    spec = spec_from_file_location("local_networks", SCRIPT)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def locals(script, monkeypatch):
    with ExitStack() as stack:
        found = script.served(SITE, 0)
        for server in script.servers_of(found):
            stack.enter_context(server)
        for name, value in script.environment(found):
            monkeypatch.setenv(name, value)
        yield found


def test_every_network_that_posts_elsewhere_is_there(script):
    wiring = SCRIPT.parents[1] / "src/collective/socialterritory/networks/configure.zcml"
    names = re.findall(r'component="\.(\w+)\.network"', wiring.read_text(encoding="utf-8"))
    found = [import_module(f"collective.socialterritory.networks.{name}").network for name in names]
    assert {*script.SERVERS} == {one.id for one in found if isinstance(one, Publishes) and not one.local}


def test_each_shows_what_a_webmaster_types(locals):
    for local in locals:
        fields = (*local.network.fields, *local.network.app_fields)
        assert isinstance(local.network, Connects | Consents)
        assert len(local.typed) == len(fields) > 0
        assert all(f"<dd>{value}</dd>" in local.drawn() for value in local.typed.values())


def test_no_two_networks_are_asked_at_the_same_variable(script, locals):
    assert max(Counter(name for name, _ in script.environment(locals)).values()) == 1


def test_what_was_posted_is_shown_and_is_no_markup(locals):
    (local,) = [local for local in locals if local.network.id == "webhook"]
    assert "Nothing is there" in local.drawn()
    (account,) = local.server.accounts
    known = local.server.credentials(account)
    local.network.publish(Http.from_environment(), known, Post("<b>Bonjour</b>", datetime.now(UTC)), "k1")
    assert "<li>&lt;b&gt;Bonjour&lt;/b&gt;</li>" in local.drawn()

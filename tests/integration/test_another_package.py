"""A network from another package: its ZCML is loaded, an account is linked, and news goes there."""

from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.interfaces import INetwork
from follow import change
from follow import HTML
from follow import page
from follow import tab
from pathlib import Path
from plone import api
from plone.testing.zca import stackConfigurationContext
from scripted import Scripted
from working import work
from zope.component import getGlobalSiteManager
from zope.configuration import xmlconfig

import pytest
import sys
import transaction


ROOT = Path(__file__).parents[2]


@pytest.fixture
def installed(functional, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tests/packages")
    import townboard

    xmlconfig.file("configure.zcml", townboard, context=stackConfigurationContext(functional["configurationContext"]))
    yield
    getGlobalSiteManager().unregisterUtility(provided=INetwork, name="townboard")
    for name in [name for name in sys.modules if name.partition(".")[0] == "townboard"]:
        del sys.modules[name]


@pytest.fixture
def board(monkeypatch):
    with Scripted() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        yield server


def test_from_the_form_to_the_post(town, installed, board):
    with api.env.adopt_roles(["Manager"]):
        account = api.content.create(
            town.site[CONTAINER], "SocialAccount", title="Board", network="townboard", validation="none"
        )
    transaction.commit()
    assert "Town board" in page(town.webmaster, f"{CONTAINER}/++add++SocialAccount").get_text()
    form = page(town.webmaster, f"{CONTAINER}/{account.getId()}/@@connect").find("form", class_="social-form")
    assert "Address of the board" in form.get_text()
    known = board.account("mairie")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    typed = {"answer-board": known.credentials["pds"], "passw-board_token": known.credentials["access"]}
    answer = town.webmaster.session.post(form["action"], data={**fields, **typed}, headers=HTML)
    assert "Connected: you are Town board." in answer.text
    transaction.begin()
    item = town.news("Marché samedi")
    work(town.functional)
    (made,) = [made for made in town.stored(item) if made.network == "townboard"]
    assert made.state is State.DELIVERED and made.receipt_url.startswith(known.credentials["pds"])
    assert [text.splitlines()[0] for text in board.posts()] == ["Marché samedi"]


def test_a_package_that_is_taken_away_stops_nobody(town):
    before = town.news("Marché samedi")
    with api.env.adopt_roles(["Manager"]):
        town.account.network = "taken_away"
    transaction.commit()
    after = town.news("Marché dimanche")
    assert town.stored(before) and not town.stored(after)
    change(town, before, title="Marché lundi")
    connecting = page(town.webmaster, f"{CONTAINER}/{town.account.getId()}/@@connect")
    for shown in (tab(town.editor, after), connecting):
        assert "This network is not installed any more." in shown.get_text()


@pytest.mark.parametrize("name", ["network.py", "configure.zcml"])
def test_the_docs_show_what_is_tested(name):
    told = (ROOT / "docs/adding-a-network.md").read_text(encoding="utf-8")
    assert (ROOT / "tests/packages/townboard" / name).read_text(encoding="utf-8") in told

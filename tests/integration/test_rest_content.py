"""The "Social networks" fields in plone.restapi's own content doors, which Volto uses."""

from collective.socialterritory.crosspost.content import choice
from collective.socialterritory.crosspost.model import State
from datetime import datetime
from datetime import UTC
from plone import api

import pytest
import transaction


FIELDS = ("social_post", "social_accounts", "social_text", "social_texts", "social_at", "social_urgent")


@pytest.fixture
def item(town):
    api.portal.set_registry_record("plone.portal_timezone", "Europe/Paris")
    return town.news(publish=False)


def test_what_is_patched_is_what_is_got(town, item):
    uid = town.account.UID()
    sent = {
        "social_post": True,
        "social_accounts": [uid],
        "social_text": "Miam 🎉 l’été",
        "social_texts": {uid: "Pour la ville"},
        "social_at": "2026-12-01T09:00:00+01:00",
        "social_urgent": True,
    }
    answer = town.editor.patch(item.getId(), sent)
    assert answer.status_code == 204, answer.text
    got = town.editor.get(item.getId()).json()
    assert got["social_accounts"] == [{"token": uid, "title": "Town"}]
    assert got["social_at"] == "2026-12-01T08:00:00+00:00"
    assert {name: got[name] for name in ("social_post", "social_text", "social_texts", "social_urgent")} == {
        name: sent[name] for name in ("social_post", "social_text", "social_texts", "social_urgent")
    }
    chosen = choice(item)
    assert (chosen.accounts, chosen.texts, chosen.urgent) == ((uid,), {uid: "Pour la ville"}, True)
    # Sending back what was got changes nothing.
    assert town.editor.patch(item.getId(), {name: got[name] for name in FIELDS}).status_code == 204
    assert choice(item) == chosen


@pytest.mark.parametrize(
    "sent",
    ["2026-12-01T09:00:00+01:00", "2026-12-01T08:00:00Z", "2026-12-01T03:00:00-05:00", "2026-12-01T09:00:00"],
)
def test_a_moment_is_the_same_whatever_zone_it_is_written_in(town, item, sent):
    for _again in range(2):  # the second time, a value is there
        assert town.editor.patch(item.getId(), {"social_at": sent}).status_code == 204
        assert item.social_at == datetime(2026, 12, 1, 9), "local and without zone, as forms show it"
        assert choice(item).at == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_a_moment_can_be_taken_away(town, item):
    town.editor.patch(item.getId(), {"social_at": "2026-12-01T08:00:00Z"})
    assert town.editor.patch(item.getId(), {"social_at": None}).status_code == 204
    assert choice(item).at is None
    assert town.editor.get(item.getId()).json()["social_at"] is None


@pytest.mark.parametrize(
    "sent",
    [
        {"social_at": "tomorrow"},
        {"social_at": 7},
        {"social_at": "0001-01-01T00:00:00+14:00"},
        {"social_at": "9999-12-31T23:59:59-12:00"},
        {"social_accounts": ["nobody"]},
        {"social_text": {"a": 1}},
        {"social_texts": {"uid": 7}},
        {"social_texts": ["text"]},
        {"social_texts": "text"},
        {"social_texts": {"uid": None}},
        {"social_texts": {"nobody": "text"}},
    ],
)
def test_what_is_not_valid_is_refused_and_nothing_is_lost(town, item, sent):
    town.editor.patch(item.getId(), {"social_text": "Kept"})
    answer = town.editor.patch(item.getId(), sent)
    assert answer.status_code == 400, answer.text
    assert choice(item).text == "Kept"
    assert choice(item).at is None


def test_the_choice_is_shown_to_those_who_may_change_it(town, item):
    town.editor.patch(item.getId(), {"social_text": "Not yet approved"})
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, to_state="published")
    transaction.commit()
    for client in (town.anonymous, town.member):
        answer = client.get(item.getId())
        assert answer.status_code == 200
        assert not set(FIELDS) & set(answer.json())
        assert "Not yet approved" not in client.get(f"@search?fullobjects=1&UID={item.UID()}").text
    assert client.patch(item.getId(), {"social_text": "x"}).status_code in (401, 403)


def test_a_patch_follows_into_what_waits(town, item):
    with api.env.adopt_user(username="editor"):
        api.content.transition(item, to_state="published")
    transaction.commit()
    told = town.validator.delivery()
    approved = town.validator.decide(told, "approve", fingerprint=told["fingerprint"])
    assert approved.json()["state"] == "queued"
    town.editor.patch(item.getId(), {"social_texts": {town.account.UID(): "Autre texte"}})
    now = town.validator.delivery()
    assert (now["state"], now["text"].split("\n")[0]) == ("pending", "Autre texte")
    assert now["approvals"]["by"] == []
    assert town.stored(item)[0].state is State.PENDING


def test_what_an_account_says_of_itself_can_be_sent_back_to_it(town, place):
    address = f"social-accounts/{town.account.getId()}"
    assert town.webmaster.patch(address, {"sections": [place.UID()]}).status_code == 204
    got = town.webmaster.get(address).json()
    assert got["sections"] == [place.UID()]
    for sections in (got["sections"], [{"token": place.UID()}]):
        answer = town.webmaster.patch(address, {"sections": sections})
        assert answer.status_code == 204, answer.text
    assert town.account.sections == [place.UID()]
    for wrong in (["0" * 32], ["/rubrique/actualites"], [3], {"a": 1}):
        assert town.webmaster.patch(address, {"sections": wrong}).status_code == 400, wrong
    assert town.account.sections == [place.UID()]

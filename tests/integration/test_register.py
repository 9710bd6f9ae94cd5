"""The register over real HTTP: who reads it, what it tells of each post, what is found, and what is kept."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from datetime import timedelta
from follow import by_operation
from follow import change
from follow import press
from follow import published
from follow import said_yes
from plone import api
from registering import listed
from registering import read
from registering import rows
from registering import withdraw
from rest import PEOPLE
from working import work

import pytest
import transaction


PAGE = "@@social-register"
CSV = {"Accept": "text/csv"}
ALL = {"member": set(), "editor": set(), "validator": {"Town"}, "second": {"Town", "Sports"}}
ALL["webmaster"] = {"Town", "Sports"}


@pytest.mark.parametrize("name", PEOPLE)
def test_who_reads_what(town, both, name):
    client, mine = getattr(town, name), ALL[name]
    html = client.session.get(f"{town.url}/{PAGE}", headers={"Accept": "text/html"})
    answers = [
        client.get("@social-register"),
        client.session.get(f"{town.url}/@social-register", headers=CSV),
        client.session.get(f"{town.url}/{PAGE}?format=csv", headers={"Accept": "text/html"}),
        client.session.get(f"{town.url}/{PAGE}?format=json", headers={"Accept": "text/html"}),
    ]
    if not mine:
        assert [answer.status_code for answer in answers[:2]] == [401, 401]
        assert not [answer.text for answer in [html, *answers] if "www.town.example/marche" in answer.text]
        return
    assert {entry["account"]["title"] for entry in listed(client)} == mine
    assert {row["Account"] for row in rows(client)} == mine
    for answer in [html, *answers]:
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert [name for name in ("Town", "Sports") if name in answer.text] == [
            name for name in ("Town", "Sports") if name in mine
        ]


def test_nobody_reads_nothing(town, both):
    for path, accept in [("@social-register", "application/json"), ("@social-register", "text/csv")]:
        answer = town.anonymous.session.get(f"{town.url}/{path}", headers={"Accept": accept})
        assert answer.status_code == 401 and "Town" not in answer.text
    for query in ("", "?format=csv"):
        answer = town.anonymous.session.get(f"{town.url}/{PAGE}{query}", headers={"Accept": "text/html"})
        assert "/login" in answer.url and "www.town.example/marche" not in answer.text


def test_a_filter_opens_no_account(town, both):
    assert listed(town.validator, account=town.sports.UID()) == []
    assert "Sports" not in read(town.validator, account=town.sports.UID()).get_text()


def test_what_has_not_left_is_not_there(town):
    town.news("Brouillon", publish=False)
    town.news("En attente")
    assert listed(town.webmaster) == []
    assert "Nothing was posted yet." in read(town.webmaster).get_text()
    refused = town.validator.delivery()
    town.validator.decide(refused, "reject", note="Non")
    assert listed(town.webmaster) == [] and rows(town.webmaster) == []


def test_a_post_keeps_the_name_that_its_account_had(town):
    published(town)
    Accounts(town.site).mark(town.account.UID(), identity="@mairie-bis", identity_id="2")
    transaction.commit()
    (told,) = listed(town.webmaster)
    assert told["account"]["identity"] == "@sandbox"


def test_an_entry_tells_who_wrote_and_who_approved(town):
    with api.env.adopt_roles(["Manager"]):
        api.group.create("com", title="Service communication")
        api.group.add_user(groupname="com", username="editor")
        api.group.add_user(groupname="Reviewers", username="editor")
    item = published(town)
    (told,) = listed(town.webmaster)
    assert told["account"] == {"uid": town.account.UID(), "title": "Town", "identity": "@sandbox"}
    assert told["network"] == {"id": "sandbox", "title": "Training network"}
    assert told["item"] == {"@id": item.absolute_url(), "uid": item.UID(), "title": item.title, "deleted": False}
    assert told["authors"] == [{"id": "editor", "name": "Editor", "services": ["Service communication"]}]
    (given,) = told["approvals"]
    assert (given["id"], given["role"], given["role_title"]) == ("validator", "Social Validator", "Validator")
    assert told["url"].startswith(f"{town.url}/@@social-sandbox/")
    assert item.title in told["text"] and told["history"] == [] and not told["withdrawn"]
    text = read(town.webmaster).get_text(" ", strip=True)
    assert "Editor (Service communication)" in text and "Validator – Validator, " in text
    (row,) = rows(town.webmaster)
    assert (row["Written by"], row["Service"], row["Approved as"]) == ("Editor", "Service communication", "Validator")


def test_the_role_is_that_of_the_day(town):
    town.news()
    said_yes(town, "webmaster")
    (post,) = town.validator.listed()
    town.account.manage_setLocalRoles("webmaster", ["Social Validator"])
    api.user.revoke_roles(username="webmaster", roles=["Site Administrator"])
    transaction.commit()
    (told,) = listed(town.validator)
    assert [given["role_title"] for given in told["approvals"]] == ["Site Administrator"]


def test_a_trusted_author_an_author_on_call_and_nobody(town):
    town.account.trusted = ["Reviewer"]
    transaction.commit()
    town.news("Confiance")
    town.account.trusted = []
    town.account.manage_setLocalRoles("editor", ["Social Validator"])
    transaction.commit()
    town.news("Astreinte")
    (waiting,) = town.editor.listed(state="pending")
    town.editor.decide(waiting, "approve", fingerprint=waiting["fingerprint"], override="Crue cette nuit")
    town.account.validation = "none"
    transaction.commit()
    town.news("Libre")
    said_yes(town)
    told = {entry["item"]["title"]: entry["approvals"] for entry in listed(town.validator)}
    assert [(g["role_title"], g["trusted"]) for g in told["Confiance"]] == [("Trusted author", True)]
    assert [(g["role_title"], g["reason"]) for g in told["Astreinte"]] == [("Validator", "Crue cette nuit")]
    assert told["Libre"] == []
    text = read(town.validator).get_text()
    assert "“Crue cette nuit”" in text and "Trusted author" in text and "asked for no approval" in text


def test_records_from_before_roles_were_kept(town):
    (post,) = town.stored(published(town))
    record = Outbox(town.site)._find(post.id)
    record["approvals"] = [{name: value for name, value in record["approvals"][0].items() if name != "role"}]
    transaction.commit()
    (told,) = listed(town.validator)
    assert [(given["name"], given["role_title"]) for given in told["approvals"]] == [("Validator", "")]
    assert "Validator – " in read(town.validator).get_text()


def test_corrections_answers_and_withdrawals_hang_below_their_post(town):
    item = published(town, "Marché à 8 h")
    change(town, item, title="Marché à 9 h")
    press(town.editor, item, "edit")
    said_yes(town)
    change(town, item, title="Marché à 10 h")
    press(town.editor, item, "reply", note="Erratum : 10 h")
    said_yes(town)
    (post,) = by_operation(town, item, "post")
    withdraw(town, post)
    (told,) = listed(town.validator)
    assert told["id"] == post.id and "Marché à 8 h" in told["text"]
    edit, reply, *withdrawals = told["history"]
    assert (edit["kind"], edit["by"]["name"], edit["approvals"][0]["name"]) == ("edit", "Editor", "Validator")
    assert "Marché à 8 h" in edit["before"] and "Marché à 9 h" in edit["text"] and edit["at"]
    assert (reply["kind"], reply["text"]) == ("reply", "Erratum : 10 h")
    assert sorted((act["kind"], act["title"], act["by"]["name"]) for act in withdrawals) == [
        ("delete", "Answer taken away", "Editor"),
        ("delete", "Taken away", "Editor"),
    ]
    soup = read(town.validator)
    assert [mark.get_text() for mark in soup.select(".social-acts ins, .social-acts del")]
    assert "Erratum : 10 h" in soup.get_text()
    assert told["withdrawn"] and told["url"] in soup.get_text() and not soup.select(f"a[href='{told['url']}']")
    lines = rows(town.validator)
    assert [line["What"] for line in lines[:3]] == ["Published", "Corrected", "Answer with a correction"]
    assert {line["Number of the post"] for line in lines} == {told["id"]}


def test_a_post_in_place_of_another_says_so(town):
    item = published(town, "Marché à 8 h")
    change(town, item, title="Marché à 9 h")
    press(town.editor, item, "replace")
    said_yes(town)
    new, old = listed(town.validator)
    assert new["replaces"] == old["id"] and old["withdrawn"] and not new["withdrawn"]
    assert [act["reason"] for act in old["history"]] == ["It was posted again, corrected."]
    assert "An earlier post" in read(town.validator).get_text()


@pytest.mark.parametrize(("policy", "kind", "withdrawn"), [("delete", "delete", True), ("leave", "leave", False)])
def test_why_the_site_withdrew_it_or_let_it_stand(town, monkeypatch, policy, kind, withdrawn):
    town.account.withdrawal = policy
    transaction.commit()
    item = published(town)
    town.editor.session.delete(f"{town.url}/{item.getId()}")
    monkeypatch.setattr(clock, "now", lambda now=clock.now: now() + timedelta(minutes=11))
    work(town.functional)
    (told,) = listed(town.validator)
    (act,) = told["history"]
    assert (act["kind"], act["by"]["name"], told["withdrawn"]) == (kind, "The site", withdrawn)
    assert act["reason"] == "The news item was deleted from the site."
    assert act["reason"] in read(town.validator).get_text()
    assert act["reason"] in {row["Reason"] for row in rows(town.validator)}


def test_kept_when_the_news_item_is_gone_or_hidden(town):
    item = published(town, "Marché")
    town.editor.post(f"{item.getId()}/@workflow/retract")
    (told,) = listed(town.validator)
    assert told["item"]["@id"] is None and not told["item"]["deleted"]
    assert "(deleted)" not in read(town.validator).get_text()
    town.editor.session.delete(f"{town.url}/{item.getId()}")
    (told,) = listed(town.validator)
    assert told["item"]["title"] == "Marché" and told["item"]["deleted"]
    soup = read(town.validator)
    assert "(deleted)" in soup.get_text() and soup.select("h3 a") == []


def test_kept_for_the_webmaster_when_the_account_is_gone(town, both):
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(town.sports)
    transaction.commit()
    assert {entry["account"]["title"] for entry in listed(town.webmaster)} == {"Town", "Sports"}
    assert {entry["account"]["title"] for entry in listed(town.second)} == {"Town"}
    assert "Sports" in read(town.webmaster).find("select", {"name": "account"}).get_text()
    assert "Sports" not in read(town.second).get_text()


def test_kept_when_its_network_is_not_installed_any_more(town):
    (post,) = town.stored(published(town))
    Outbox(town.site).save(replace(post, network="friendica"))
    transaction.commit()
    (told,) = listed(town.webmaster, network="friendica")
    assert told["network"] == {"id": "friendica", "title": "friendica"}
    assert "friendica" in read(town.webmaster).get_text()
    assert [row["Network"] for row in rows(town.webmaster)] == ["friendica"]

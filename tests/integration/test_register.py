"""The register over real HTTP: who reads it, what it tells of each post, what is found, and what is kept."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import correcting
from collective.socialterritory.crosspost import entries
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from follow import by_operation
from follow import change
from follow import page
from follow import press
from follow import published
from follow import said_yes
from plone import api
from rest import PEOPLE
from urllib.parse import urlencode
from working import work
from zope.globalrequest import setRequest

import csv
import io
import json
import pytest
import transaction


PAGE = "@@social-register"
CSV = {"Accept": "text/csv"}
ALL = {"member": set(), "editor": set(), "validator": {"Town"}, "second": {"Town", "Sports"}}
ALL["webmaster"] = {"Town", "Sports"}


def listed(client, **params):
    answer = client.get("@social-register", **params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def titles(found):
    return [entry["item"]["title"] for entry in found]


def rows(client, **params):
    answer = client.session.get(f"{client.url}/@social-register", params=params, headers=CSV, timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def read(client, **params):
    return page(client, f"{PAGE}?{urlencode(params)}").find(id="content")


def out(town, *titles):
    """News that was posted, oldest first."""
    setRequest(town.functional["request"])  # a worker that ran before has forgotten it
    items = [town.news(title) for title in titles]
    said_yes(town)
    return items


def years_ago(town, *titles):
    """Posts in the history, the first of them of this year, each other a year older."""
    outbox = Outbox(town.site)
    for number, item in enumerate(out(town, *titles)):
        (post,) = outbox.of_item(item.UID())
        outbox.save(replace(post, finished=datetime(2026 - number, 3, 12, 9, 0, tzinfo=UTC)))
    outbox.archive(clock.now() + timedelta(days=400))
    transaction.commit()


def withdraw(town, post):
    setRequest(town.functional["request"])
    with api.env.adopt_user(username="editor"):
        correcting.withdraw(town.site, post.id)
    transaction.commit()
    said_yes(town)


@pytest.fixture
def both(town):
    return with_sports(town)


def with_sports(town):
    """Two accounts that posted the same news."""
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        town.sports = town.speaks("Sports", "second", validation="one")
    item = town.news("Marché samedi")
    said_yes(town, "second")
    return item


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
    assert [(act["kind"], act["title"], act["by"]["name"]) for act in withdrawals] == [
        ("delete", "Taken away", "Editor")
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


def test_searches(town):
    years_ago(town, "Fête de l’école", "Piscine")
    with_sports(town)
    assert titles(listed(town.second)) == ["Marché samedi", "Marché samedi", "Fête de l’école", "Piscine"]
    assert titles(listed(town.second, q="ECOLE fete")) == ["Fête de l’école"]
    assert titles(listed(town.second, q="sports")) == ["Marché samedi"]
    assert listed(town.second, q="école piscine") == []
    assert len(listed(town.second, account=[town.account.UID(), town.sports.UID()])) == 4
    assert titles(listed(town.second, account=town.sports.UID())) == ["Marché samedi"]
    assert listed(town.second, network="mastodon") == []
    assert titles(listed(town.second, **{"from": "2025-03-12", "to": "2025-03-12"})) == ["Piscine"]
    assert titles(listed(town.second, to="2026-03-12")) == ["Fête de l’école", "Piscine"]
    assert titles(listed(town.second, **{"from": "2026-03-13"})) == ["Marché samedi", "Marché samedi"]
    assert [row["News item"] for row in rows(town.second, q="piscine")] == ["Piscine"]
    assert "No post matches this search." in read(town.second, q="rien").get_text()


@pytest.mark.parametrize("query", ["from=hier", "to=2026-02-30", "from=a&from=b", "b_size=0", "b_start=-1"])
def test_questions_that_make_no_sense(town, query):
    answer = town.validator.get(f"@social-register?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    if "b_" not in query:
        answer = town.validator.session.get(f"{town.url}/@social-register?{query}", headers=CSV)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "query", ["b_start=" + "9" * 5000, "b_start=x", "q=a&q=b", "account=%ff&network=%ff", "q:int=1", "format=xml"]
)
def test_addresses_that_make_no_sense(town, query):
    published(town)
    answer = town.validator.session.get(f"{town.url}/{PAGE}?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 200 and 'id="social-q"' in answer.text


def test_a_day_that_is_none_is_told_beside_its_field(town):
    published(town)
    soup = read(town.validator, **{"from": "hier", "format": "csv"})
    assert "Please give a day" in soup.find(id="social-from-error").get_text()
    assert soup.find(id="social-from")["aria-describedby"] == "social-from-error"
    assert soup.find("article") is None


def test_batches_lead_through_all_of_it(town):
    years_ago(town, *(f"Nouvelle {number}" for number in range(5)))
    path, seen = "@social-register?b_size=2&q=nouvelle", []
    while path and len(seen) < 5:
        told = town.validator.get(path).json()
        seen.append(titles(told["items"]))
        path = told["batching"].get("next", "").removeprefix(f"{town.url}/")
    assert seen == [["Nouvelle 0", "Nouvelle 1"], ["Nouvelle 2", "Nouvelle 3"], ["Nouvelle 4"]]


def test_a_search_stops_and_can_be_carried_on(town, monkeypatch):
    years_ago(town, *(f"Nouvelle {number}" for number in range(5)))
    monkeypatch.setattr(entries, "LOOKED", 3)
    told = town.validator.get("@social-register?q=4").json()
    assert told["items"] == []
    told = town.validator.get(told["batching"]["next"].removeprefix(f"{town.url}/")).json()
    assert titles(told["items"]) == ["Nouvelle 4"] and "next" not in told["batching"]
    soup = read(town.validator, q="4")
    assert "stopped" in soup.find(class_="alert-info").get_text()
    assert "No post matches" not in soup.get_text()
    more = soup.find("a", {"rel": "next"})["href"]
    assert "Nouvelle 4" in page(town.validator, more.removeprefix(f"{town.url}/")).get_text()
    assert [row["News item"] for row in rows(town.validator, q="4")] == ["Nouvelle 4"]


def test_a_page_reads_no_more_than_it_shows(town, monkeypatch):
    years_ago(town, *(f"Nouvelle {number}" for number in range(6)))
    found = []
    monkeypatch.setattr(Outbox, "_find", lambda self, id, find=Outbox._find: found.append(id) or find(self, id))
    assert titles(listed(town.validator, b_start=3, b_size=1)) == ["Nouvelle 3"]
    assert len(found) == 2  # one more tells that there is a next page
    found.clear()
    assert titles(listed(town.validator, to="2022-12-31")) == ["Nouvelle 4", "Nouvelle 5"]
    assert len(found) == 2


def test_what_is_out_since_today_and_the_history_are_one_list(town):
    outbox = Outbox(town.site)
    days = {"Ancienne": 5, "Moins ancienne": 3, "Hier": 1}
    for item, age in zip(out(town, *days), days.values(), strict=True):
        (post,) = outbox.of_item(item.UID())
        outbox.save(replace(post, finished=clock.now() - timedelta(days=age, minutes=1)))
    outbox.archive(clock.now(), most=1)
    transaction.commit()
    assert [delivery.item_title for delivery in outbox.history()] == ["Ancienne"]
    assert titles(listed(town.validator)) == ["Hier", "Moins ancienne", "Ancienne"]


def test_the_page_keeps_filters_in_its_links_and_its_form(town, monkeypatch):
    monkeypatch.setattr("collective.socialterritory.crosspost.register.SIZE", 1)
    years_ago(town, "Fête A", "Fête B")
    asked = {"q": "fête", "account": town.account.UID(), "network": "sandbox", "from": "2020-01-01", "to": "2026-12-31"}
    soup = read(town.validator, **asked)
    form = soup.find("form", class_="social-search")
    assert form["method"] == "get"
    typed = {name: form.find("input", {"name": name})["value"] for name in ("q", "from", "to")}
    assert typed.items() <= asked.items()
    assert [option["value"] for option in form.find_all("option", selected=True)] == [asked["account"], "sandbox"]
    files = [link["href"] for link in soup.find_all("a", download=True)]
    assert files == [f"{town.url}/{PAGE}?{urlencode(asked)}&format={kind}" for kind in ("csv", "json")]
    older = page(town.validator, soup.find("a", {"rel": "next"})["href"].removeprefix(f"{town.url}/"))
    assert [title.get_text(strip=True) for title in older.select("article h3")] == ["Fête B"]
    assert older.find("a", string="Back to the newest")["href"] == f"{town.url}/{PAGE}?{urlencode(asked)}"
    answers = [town.validator.session.get(url, headers={"Accept": "text/html"}) for url in files]
    assert all("attachment" in answer.headers["Content-Disposition"] for answer in answers)
    assert [answer.headers["X-Content-Type-Options"] for answer in answers] == ["nosniff"] * 2
    assert titles(json.loads(answers[1].content)["items"]) == ["Fête A", "Fête B"]
    assert answers[0].content.decode("utf-8-sig").count("Fête A") >= 1


def test_a_spreadsheet_computes_nothing(town):
    published(town, '=HYPERLINK("https://evil.example";"Menu")')
    Accounts(town.site).mark(town.account.UID(), identity="@mairie")
    transaction.commit()
    (row,) = rows(town.validator)
    assert row["News item"].startswith("'=HYPERLINK(") and row["Text"].startswith("'=HYPERLINK(")
    assert row["Identity at the network"] == "'@mairie"
    assert not [cell for cell in row.values() if cell[:1] in "=+-@" and cell]


def test_markup_in_a_post_stays_text(town):
    published(town, "<script>alert(1)</script>")
    html = town.validator.session.get(f"{town.url}/{PAGE}", headers={"Accept": "text/html"}).text
    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)" in html


def test_times_are_those_of_the_site(town):
    api.portal.set_registry_record("plone.portal_timezone", "Pacific/Noumea")  # eleven hours ahead
    years_ago(town, "Marché")
    assert listed(town.validator)[0]["at"] == "2026-03-12T09:00:00+00:00"
    assert [row["Date"] for row in rows(town.validator)] == ["2026-03-12 20:00:00"]
    assert "08:00 PM" in read(town.validator).get_text()
    assert listed(town.validator, to="2026-03-11") == []
    late = {"from": "2026-03-13"}
    assert listed(town.validator, **late) == []


def test_it_is_linked_for_whom_it_is(town):
    published(town)
    linked = {name for name in ALL if page(getattr(town, name), "@@social-desk").find("a", href=f"{town.url}/{PAGE}")}
    assert linked == {name for name in ALL if ALL[name]}
    panel = page(town.webmaster, "@@social-territory-controlpanel")
    assert panel.find("a", href=f"{town.url}/{PAGE}")

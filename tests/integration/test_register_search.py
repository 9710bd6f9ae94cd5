"""The register: searches, batches, files to take away, and what its pages keep."""

from collective.socialterritory import clock
from collective.socialterritory.crosspost import entries
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from datetime import timedelta
from follow import page
from follow import published
from plone import api
from registering import listed
from registering import out
from registering import read
from registering import rows
from registering import titles
from registering import with_sports
from registering import years_ago
from urllib.parse import urlencode

import json
import pytest
import transaction


PAGE = "@@social-register"
CSV = {"Accept": "text/csv"}
ALL = {"member": set(), "editor": set(), "validator": {"Town"}, "second": {"Town", "Sports"}}
ALL["webmaster"] = {"Town", "Sports"}


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
    (row,) = rows(town.validator)
    assert row["News item"].startswith("'=HYPERLINK(") and row["Text"].startswith("'=HYPERLINK(")
    assert row["Identity at the network"] == "'@sandbox"
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

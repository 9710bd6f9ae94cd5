"""The control panel and the pause of the site."""

from Acquisition import aq_base
from collective import socialterritory
from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.checklist import checklist
from collective.socialterritory.crosspost.checklist import guess
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.words import Words
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import last_pause
from collective.socialterritory.interfaces import settings
from collective.socialterritory.options import PRIVACY
from collective.socialterritory.options import SHARING
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from pathlib import Path
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.registry.interfaces import IRegistry
from zExceptions import Forbidden
from zope.component import getUtility
from zope.i18n import translate

import json
import pytest
import re
import requests
import transaction


pytest_plugins = ["editing"]
PAGES = ("social-territory-controlpanel", "social-pause", "social-deployment", "social-record")


def said(commune):
    return {point.name: (point.ok, translate(point.text)) for point in checklist(commune)}


def posted(staff, url, **form):
    """POST a form of ours as a browser does, with an authenticator."""
    staff.open(f"{url.rpartition('/')[0]}/@@social-pause")
    form["_authenticator"] = staff.getControl(name="_authenticator").value
    staff.post(url, "&".join(f"{name}={value}" for name, value in form.items()))
    transaction.begin()


def test_the_checklist_says_what_is_missing_and_what_is_there(commune, monkeypatch):
    settings().public_url = None
    assert [name for name, (ok, _) in said(commune).items() if ok] == ["key", "deployment"]
    assert "has not run yet" in said(commune)["worker"][1]
    monkeypatch.delenv("SOCIALTERRITORY_KEYS")
    monkeypatch.delenv("SOCIALTERRITORY_DEPLOYMENT")
    assert not any(ok for ok, _ in said(commune).values())
    assert "SOCIALTERRITORY_DEPLOYMENT is not set" in said(commune)["deployment"][1]


def test_the_checklist_names_accounts(commune, feed):
    Outbox(commune).worker.update(beat=clock.now().isoformat())
    assert said(commune)["account"] == (True, "Connected: Town feed")
    assert said(commune)["worker"][0]
    Accounts(commune).mark(feed.UID(), link="reconnect")
    assert said(commune)["account"] == (False, "To reconnect: Town feed")


def test_a_worker_that_fell_silent_is_told_with_the_time(commune):
    Outbox(commune).worker.update(beat=(clock.now() - timedelta(minutes=10)).isoformat())
    ok, text = said(commune)["worker"]
    assert not ok
    assert text.startswith("Nothing has left since ")


def test_the_first_guess_is_an_address_that_visitors_can_follow(commune, monkeypatch):
    settings().public_url = None
    assert guess(commune) == ""
    monkeypatch.setattr(type(aq_base(commune)), "absolute_url", lambda self: "https://www.ville.example")
    assert guess(commune) == "https://www.ville.example"
    settings().public_url = "https://other.example"
    assert guess(commune) == ""


def test_the_panel_opens_on_the_checklist_and_saves_settings(commune, staff, feed):
    staff.open(f"{commune.absolute_url()}/@@social-territory-controlpanel")
    assert staff.contents.index("Checklist") < staff.contents.index("Public address of the site")
    staff.getControl("Public address of the site").value = "https://www.ville-de-x.example"
    staff.getControl("Save").click()
    transaction.begin()
    assert settings().public_url == "https://www.ville-de-x.example"


def test_an_address_that_visitors_cannot_follow_is_refused_in_the_form_and_by_rest(commune, staff):
    staff.open(f"{commune.absolute_url()}/@@social-territory-controlpanel")
    staff.getControl("Public address of the site").value = "http://localhost:8080/Plone"
    staff.getControl("Save").click()
    assert "is the address of one machine" in staff.contents
    answer = rest(commune, "PATCH", {"public_url": "http://localhost:8080"})
    assert answer.status_code == 400
    assert "is the address of one machine" in answer.text


def test_the_address_of_a_demo_may_stay_while_something_else_is_changed(commune, staff):
    settings().public_url = "http://localhost:8080/Plone"
    transaction.commit()
    staff.open(f"{commune.absolute_url()}/@@social-territory-controlpanel")
    staff.getControl("Oldest news that goes out by itself, in days").value = "10"
    staff.getControl("Save").click()
    transaction.begin()
    assert (settings().max_age, settings().public_url) == (10, "http://localhost:8080/Plone")
    assert rest(commune, "PATCH", {"public_url": "http://localhost:8080/Plone"}).status_code == 204
    assert "begin with" in rest(commune, "PATCH", {"public_url": "https://www.town.example/?x=1"}).text


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("social-territory-controlpanel", "Social networks"),
        ("social-desk", "Social networks"),
        ("social-sandbox", "Training network"),
        ("social-pause", "Pause everything"),
    ],
)
def test_pages_about_no_content_have_a_name_of_their_own(commune, staff, page, title):
    staff.open(f"{commune.absolute_url()}/@@{page}")
    found = re.search(r"<title>(.*?)</title>", staff.contents)[1]
    assert found.startswith(f"{title} — "), found


def rest(commune, method, data=None):
    return requests.request(
        method,
        f"{commune.absolute_url()}/@controlpanels/social-territory",
        json=data,
        headers={"Accept": "application/json"},
        auth=(SITE_OWNER_NAME, SITE_OWNER_PASSWORD),
        timeout=60,
    )


def test_rest_reads_and_writes_options_but_neither_pause_nor_deployment(commune):
    transaction.commit()
    data = rest(commune, "GET").json()["data"]
    assert set(data) == {
        "measures",
        "measures_paid",
        "public_url",
        "staff_url",
        "max_age",
        "give_up",
        "alt_required",
        "mail_to_page",
        "share_fallback",
        "departments",
        *PRIVACY,
        *SHARING,
    }
    assert rest(commune, "PATCH", {"max_age": 3, "deployment": "mine", "pause_by": "nobody"}).status_code == 204
    transaction.begin()
    assert settings().max_age == 3
    assert settings().deployment == "tests"
    assert not settings().pause_by


def test_pausing_and_resuming(commune, staff):
    api.portal.set_registry_record("plone.portal_timezone", "Europe/Paris")
    transaction.commit()
    staff.open(f"{commune.absolute_url()}/@@social-pause")
    staff.getControl("Pause").click()
    assert "Please give a reason" in staff.contents
    staff.getControl("Reason").value = "Crue <b>centennale</b>"
    staff.getControl("Until").value = "2199-01-08T08:00"
    staff.getControl("Pause").click()
    assert "Crue &lt;b&gt;centennale&lt;/b&gt;" in staff.contents
    assert "<b>centennale" not in staff.contents
    transaction.begin()
    pause = frozen(clock.now())
    assert pause.by == SITE_OWNER_NAME
    assert pause.until == datetime(2199, 1, 8, 7, 0, tzinfo=UTC)
    assert settings().pause_start.tzinfo is None
    staff.getControl("Resume").click()
    transaction.begin()
    assert frozen(clock.now()) is None
    # Remembered: what it caught waits for a person.
    assert last_pause().until <= clock.now()


def test_a_pause_to_come_is_announced_and_can_be_forgotten(commune, staff):
    staff.open(f"{commune.absolute_url()}/@@social-pause")
    staff.getControl("Reason").value = "Élections"
    staff.getControl("From").value = "2198-01-08T08:00"
    staff.getControl("Pause").click()
    assert "A pause is planned by" in staff.contents
    transaction.begin()
    assert frozen(clock.now()) is None
    staff.getControl("Resume").click()
    transaction.begin()
    assert last_pause() is None


@pytest.mark.parametrize("until", ["never", "2000-01-01T00:00"])
def test_a_pause_with_a_date_that_makes_no_sense_is_refused(commune, staff, until):
    posted(staff, f"{commune.absolute_url()}/@@social-pause", reason="R", until=until)
    assert 'value="R"' in staff.contents
    assert last_pause() is None


def test_the_deployment_is_adopted_by_a_button(commune, staff):
    settings().deployment = "elsewhere"
    transaction.commit()
    staff.open(f"{commune.absolute_url()}/@@social-deployment")
    transaction.begin()
    assert settings().deployment == "elsewhere"
    staff.getControl("This is the site that sends").click()
    transaction.begin()
    assert settings().deployment == "tests"


def test_the_record_can_be_taken_away(commune, staff, feed, news, monkeypatch):
    api.content.transition(news, to_state="published")
    transaction.commit()
    staff.open(f"{commune.absolute_url()}/@@social-record")
    assert staff.headers["Content-Disposition"].startswith('attachment; filename="social-networks-')
    (record,) = json.loads(staff.contents)
    assert record["item_title"] == "Menu de la cantine"
    monkeypatch.setattr(Outbox, "export", lambda self: [{"note": "\ud800"}])
    staff.open(f"{commune.absolute_url()}/@@social-record")
    assert json.loads(staff.contents) == [{"note": "\ud800"}]


def test_the_page_of_add_ons_offers_the_record_before_uninstalling(commune, staff, feed, news):
    api.content.transition(news, to_state="published")
    transaction.commit()
    staff.open(commune.absolute_url())
    assert "Keep the record" not in staff.contents
    staff.open(f"{commune.absolute_url()}/prefs_install_products_form")
    assert "Keep the record of what was posted first." in staff.contents
    staff.getLink("Download the record").click()
    (record,) = json.loads(staff.contents)
    assert record["item_title"] == "Menu de la cantine"


def test_the_page_of_add_ons_offers_no_empty_record(commune, staff):
    staff.open(f"{commune.absolute_url()}/prefs_install_products_form")
    assert "Add-ons" in staff.contents
    assert "@@social-record" not in staff.contents


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_those_who_manage(commune, stranger, page):
    for auth in (None, ("visitor", "secret-enough-1")):
        answer = requests.get(f"{commune.absolute_url()}/@@{page}", auth=auth, allow_redirects=False, timeout=60)
        assert answer.status_code == 302
        assert "/require_login?" in answer.headers["Location"]


@pytest.mark.parametrize("page", ["social-pause", "social-deployment"])
def test_writing_wants_an_authenticator(commune, staff, page):
    settings().deployment = "elsewhere"
    transaction.commit()
    with pytest.raises(Forbidden):
        staff.post(f"{commune.absolute_url()}/@@{page}", "reason=R")
    transaction.begin()
    assert last_pause() is None
    assert settings().deployment == "elsewhere"


def test_uninstalling_takes_the_bundle_away(portal):
    bundles = [name for name in getUtility(IRegistry).records if "plone.bundles/social-territory" in name]
    assert bundles
    portal.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    assert not [name for name in getUtility(IRegistry).records if "plone.bundles/social-territory" in name]


def test_the_script_is_small_and_has_nothing_that_a_strict_policy_forbids():
    static = Path(socialterritory.__file__).parent / "browser" / "static"
    script = (static / "social.js").read_text()
    assert len(script.encode()) < 8192
    for forbidden in ("eval(", "innerHTML", "new Function", "document.write", "blob:"):
        assert forbidden not in script


def test_dates_are_in_the_readers_language(commune):
    commune.REQUEST.set("LANGUAGE", "fr")
    assert "mars" in Words(commune.REQUEST, clock.now()).at(datetime(2199, 3, 1, tzinfo=UTC))


def test_days_of_the_week_in_french_are_small(commune):
    commune.REQUEST.set("LANGUAGE", "fr")
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert "wednesday" in Words(commune.REQUEST, now).at(now + timedelta(days=2))  # without Plone's catalogue

"""Small steps of people at the desk, and what they read there."""

from collective.socialterritory.accounts.worker import connect
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from naming import id_of
from plone import api
from urllib.parse import urlencode

import re
import transaction


PASSWORD = "correct horse battery"
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
PEOPLE = {
    "editor": ["Member", "Contributor", "Editor"],
    "camille": ["Member", "Social Validator"],
    "dominique": ["Member", "Social Validator"],
    "visitor": ["Member"],
}


def linked(site, title="Sandbox", since=timedelta(days=-1), **settings):
    container = site["social-accounts"]
    fields = {"id": id_of(title, container), "title": title, "network": "sandbox", "validation": "other", **settings}
    obj = api.content.create(container, "SocialAccount", **fields)
    connect(site, obj.UID(), {}, datetime.now(UTC) + since)
    return obj


def news(site, title="Menu de la cantine", **fields):
    """Made and published by the editor, unless `public` is False."""
    public = fields.pop("public", True)
    dates = {name: fields.pop(name) for name in list(fields) if name.endswith("_date")}
    fields.setdefault("id", id_of(title, site))
    with api.env.adopt_user("editor"):
        item = api.content.create(site, "News Item", title=title, **fields)
    vars(item).update(dates)
    if public:
        api.content.transition(item, to_state="published")
    transaction.commit()
    return item


def post_of(site, item):
    (found,) = Outbox(site).of_item(item.UID())
    return found


def stored(site, id):
    transaction.begin()
    return Outbox(site).get(id)


def words(browser):
    """What a reader reads, without markup."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", "", browser.contents, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def press(browser, decision, **fields):
    form = form_of(browser, decision)
    for name, value in fields.items():
        form.getControl(name=name).value = value
    form.submit(name="decision")


def form_of(browser, decision, nth=0):
    soup = browser._response.html
    forms = soup.find_all("form")
    index = [n for n, form in enumerate(forms) if form.find("button", {"name": "decision", "value": decision})][nth]
    return browser.getForm(index=index)


def decisions(browser):
    return {button["value"] for button in browser._response.html.find_all("button", {"name": "decision"})}


def bulk(browser, name, note="", all=True):
    soup = browser._response.html
    chosen = [box["value"] for box in soup.find_all("input", {"name": "chosen"})] if all else []
    token = soup.find("form", id="social-bulk").find("input", {"name": "_authenticator"})["value"]
    fields = [("bulk", name), ("note", note), ("_authenticator", token), *(("chosen:list", value) for value in chosen)]
    browser.post(browser.url, urlencode(fields))


def put(site, delivery, state, **changes):
    event = Event(datetime.now(UTC), "lose", note=changes.get("error", ""))
    Outbox(site).save(replace(delivery, state=state, log=(*delivery.log, event), **changes))
    transaction.commit()


def words_of(browser):
    return browser._response.html.get_text()

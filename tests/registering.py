"""How tests read the register, and what they put into it."""

from collective.socialterritory import clock
from collective.socialterritory.crosspost import correcting
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from follow import page
from follow import said_yes
from plone import api
from urllib.parse import urlencode
from zope.globalrequest import setRequest

import csv
import io
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


def with_sports(town):
    """Two accounts that posted the same news."""
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        town.sports = town.speaks("Sports", "second", validation="one")
    item = town.news("Marché samedi")
    said_yes(town, "second")
    return item

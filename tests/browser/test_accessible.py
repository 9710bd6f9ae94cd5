"""Every page of ours: no accessibility violation, no request elsewhere, no script error, no sideways scrolling."""

from axe_playwright_python.sync_playwright import Axe
from collective.socialterritory import clock
from collective.socialterritory.comments import bans
from collective.socialterritory.crosspost.actions import decide
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.feeds.listening.model import Forward
from collective.socialterritory.feeds.listening.store import Listening
from collective.socialterritory.interfaces import settings
from collective.socialterritory.measures.store import Counted
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.share.store import Keys
from commenting import said
from contextlib import suppress
from dataclasses import replace
from DateTime import DateTime
from datetime import datetime
from datetime import timedelta
from playwright.sync_api import TimeoutError
from plone import api
from plone.app.contentrules.rule import Rule
from plone.contentrules.engine.interfaces import IRuleStorage
from zope.component import getUtility

import pytest
import transaction


pytestmark = pytest.mark.browser

STAFF = {
    "desk": ("validator", "@@social-desk"),
    "desk_published": ("validator", "@@social-desk?show=published"),
    "calendar": ("editor", "@@social-calendar?move={cantine}"),
    "calendar_list": ("editor", "@@social-calendar?view=list&date=9999-12-31"),
    "bulk": ("editor", "@@social-bulk?show=all&tick=all"),
    "bulk_refused": ("editor", "@@social-bulk?look=1&from=hier"),
    "bulk_look": ("editor", "@@social-bulk?look=1&items={cantine}&items={fete}&items={ancienne}&items={brouillon}"),
    "rule": ("webmaster", "++rule++post/+action/collective.socialterritory.actions.Post"),
    "register": ("webmaster", "@@social-register"),
    "register_refused": ("validator", "@@social-register?q=menu&from=hier"),
    "tab": ("editor", "cantine/@@social-networks"),
    "tab_before": ("editor", "brouillon/@@social-networks"),
    "summary": ("editor", "cantine"),
    "form": ("editor", "brouillon/edit"),
    "add_form": ("editor", "++add++News Item"),
    "card": ("editor", "cantine/@@social-card"),
    "sharing": ("editor", "cantine/edit"),
    "kit": ("editor", "fete/@@social-kit"),
    "kit_that_is_not": ("editor", "cantine/@@social-kit"),
    "controlpanel": ("webmaster", "@@social-territory-controlpanel"),
    "comment_rules": ("webmaster", "@@social-comments-rules"),
    "pause": ("webmaster", "@@social-pause"),
    "accounts": ("webmaster", "social-accounts"),
    "account": ("webmaster", "social-accounts/town"),
    "account_form": ("webmaster", "social-accounts/town/edit"),
    "connect": ("webmaster", "social-accounts/sky/@@connect"),
    "connect_by_consent": ("webmaster", "social-accounts/toots/@@connect"),
    "connect_in_two_ways": ("webmaster", "social-accounts/tweets/@@connect"),
    "connect_the_other_way": ("webmaster", "social-accounts/tweets/@@connect?way=consent"),
    "way_back": ("webmaster", "@@social-linked"),
    "link": ("webmaster", "social-accounts/toots/@@social-link"),
    "month": ("validator", "social-accounts/town/@@social-month"),
    "counted": ("editor", "fete/@@social-networks"),
    "account_pause": ("webmaster", "social-accounts/town/@@social-pause"),
    "disconnect": ("webmaster", "social-accounts/town/@@social-disconnect"),
    "listening": ("webmaster", "@@social-listening?show=all"),
    "follow": ("webmaster", "@@social-watch"),
    "mails": ("validator", "@@social-mails"),
    "sandbox": ("", "@@social-sandbox"),
}


@pytest.fixture
def busy(served):
    """Something of everything on the pages."""
    served.news("Cantine", id="cantine", subjects=("École",))
    served.news("Refusée", id="refusee")
    served.news("Brouillon", id="brouillon", publish=False)
    with api.env.adopt_user(username="validator"):
        (refused,) = served.stored(served.site["refusee"])
        decide(served.site, refused.id, "reject", note="Trop tôt")
    corrected(served, served.news("Fête", id="fete"))
    Keys(served.site).make(served.site["fete"].UID())
    settings().kit_charter = "Merci de rester courtois."
    old = served.news("Ancienne", id="ancienne", effective_date=DateTime("2020/03/12"), description="Résumé")
    assert served.stored(old) == []
    getUtility(IRuleStorage)["post"] = Rule()
    with api.env.adopt_roles(["Manager"]):
        api.content.create(served.site["social-accounts"], "SocialAccount", id="sky", title="Sky", network="bluesky")
        api.content.create(served.site["social-accounts"], "SocialAccount", id="toots", title="T", network="mastodon")
        api.content.create(served.site["social-accounts"], "SocialAccount", id="tweets", title="X", network="x")
    heard(served.site)
    bans.ban(said(served.site["cantine"], author="user:editor"), clock.now(), "webmaster", "Trois fois")
    settings().mail_to_page = True
    settings().pause_start = datetime(2030, 1, 1)
    settings().pause_until = datetime(2030, 1, 1) + timedelta(days=3)
    settings().pause_reason = "Réserve électorale"
    transaction.commit()
    return served


def corrected(served, item):
    """Its post is out, was liked, and was changed there."""
    outbox = Outbox(served.site)
    (post,) = outbox.of_item(item.UID())
    out = replace(post, state=State.DELIVERED, finished=clock.now(), receipt_url="@@social-sandbox/fete")
    outbox.save(out)
    Counted(served.site).keep(out.id, Counts(3, 1, 2), out.finished + timedelta(days=2))
    said = replace(out.rendition, text="Fête de la musique, samedi")
    edit = replace(out, id=f"{item.UID()}.edit", operation=Operation.EDIT, target=out.id, before="Fête", rendition=said)
    outbox.enqueue(edit)


def heard(site):
    """Something was found, forwarded and read."""
    settings().departments = ["Voirie : voirie@town.example"]
    known = Listening(site)
    known.follow("w", "Travaux", ["travaux"], [], ["Voirie"])
    known.follow("x", "La ville", ["#ville"], [], [])
    for number, text in enumerate(("Encore des travaux https://x.example/ #ville", "Les travaux avancent")):
        entry = Entry(str(number), f"https://x.example/{number}", clock.now(), text, "@a", "fr")
        known.keep(entry, (f"{number:032}",), {"w": ("travaux",)}, "La presse", clock.now())
    id = known.matches()[0].id
    known.forwarded(id, Forward(clock.now(), "webmaster", "Voirie", "À voir"))
    known.read(id, "webmaster", clock.now())


NETWORKS = ("Social networks", ".social-texts")
TABS = {"form": NETWORKS, "add_form": NETWORKS, "sharing": ("Sharing", ".social-cards")}
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


def test_pages_have_no_violation(busy, visitor):
    """axe-core looks at our part of the page: the rest is Plone's."""
    axe = Axe()
    found = {}
    people = {}
    uids = {id: busy.site[id].UID() for id in ("cantine", "fete", "ancienne", "brouillon")}
    for name, (who, path) in STAFF.items():
        person = people.setdefault(who, visitor(who, "desktop") if who not in people else None)
        page = person.goto(path.format(**uids))
        page.evaluate("document.querySelectorAll('#content details').forEach(d => d.open = true)")
        if tab := TABS.get(name):
            open_tab(page, *tab)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            found[f"{name} {size}"] = problems(axe, page)
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["desktop"], strict=True)))
    assert {name: seen for name, seen in found.items() if seen} == {}
    assert [url for person in people.values() for url in person.outside] == []
    assert [text for person in people.values() for text in person.complaints] == []


def open_tab(page, name, inside):
    """A script of Plone's that comes late may go back to the first tab."""
    for _ in range(5):
        page.click(f".autotoc-nav a:has-text('{name}')")
        with suppress(TimeoutError):
            return page.wait_for_selector(inside, state="visible", timeout=5000)
    raise AssertionError("The tab does not open")


def problems(axe, page):
    results = axe.run(page, context="#content")
    seen = [f"{v['id']}: {[n['html'][:160] for n in v['nodes']]}" for v in results.response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*seen, f"scrolls sideways by {wide} px"] if wide > 0 else seen

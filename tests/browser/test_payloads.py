"""Scorecard row S3: what strangers write runs in no place of a feed or a news item, on no page that shows it."""

from chaos.world import share
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import links
from collective.socialterritory.comments import private
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.listening.store import Listening
from collective.socialterritory.feeds.portlets import Assignment
from collective.socialterritory.feeds.rules import pictures
from collective.socialterritory.feeds.rules.parse import parse
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from commenting import said as said_there
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from rest import PASSWORD
from urllib.parse import quote
from zope.component import getMultiAdapter
from zope.component import getUtility

import json
import pytest
import transaction


pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
RUN = "document.documentElement.dataset.ran=1"

SAID = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f'<a href="javascript:{RUN}">x</a>',
    f'"><script>{RUN}</script>',
    f"'><img src=x onerror={RUN}>",
    f"javascript:{RUN}",
    f"java\tscript:{RUN}",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<style onload={RUN}></style>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    "<base href=https://x.example/>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    "<meta http-equiv=refresh content='0;url=//x.example'>",
    f"<object data='javascript:{RUN}'>",
    f"<form action='javascript:{RUN}'><button>x",
    "<link rel=stylesheet href=//x.example>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"]]><script>{RUN}</script>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"data:text/html,<script>{RUN}</script>",
    "https://tracker.example/pixel.gif",
]
DISGUISES = [
    str,
    str.upper,
    lambda said: said.replace("<", "\x00<"),
    lambda said: said.replace(" ", "\n\t/"),
    lambda said: f"--></title></textarea></style>{said}",
    lambda said: said.replace("<", "&#60;").replace(":", "&colon;"),
]
PAYLOADS = [disguise(said) for disguise in DISGUISES for said in SAID]
BATCH = 50


def hostile(payload):
    """An RSS file that says it in every place."""

    def said(name, usual=""):
        return f"<{name}><![CDATA[{payload.replace(']]>', ']]]]><![CDATA[>') or usual}]]></{name}>"

    quoted = payload.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    head = f'<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>{said("title")}{said("link")}'
    media = f'<media:content url="{quoted}" medium="image">{said("media:description")}</media:content>'
    item = "".join(said(name) for name in ("title", "link", "description", "author", "category"))
    return f"{head}<item>{item}{media}</item></channel></rss>".encode()


ACTIVE = """scope => [...document.querySelectorAll(scope)].flatMap(one => [one, ...one.querySelectorAll("*")])
    .flatMap(one => [...one.attributes].map(said => [one, said.name, said.value]))
    .filter(([one, name, value]) => name.startsWith("on") || name === "srcdoc"
        || (["href", "src", "action"].includes(name) && !/^(https?:|mailto:|\\/|#|$)/.test(value)))
    .map(([one, name, value]) => `${one.tagName} ${name}=${value}`)"""
TYPE = "said => document.querySelector(said[0]).value = said[1]"
FOREIGN = ":is(script, iframe, object, embed, style, meta, base, link, video, math, input:not([type]))"


def harmless(page, scope):
    """Nothing has run, and nothing waits to."""
    assert page.locator(scope).count()
    assert page.evaluate("document.documentElement.dataset.ran") is None, page.url
    assert page.locator(scope).locator(FOREIGN).count() == 0, page.url
    assert page.evaluate(ACTIVE, scope) == [], page.url


@pytest.fixture
def batches(served):
    """Payloads, as many as a page shows, with the sources that say them: as the worker reads them, and unread."""
    made = []
    wanted = PAYLOADS[:: len(PAYLOADS) // share(len(PAYLOADS), 26)]
    for start in range(0, len(wanted), BATCH):
        said = wanted[start : start + BATCH]
        feeds = [parse(hostile(payload), {}, f"https://x{n}.example/rss") for n, payload in enumerate(said)]
        read = [pictures.elsewhere(feed).entries[0] for feed in feeds if feed.entries]
        assert len(read) >= len(said) * 0.9
        raw = [
            Entry(f"{n}", p, NOW, f"{p} {p}", p, p, p, (Image(p, p),), title=p, avatar=p) for n, p in enumerate(said)
        ]
        made.append((said, [source(served, said, read), source(served, said, raw)], raw))
    transaction.commit()
    return made


def source(town, said, entries):
    with api.env.adopt_roles(["Manager"]):
        fields = {"title": "Strangers", "kind": "feed", "where": "https://x.example/", "network": "mastodon"}
        made = api.content.create(town.site[content.CONTAINER], content.SOURCE, **fields)
    Feeds(town.site).keep(made.UID(), Feed(said[0], said[-1], tuple(entries), said[-1]), {}, {}, NOW)
    return made


def test_feeds(served, batches, visitor):
    """A source, in three layouts; a mix; the box below a page, and the one beside it."""
    somebody = visitor()
    manager = getUtility(IPortletManager, name="plone.rightcolumn")
    beside = getMultiAdapter((served.site, manager), IPortletAssignmentMapping)
    for _said, sources, raw in batches:
        for made in sources:
            with api.env.adopt_roles(["Manager"]):
                mix = api.content.create(served.site[content.CONTAINER], content.MIX, title="M", sources=[made.UID()])
                page = api.content.create(served.site, "Document", title="Page", social_feed=made.UID())
                page.social_feed_size = BATCH
                api.content.transition(page, to_state="published")
            beside["feed"] = Assignment(made.UID(), "cards", BATCH)
            transaction.commit()
            for layout in ("list", "cards", "compact"):
                seen = somebody.goto(f"social-feeds/{made.id}?b_size={BATCH}&layout={layout}")
                assert seen.locator("#content .social-box article").count() >= len(raw) * 0.9
                harmless(seen, ".social-entries")
            for path in (f"social-feeds/{mix.id}?b_size={BATCH}", page.id):
                harmless(somebody.goto(path), ".social-entries")
            transaction.begin()
            del beside["feed"]
    assert somebody.outside == []


def test_listening(served, batches, visitor):
    listening = Listening(served.site)
    listening.follow("all", "All", ["x"], [], [])
    count = 0
    for said, _sources, raw in batches:
        for entry in raw:
            count += 1
            listening.keep(entry, [f"{count}"], {"all": [entry.text]}, said[0], NOW)
    transaction.commit()
    somebody = visitor("webmaster")
    for start in range(0, count, 20):
        seen = somebody.goto(f"@@social-listening?b_start={start}")
        harmless(seen, ".social-row .social-head")
        harmless(seen, ".social-row .social-entry-text")
        harmless(seen, ".social-row .list-inline")
    assert somebody.outside == []


def test_head_and_share_bar_of_a_news_item(served, batches, visitor):
    """What an editor may paste."""
    somebody = visitor("webmaster")
    for said, _sources, _raw in batches:
        for start in range(0, len(said), 10):
            words = " ".join(said[start : start + 10])
            with api.env.adopt_roles(["Manager"]):
                item = api.content.create(served.site, "News Item", id=f"n{start}", title=words, description=words)
                item.share_title = item.share_description = item.share_image_alt = words
                api.content.transition(item, to_state="published")
            transaction.commit()
            seen = somebody.goto(item.id)
            harmless(seen, ".social-share ul")
            told = json.loads(seen.locator('script[type="application/ld+json"]').inner_text())
            assert told["headline"]
            assert seen.locator('meta[property="og:title"]').get_attribute("content").startswith(told["headline"][:40])
            harmless(somebody.goto(f"{item.id}/@@social-card"), "#content-core")
            transaction.begin()
            with api.env.adopt_roles(["Manager"]):
                api.content.delete(item)
    assert somebody.outside == []


def test_comments(served, visitor, monkeypatch):
    """What visitors type, and what a network tells of people; on the page, where it is answered, and shown again."""
    monkeypatch.setattr(signing, "YOUNG", timedelta(0))
    settings().page_size = 100
    page, somebody = commented(served.site), visitor()
    wanted = PAYLOADS[:: len(PAYLOADS) // share(len(PAYLOADS), 26)]
    for start in range(0, len(wanted), BATCH):
        told = wanted[start : start + BATCH]
        made = [strange(page, payload) for payload in told]
        transaction.commit()
        seen = somebody.goto("bancs")
        assert seen.locator("article.social-comment").count() == 2 * len(told)
        harmless(seen, ".social-thread")
        for payload, first in list(zip(told, made, strict=True))[:: share(1, 5)]:
            form = somebody.goto(f"bancs/@@social-comment?answer={first}&name={quote(payload)}")
            harmless(form, ".social-comment-quote")
            for field in ("name", "email", "text"):
                form.evaluate(
                    "said => document.querySelector(said[0]).value = said[1]", [f"#social-comment-{field}", payload]
                )
            form.evaluate("document.querySelector('#social-comment-email').value += ' @'")
            with form.expect_navigation():
                form.click("#social-comment-form button[type=submit]")
            assert form.locator("#social-comment-problem").count()
            assert form.evaluate("document.documentElement.dataset.ran") is None
            assert form.evaluate(ACTIVE, "#social-comment-form form") == []
        transaction.begin()
        conversation = IConversation(page)
        while len(conversation):
            del conversation[next(iter(conversation))]
    assert somebody.outside == []


def test_comments_where_moderators_authors_and_mails_lead(served, visitor):
    """The desk, one comment with its history, the pages behind links of authors, reporters and moderators."""
    page, somebody = commented(served.site), visitor().login("webmaster", PASSWORD)
    for payload in PAYLOADS[:: len(PAYLOADS) // share(len(PAYLOADS), 4)]:
        report = {"id": "R1", "at": NOW.isoformat(), **dict.fromkeys(("reason", "text", "name", "email"), payload)}
        shown, waits = (
            said_there(page, payload, name=payload, state=state, reports=(report,), rules=(f"word:{payload}",))
            for state in (State.APPROVED, State.WAITING)
        )
        with api.env.adopt_user(username="webmaster"):
            deciding.edit(waits, f"{payload} {payload}", NOW, note=payload)
        for comment in (shown, waits):
            comment.reindexObject()
        until = datetime.now(UTC) + timedelta(days=1)
        mailed = links.token(served.site, "webmaster", waits, Action.REJECT, until)
        key = facts.key(waits)
        transaction.commit()
        for path in (
            "@@social-moderation",
            f"@@social-moderated?id={key}",
            f"@@social-moderation?q={quote(payload)}&author={quote(payload)}",
            f"@@social-report?comment={facts.key(shown)}",
            private.path(waits, datetime.now(UTC)),
            f"{links.PAGE}/{mailed}",
        ):
            harmless(somebody.goto(path), "#content-core :is(p, blockquote, bdi, dd, td, .social-text, ins, del, q)")
        transaction.begin()
        for id in list(IConversation(page)):
            del IConversation(page)[id]
        transaction.commit()
    assert somebody.outside == []


def commented(site):
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(site, "News Item", id="bancs", title="Bancs")
        api.content.transition(page, to_state="published")
    return page


def strange(page, payload):
    """One of this site and one of a network, each with the payload in every place. The id of the first."""
    first = said_there(page, payload, name=payload, state=State.APPROVED)
    remote = dict.fromkeys(("id", "url", "author_url", "avatar", "author_id", "account"), payload)
    known = {"source": "mastodon", "remote": remote, "edited": "2026-11-23T09:00:00+00:00"}
    said_there(page, payload, name=payload, state=State.APPROVED, parent=first, **known)
    return first.id

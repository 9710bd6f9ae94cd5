"""The examples in docs/reference are what the doors really say.

SOCIALTERRITORY_WRITE_EXAMPLES=1 writes them again instead of comparing.
"""

from collective.socialterritory.comments import facts
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.listening.store import Listening
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from commenting import news
from commenting import said
from datetime import datetime
from datetime import UTC
from follow import change
from follow import press
from follow import published
from follow import said_yes
from pathlib import Path
from plone import api
from plone.uuid.interfaces import IUUID

import json
import os
import pytest
import re
import transaction


REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
EXAMPLES = REFERENCE / "http-examples"
WRITE = bool(os.environ.get("SOCIALTERRITORY_WRITE_EXAMPLES"))
QUOTE = re.compile(r"(?<=<!-- )(?P<name>[\w-]+\.(?:req|resp))(?P<open> -->\n```\w*\n).*?(?P<close>```\n)", re.DOTALL)
CHANGING = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "{:064x}"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "{:032x}"),
    (re.compile(r"\b\d{16}\b"), "17733060000{:05d}"),
)
NAMES = (
    "deliveries-of-an-item",
    "deliveries-list",
    "delivery",
    "approve-without-fingerprint",
    "approve-stale",
    "approve",
    "approve-too-late",
    "illegal",
    "not-permitted",
    "unknown",
    "anonymous",
    "reject",
    "preview",
    "status",
    "register",
    "register-csv",
    "accounts",
    "patch-item",
    "share",
    "feed",
    "listening",
    "moderation-list",
    "moderation",
    "moderation-mixed",
    "moderation-too-late",
    "moderation-refused",
)


def plain(text, url):
    """Without what differs from run to run: addresses, ids, moments."""
    text = text.replace(url, "https://www.town.example").replace(url.split("/")[2], "www.town.example")
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", "2026-03-12T09:00:00+00:00", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "2026-03-12 10:00:00", text)
    text = re.sub(r"(today|yesterday) at \d{1,2}:\d\d", "today at 10:00", text)
    text = re.sub(r"\b[A-Z][a-z]{2} \d{1,2}, \d{4} \d\d:\d\d (AM|PM)", "Mar 12, 2026 09:00 AM", text)
    for pattern, form in CHANGING:
        seen = list(dict.fromkeys(pattern.findall(text)))
        numbers = {found: form.format(number + 1) for number, found in enumerate(seen)}
        text = pattern.sub(lambda match, numbers=numbers: numbers[match[0]], text)
    return text


def abridged(said):
    """A refusal repeats the whole post, a decision the whole comment, which other examples show."""
    for outcome in said.get("outcomes", ()):
        if outcome.get("item"):
            outcome["item"] = {name: outcome["item"][name] for name in ("id", "state", "revision")} | {"…": "…"}
    if "delivery" in said:
        said["delivery"] = {name: said["delivery"][name] for name in ("@id", "state", "fingerprint")} | {"…": "…"}
    return said


def body_of(answer):
    if answer.headers["Content-Type"].startswith("application/json"):
        return json.dumps(abridged(answer.json()), indent=2, ensure_ascii=False) + "\n"
    return answer.content.decode("utf-8-sig").replace("\r\n", "\n")


def written(answer, url):
    """The request and the response as they are shown, with the headers that matter."""
    sent = answer.request
    path = sent.url.removeprefix(url.rpartition("/")[0]).removeprefix("/plone")
    lines = [f"{sent.method} {path} HTTP/1.1", f"Accept: {sent.headers['Accept']}"]
    lines += ["Authorization: Basic …"] if "Authorization" in sent.headers else []
    body = ""
    if sent.body:
        lines.append("Content-Type: application/json")
        body = "\n" + json.dumps(json.loads(sent.body), indent=2, ensure_ascii=False) + "\n"
    told = [f"HTTP/1.1 {answer.status_code} {answer.reason}"]
    shown = ""
    if answer.content:
        told.append(f"Content-Type: {answer.headers['Content-Type']}")
        shown = "\n" + body_of(answer)
    told += [f"{name}: {answer.headers[name]}" for name in ("Cache-Control",) if name in answer.headers]
    both = plain("\0".join(["\n".join(lines) + "\n" + body, "\n".join(told) + "\n" + shown]), url)
    return dict(zip(("req", "resp"), both.split("\0"), strict=True))


def corrected(town):
    """A post that is out and was changed there."""
    item = published(town)
    change(town, item, title="Marché samedi à 9 h")
    press(town.editor, item, "edit")
    said_yes(town)


def followed(town):
    """Address of a source with one entry, which staff follow."""
    when = datetime(2026, 3, 12, 9, tzinfo=UTC)
    with api.env.adopt_roles(["Manager"]):
        fields = {"title": "Théâtre municipal", "kind": "feed", "where": "https://theatre.example/feed"}
        source = api.content.create(town.site[content.CONTAINER], content.SOURCE, id="theatre", **fields)
    url = "https://theatre.example/saison"
    entry = Entry(url, url, when, "Le programme est là. #VilleDeX", language="fr", title="La saison commence")
    feed = Feed("Théâtre municipal", "https://theatre.example/", (entry,))
    Feeds(town.site).keep(IUUID(source), feed, {}, {}, when)
    listening = Listening(town.site)
    listening.follow("0" * 31 + "7", "Notre ville", ["#villedex"], [], [])
    listening.keep(entry, [f"{0:064x}"], {"0" * 31 + "7": ["#villedex"]}, source.title, when)
    transaction.commit()
    return "@social-feed/theatre"


def commented(town):
    """Keys of two comments that wait."""
    page = news(town.site)
    first = said(page, author="mail:0d1c", rules=("links",))
    second = said(page, "Et quand pour le parc du lac ?", "Ahmed", parent=first)
    transaction.commit()
    return [facts.key(comment) for comment in (first, second)]


def moderated(town):
    """A way through the door of moderation."""
    first, second = commented(town)
    desk = town.webmaster
    yield "moderation-list", desk.get("@moderation?state=pending&b_size=10")
    refusal = {"action": "reject", "reason": "off-topic", "note": "Rien à voir avec les bancs."}
    yield "moderation", desk.post("@moderation", {"ids": [second], **refusal, "revisions": {second: 0}})
    approval = {"action": "approve", "revisions": {first: 0, second: 0}}
    yield "moderation-mixed", desk.post("@moderation", {"ids": [first, second, "nothing"], **approval})
    yield "moderation-too-late", desk.post("@moderation", {"ids": [second], **approval})
    yield "moderation-refused", desk.post("@moderation", {"ids": [first], "action": "reject"})


def tour(town):
    """A way through all doors: pairs (name of the example, answer)."""
    item = town.news(description="Frites et compote", subject=("Cantine",))
    first, town_url = town.validator.delivery(), item.getId()
    seen = {"fingerprint": first["fingerprint"]}
    yield "deliveries-of-an-item", town.editor.get(f"{town_url}/@social-deliveries")
    yield "deliveries-list", town.validator.get("@social-deliveries?state=pending&b_size=10")
    yield "delivery", town.validator.get(f"@social-deliveries/{first['id']}")
    yield "preview", town.editor.get(f"{town_url}/@social-preview")
    yield "approve-without-fingerprint", town.validator.decide(first, "approve")
    yield (
        "patch-item",
        town.editor.patch(
            town_url, {"social_text": "À la cantine : frites.", "social_at": "2040-12-01T09:00:00+01:00"}
        ),
    )
    yield "approve-stale", town.validator.decide(first, "approve", **seen)
    seen = {"fingerprint": town.validator.delivery()["fingerprint"]}
    yield "illegal", town.validator.decide(first, "confirm")
    yield "not-permitted", town.editor.decide(first, "approve", **seen)
    yield "approve", town.validator.decide(first, "approve", **seen)
    yield "approve-too-late", town.second.decide(first, "approve", **seen)
    yield "unknown", town.validator.get(f"@social-deliveries/{'0' * 32}")
    yield "anonymous", town.anonymous.get("@social-deliveries")
    town.news(title="Fête de l’école")
    yield "reject", town.second.decide(town.second.listed()[0], "reject", note="La date manque.")
    yield "status", town.webmaster.get("@social-status")
    town.site.portal_registry["collective.socialterritory.share_targets"] = ["mastodon", "x", "copy"]
    transaction.commit()
    yield "share", town.anonymous.get(f"{town_url}/@social-share")
    yield "feed", town.anonymous.get(followed(town))
    yield "listening", town.webmaster.get("@social-listening")
    yield "accounts", town.validator.get("@social-accounts")
    corrected(town)
    yield "register", town.validator.get("@social-register?q=marché&from=2026-01-01&b_size=10")
    yield from moderated(town)
    yield "register-csv", town.validator.session.get(f"{town.url}/@social-register", headers={"Accept": "text/csv"})


def test_examples_are_what_the_doors_say(town):
    EXAMPLES.mkdir(parents=True, exist_ok=True)
    names = []
    for name, answer in tour(town):
        names.append(name)
        for kind, text in written(answer, town.url).items():
            path = EXAMPLES / f"{name}.{kind}"
            if WRITE:
                path.write_text(text)
            assert path.read_text() == text, f"{path.name}: write it again with SOCIALTERRITORY_WRITE_EXAMPLES=1"
    assert sorted(names) == sorted(NAMES)
    assert {path.stem for path in EXAMPLES.iterdir()} == set(NAMES)


def test_the_page_quotes_the_examples():
    page = (REFERENCE / "rest.md").read_text()

    def quoted(match):
        return match["name"] + match["open"] + (EXAMPLES / match["name"]).read_text() + match["close"]

    now = QUOTE.sub(quoted, page)
    if WRITE:
        (REFERENCE / "rest.md").write_text(now)
        page = now
    assert page == now, "rest.md: write it again with SOCIALTERRITORY_WRITE_EXAMPLES=1"


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_quoted(name):
    quoted = {match["name"] for match in QUOTE.finditer((REFERENCE / "rest.md").read_text())}
    assert {f"{name}.req", f"{name}.resp"} <= quoted


def test_codes_of_the_page_are_those_of_the_code():
    from collective.socialterritory.crosspost.model import State
    from collective.socialterritory.messages import TRANSITIONS

    page = (REFERENCE / "rest.md").read_text()
    from collective.socialterritory.comments import acting
    from collective.socialterritory.comments import model

    known = (*State, *TRANSITIONS, *model.State, *acting.DOING, *acting.Result)
    assert not [name for name in known if f"`{name}`" not in page]

"""What was heard at networks becomes comments that wait, follow their source, and go with it."""

from collective.socialterritory.accounts.model import Trouble
from collective.socialterritory.comments import acting
from collective.socialterritory.comments import bans
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.hearing import rules
from collective.socialterritory.comments.hearing.entering import enter
from collective.socialterritory.comments.hearing.entering import MOST
from collective.socialterritory.comments.hearing.model import Heard
from collective.socialterritory.comments.hearing.model import Post
from collective.socialterritory.comments.hearing.pruning import prune
from collective.socialterritory.comments.hearing.showing import origin
from collective.socialterritory.comments.hearing.store import Hearsay
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.networks.entries import Author
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.entries import Reply
from commenting import NOW
from commenting import said
from dataclasses import replace
from datetime import timedelta
from plone import api
from plone.app.discussion.interfaces import IConversation

import pytest


WHO = Author("7", "Jeanne", "@jeanne@m.example", "https://m.example/@jeanne", "https://m.example/a.png")
FIRST = Reply("1", "https://m.example/@jeanne/1", NOW - timedelta(hours=2), "Et le soir ?", WHO, "0")
SECOND = replace(FIRST, id="2", text="Moi aussi", parent="1", author=replace(WHO, id="8", name="Ali"))
FACE = (b"pixels", "image/jpeg", 96, 96)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def post(page):
    return Post(f"{page.UID()}.1", page.UID(), "account", "mastodon", "0", NOW - timedelta(hours=3))


@pytest.fixture
def hear(portal, page, post):
    """Those are told there now. `faces`: their avatars could be had."""

    def hear(*replies, now=NOW, takes=True, faces=(), post=post, **hearing):
        pictures = {rules.mark(url): FACE for url in faces}
        return enter(portal, page, post, Heard(Hearing(replies, **hearing), pictures), now, takes)

    return hear


@pytest.fixture
def here(page):
    """The comments of the page, oldest first."""
    return lambda: list(IConversation(page).getComments())


@pytest.fixture
def decide(moderator):
    def decide(comment, action, **more):
        with api.env.adopt_user(username=moderator):
            (outcome,) = acting.act(api.portal.get(), [facts.key(comment)], action, NOW, **more)
        return outcome

    return decide


def test_replies_wait_with_who_said_them_where(portal, page, hear, here, post):
    assert hear(FIRST, SECOND) is None
    first, second = here()
    assert [facts.state(one) for one in here()] == [State.WAITING] * 2
    assert (first.text, first.author_name, first.mime_type) == ("Et le soir ?", "Jeanne", "text/plain")
    assert first.creation_date == FIRST.published
    assert not first.author_email and not first.author_username and not first.creator
    assert second.in_reply_to == int(first.id)
    known = facts.facts(first)
    assert (known.source, known.author, known.origin) == ("mastodon", "net:mastodon:7", "")
    assert known.remote["url"] == FIRST.url and known.remote["author_url"] == WHO.url
    assert (known.remote["account"], known.remote["post"]) == ("account", post.id)
    assert list(visible.ids(page)) == []
    assert len(found(["source:mastodon"])) == 2 and len(found(["remote:mastodon:1"])) == 1


def test_what_is_heard_again_is_the_same(portal, hear, here):
    for _ in range(3):
        hear(FIRST, SECOND)
    assert len(here()) == 2


def test_ours_and_those_of_whom_the_account_has_blocked_are_left_out(hear, here):
    """What is said to an answer of ours stands below what that answered."""
    ours = replace(SECOND, ours=True)
    below = replace(FIRST, id="3", parent="2", text="Merci")
    hear(FIRST, ours, below, replace(FIRST, id="4", barred=True), replace(FIRST, id="5", text=" \u202e "))
    first, third = here()
    assert (third.text, third.in_reply_to) == ("Merci", int(first.id))


def test_rules_mark_what_they_hold(hear, here):
    settings().words = ["casino*"]
    hear(replace(FIRST, text="Au cas\u00adino !"), replace(SECOND, author=replace(WHO, name="Casinos")))
    assert [facts.facts(one).rules for one in here()] == [("word:casino*",)] * 2


def test_people_who_may_not_comment_for_a_while(hear, here):
    hear(FIRST)
    bans.ban(here()[0], NOW, "camille")
    hear(FIRST, replace(FIRST, id="3"), SECOND)
    assert [one.text for one in here()] == ["Et le soir ?", "Moi aussi"]


def test_a_closed_page_takes_none_and_follows_those_that_are_there(hear, here):
    hear(FIRST)
    hear(replace(FIRST, text="Et le matin ?"), SECOND, takes=False)
    assert [one.text for one in here()] == ["Et le matin ?"]


def test_networks_fill_half_of_the_queue_at_most_and_the_others_come_later(hear, here):
    settings().queue_most = 20
    replies = [replace(FIRST, id=str(number)) for number in range(1, 13)]
    hear(*replies)
    assert len(here()) == 10
    settings().queue_most = 40
    hear(*replies)
    assert len(here()) == 12


def test_one_that_cannot_be_taken_in_keeps_no_other_back(hear, here, monkeypatch, caplog):
    text = rules.text
    monkeypatch.setattr(rules, "name", lambda reply: 1 / 0 if reply.id == "1" else "Ali")
    hear(FIRST, SECOND)
    assert [one.text for one in here()] == ["Moi aussi"]
    assert "is tried again" in caplog.text and text


ATTACKS = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "scheme": "javascript:alert(1) [x](javascript:alert(1))",
    "controls": "a\u202eb\u0000c\ud83d",
    "long": "x" * 100_000,
    "marks": "A" + "\u0301" * 1000,
    "links": "https://evil.example/? " * 500,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_words(page, hear, here, decide, attack):
    text = ATTACKS[attack]
    name = f"<b>{text[:200]}</b>"
    hear(replace(FIRST, text=text, author=replace(WHO, name=name, url="javascript:alert(1)")))
    (comment,) = here()
    assert len(comment.text) <= settings().longest and len(comment.author_name) <= 100
    assert "\u202e" not in comment.text + comment.author_name and "\x00" not in comment.text
    comment.text.encode()
    shown = comment.getText()
    assert (
        "<script" not in shown and "<img" not in shown and "onerror=" not in shown.replace("&lt;img src=x onerror=", "")
    )
    assert decide(comment, Action.APPROVE).result == acting.Result.DONE


# Decided here


def test_approved_visitors_see_them_with_where_they_were_said(portal, page, hear, here, decide):
    hear(FIRST, SECOND, faces=[WHO.avatar])
    for comment in here():
        assert decide(comment, Action.APPROVE).result == acting.Result.DONE
    assert len(visible.ids(page)) == 2
    told = origin(here()[0])
    assert (told.network, told.url, told.author_url) == ("Mastodon", FIRST.url, WHO.url)
    assert told.handle == WHO.handle
    assert told.avatar.startswith(f"{portal.absolute_url()}/@@social-avatar/")
    assert origin(said(page)) is None


def test_nobody_edits_them(page, hear, here, decide):
    hear(FIRST)
    assert decide(here()[0], Action.EDIT, text="Autre").code == "edit_elsewhere"
    assert here()[0].text == "Et le soir ?"


def test_what_a_moderator_deleted_does_not_come_back(hear, here, decide):
    hear(FIRST)
    decide(here()[0], Action.DELETE)
    for _ in range(2):
        hear(FIRST)
    assert here() == []


def test_what_is_gone_here_leaves_a_mark_that_tells_nobody(portal, page, post, hear, here, decide):
    """Erased, deleted, or past its days: it does not come back, and nothing says whose it was."""
    hear(FIRST, SECOND, replace(FIRST, id="3"))
    first, _second, third = here()
    deciding.withdraw(first, NOW, "", "erased")
    decide(third, Action.DELETE)
    kept = [one.there for _key, one in Hearsay(portal).replies(post.item, post.id)]
    assert sorted(kept) == ["", "", "2"]
    for now in (NOW, LATER):
        hear(FIRST, SECOND, replace(FIRST, id="3"), replace(FIRST, id="4", parent="1"), now=now)
    assert [one.text for one in here()] == ["", "Moi aussi", "Et le soir ?"]
    assert here()[2].in_reply_to == int(here()[0].id)
    hear(now=LATER)
    hear(now=LATER + timedelta(minutes=5))
    assert Hearsay(portal).replies(post.item, post.id) == []


@pytest.mark.parametrize("action", [Action.REJECT, Action.SPAM])
def test_what_was_refused_stays_so(hear, here, decide, action):
    hear(FIRST)
    decide(here()[0], action, reason="insult")
    before = facts.state(here()[0])
    hear(FIRST)
    assert facts.state(here()[0]) == before != State.WAITING


# Changed there


@pytest.mark.parametrize(
    "action, after", [(Action.APPROVE, "pending"), (Action.REJECT, "pending"), (Action.SPAM, "spam")]
)
def test_what_was_changed_there_waits_again(page, hear, here, decide, action, after):
    hear(FIRST)
    decide(here()[0], action, reason="insult")
    edited = replace(FIRST, text="Votez Untel", edited=NOW, author=replace(WHO, name="Untel"))
    for _ in range(2):
        hear(edited, now=LATER)
    (comment,) = here()
    assert (comment.text, comment.author_name, facts.state(comment)) == ("Votez Untel", "Untel", after)
    assert facts.facts(comment).remote["edited"] == NOW.isoformat()
    assert list(visible.ids(page)) == []
    edits = [event for event in Comments(api.portal.get()).history(facts.key(comment)) if event.action == Action.EDIT]
    assert [(event.original, event.by) for event in edits] == [("Et le soir ?", "source")]


def test_another_name_or_face_alone_changes_nothing_here(hear, here, decide):
    """What a moderator said yes to is what visitors see."""
    hear(FIRST, faces=[WHO.avatar])
    decide(here()[0], Action.APPROVE)
    before = facts.facts(here()[0])
    url = "https://m.example/b.png"
    hear(replace(FIRST, author=replace(WHO, name="Autre", avatar=url)), faces=[url])
    assert (here()[0].author_name, facts.facts(here()[0])) == ("Jeanne", before)


def test_a_face_that_comes_later_is_shown_to_moderators_first(hear, here, decide):
    hear(FIRST, replace(SECOND, parent="0", author=replace(WHO, id="8", avatar="https://m.example/b.png")))
    decide(here()[1], Action.APPROVE)
    urls = [WHO.avatar, "https://m.example/b.png"]
    hear(FIRST, replace(SECOND, parent="0", author=replace(WHO, id="8", avatar=urls[1])), faces=urls)
    assert [bool(facts.facts(one).remote["avatar"]) for one in here()] == [True, False]


# Gone there


@pytest.mark.parametrize("action", [None, Action.APPROVE, Action.REJECT])
def test_what_is_gone_there_goes_here(page, hear, here, decide, action):
    hear(FIRST, replace(SECOND, parent="0"))
    if action:
        decide(here()[0], action, reason="insult")
    key = facts.key(here()[0])
    assert hear(replace(SECOND, parent="0")) == rules.SOON
    assert len(here()) == 2  # a network may stumble: it is looked at once more
    hear(replace(SECOND, parent="0"), now=LATER)
    assert [one.text for one in here()] == ["Moi aussi"]
    last = Comments(api.portal.get()).history(key)[-1]
    assert (last.action, last.by) == (Action.WITHDRAW, "source")


def test_a_place_stays_where_others_answered(page, hear, here, decide):
    hear(FIRST, SECOND)
    for comment in here():
        decide(comment, Action.APPROVE)
    for now in (NOW, LATER):
        hear(SECOND, now=now)
    first, second = here()
    assert (first.text, first.author_name, facts.facts(first).gone) == ("", "", "source")
    assert origin(first) is None
    assert second.text == "Moi aussi"
    assert found(["remote:mastodon:1"]) == [] or not len(found(["remote:mastodon:1"]))


def test_a_list_that_is_not_whole_takes_nothing_away(hear, here):
    hear(FIRST)
    for now in (NOW, LATER, LATER + timedelta(days=1)):
        assert hear(now=now, complete=False) is None
    assert hear(now=LATER, gone=True) is None
    assert len(here()) == 1


def test_one_that_was_only_not_listed_for_a_moment_stays(hear, here, decide):
    hear(FIRST)
    decide(here()[0], Action.APPROVE)
    hear()
    hear(FIRST)
    hear(now=LATER)
    assert facts.state(here()[0]) == State.APPROVED


def test_one_that_comes_back_waits_anew(hear, here):
    hear(FIRST)
    for now in (NOW, LATER):
        hear(now=now)
    assert here() == []
    hear(FIRST, now=LATER)
    assert [facts.state(one) for one in here()] == [State.WAITING]


def test_whom_the_account_blocks_later_goes_at_once(hear, here, decide):
    hear(FIRST)
    decide(here()[0], Action.APPROVE)
    hear(replace(FIRST, barred=True), complete=False)
    assert here() == []


def test_posts_of_two_accounts_do_not_know_each_others_replies(hear, here, post):
    other = replace(post, id=f"{post.item}.2", account="other", network="bluesky", there="at://x")
    hear(FIRST)
    hear(replace(SECOND, parent="at://x"), post=other)
    hear(post=other, now=LATER)
    hear(post=other, now=LATER + timedelta(hours=1))
    assert [one.text for one in here()] == ["Et le soir ?"]
    again = replace(post, id=f"{post.item}.3")  # the same reply below two posts of one account
    hear(FIRST, post=again)
    assert len(here()) == 1


def test_ids_are_those_of_the_accounts_own_server(hear, here, post):
    other = replace(post, id=f"{post.item}.2", account="other")
    hear(FIRST)
    hear(replace(FIRST, text="Sur un autre serveur"), post=other)
    assert sorted(one.text for one in here()) == ["Et le soir ?", "Sur un autre serveur"]


# Many, avatars, accounts


def test_many_come_in_a_part_at_a_time(hear, here):
    replies = [replace(FIRST, id=str(number), text=f"Réponse {number}") for number in range(1, MOST + 21)]
    assert hear(*replies) == timedelta(0)
    assert len(here()) == MOST
    assert hear(*replies) is None
    assert len(here()) == MOST + 20
    assert hear(now=NOW) == rules.SOON
    assert hear(now=LATER) == timedelta(0)
    hear(now=LATER)
    assert here() == []


def test_avatars_are_kept_here_and_go_with_the_last_comment_of_theirs(portal, hear, here, decide):
    hear(FIRST, replace(SECOND, parent="0", author=replace(WHO, id="8")), faces=[WHO.avatar])
    (name,) = {facts.facts(one).remote["avatar"] for one in here()}
    store = Hearsay(portal)
    assert store.picture(name)["mime"] == "image/jpeg"
    view = portal.restrictedTraverse("@@social-avatar").publishTraverse(portal.REQUEST, name)
    assert view() == b"pixels"
    assert "immutable" in portal.REQUEST.response.getHeader("Cache-Control")
    with pytest.raises(Exception, match="other"):
        portal.restrictedTraverse("@@social-avatar").publishTraverse(portal.REQUEST, "other")()
    decide(here()[0], Action.DELETE)
    prune(portal, NOW)
    assert store.picture(name)
    decide(here()[0], Action.DELETE)
    prune(portal, NOW)
    assert store.picture(name) is None and not store.marks()


def test_a_picture_that_is_none_is_not_asked_for_again(portal):
    store = Hearsay(portal)
    store.keep_face("m", None)
    assert (store.face("m"), store.marks()) == ("", {"m"})


def test_a_page_that_is_removed_forgets_them(portal, page, post, hear):
    hear(FIRST)
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(page)
    assert Hearsay(portal).replies(post.item, post.id) == []
    assert post.item not in Comments(portal).heard


def test_why_replies_are_not_read(portal):
    store, trouble = Hearsay(portal), Trouble("scopes", {"host": "m"}, NOW.isoformat())
    store.note("a", trouble)
    store.note("a", replace(trouble, since=LATER.isoformat()))
    assert store.trouble("a") == trouble
    store.note("a", trouble, LATER)
    assert store.rests("a") == LATER
    store.note("a", None)
    assert (store.trouble("a"), store.rests("a")) == (None, None)
    store.note("a", None)


def test_nobody_decides_over_the_head_of_the_other(hear, here, decide, moderator):
    """Who had the former text before them learns that it changed."""
    hear(FIRST)
    revision = facts.facts(here()[0]).revision
    hear(replace(FIRST, text="Votez Untel"), now=LATER)
    outcome = decide(here()[0], Action.APPROVE, revisions={facts.key(here()[0]): revision})
    assert outcome.result == acting.Result.DECIDED
    assert (outcome.event.by, facts.state(here()[0])) == (deciding.SOURCE, State.WAITING)

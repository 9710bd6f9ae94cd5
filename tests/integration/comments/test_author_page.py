"""The private link: what a comment's author reads and does, and what nobody else can."""

from collective.socialterritory.comments import acting
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import posting
from collective.socialterritory.comments import private
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.model import Visitor
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.limits import Place
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings as site_settings
from commenting import news
from commenting import said
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from outsiders import Outsider
from plone import api
from rest import PASSWORD

import collective.socialterritory.clock as clock
import pytest
import transaction


TEXT = "Merci pour les nouveaux bancs."
PAGE = "@@social-my-comment"


class Author(Outsider):
    """Somebody with the private link of a comment."""

    def __init__(self, town, **more):
        super().__init__(town.url)
        self.item = news(town.site, **more)
        self.comment = said(self.item, TEXT, author="mail:1")
        self.revised()

    def revised(self):
        self.key = private.token(facts.key(self.comment), clock.now())
        transaction.commit()

    def open(self, **more):
        query = "".join(f"&{name}={value}" for name, value in more.items())
        return self.get(f"{PAGE}?key={self.key}{query}")

    @property
    def state(self):
        return facts.state(self.comment)

    def decide(self, action, **said):
        with api.env.adopt_roles(["Manager"]):
            deciding.decide(self.comment, action, clock.now(), **said)
        transaction.commit()


@pytest.fixture
def author(town):
    return Author(town)


def test_an_author_reads_that_it_waits_then_that_it_is_published_with_the_way_there(author):
    author.open()
    assert author.answer.status_code == 200
    assert "Waits for a moderator" in author.text
    assert author.form("change").inputs["text"].value == TEXT
    author.decide(Action.APPROVE)
    assert "On the page" in author.open().text
    assert f"?comment={author.comment.id}#comment-{author.comment.id}" in author.answer.text


def test_a_refusal_says_the_article_and_the_moderator_s_words_and_spam_says_nothing(author):
    said = {"reason": "insult", "note": "Toujours le même", "text": "Restons polis, merci."}
    with api.env.adopt_roles(["Manager"]):
        acting.act(api.portal.get(), [facts.key(author.comment)], Action.REJECT, clock.now(), **said)
    transaction.commit()
    author.open()
    assert "Refused" in author.text and "Insult or attack on a person" in author.text
    assert "Restons polis, merci." in author.text
    assert "Toujours le même" not in author.answer.text, "a note for colleagues"
    author.decide(Action.SPAM, note="encore ce robot")
    author.open()
    assert "Refused" in author.text
    assert "spam" not in author.text.lower() and "robot" not in author.text and "Insult" not in author.text


def test_nobody_s_cache_index_or_next_site_learns_the_key(author):
    headers = author.open().answer.headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]


def test_a_change_is_a_new_text_that_waits(author):
    author.decide(Action.APPROVE)
    assert visible.ids(author.item)
    author.open().send("change", text="Merci beaucoup pour les bancs.")
    assert author.comment.text == "Merci beaucoup pour les bancs."
    assert (author.state, len(visible.ids(author.item))) == (State.WAITING, 0)
    assert "waits for a moderator again" in author.messages
    history = Comments(author.item.__parent__).history(facts.key(author.comment))
    assert [(one.action, one.by) for one in history[1:]] == [(Action.EDIT, "author"), (Action.RECALL, "author")]
    assert history[1].original == TEXT


def test_the_same_rules_hold_for_a_change_and_what_was_typed_is_kept(author):
    settings().words = ["casino"]
    transaction.commit()
    author.open().send("change", text="Venez au casino !")
    assert author.comment.text == TEXT
    assert "“casino”" in author.text and author.form("anyway").inputs["text"].value == "Venez au casino !"
    author.send("anyway")
    assert (author.comment.text, author.state) == ("Venez au casino !", State.WAITING)
    assert facts.facts(author.comment).rules == ("word:casino",)
    author.open().send("change", text=" \u200b ")
    assert author.comment.text == "Venez au casino !" and author.page.xpath("//*[@aria-invalid='true']")
    settings().longest = 100
    transaction.commit()
    author.open().send("change", text="x" * 101)
    assert author.form("change").inputs["text"].value == "x" * 101
    assert author.comment.text == "Venez au casino !"


def test_after_a_while_the_text_is_fixed_and_what_was_typed_can_be_copied(author, later):
    author.open()
    later(timedelta(minutes=settings().grace))
    author.send("change", text="Trop tard, hélas")
    assert author.comment.text == TEXT
    assert "Trop tard, hélas" in author.text and "change" not in author.forms()


def test_whoever_is_decided_about_meanwhile_reads_it_and_loses_nothing(author):
    author.open()
    author.decide(Action.REJECT, reason="insult")
    author.send("change", text="Une autre version")
    assert (author.comment.text, author.state, author.answer.status_code) == (TEXT, State.REJECTED, 409)
    assert "Une autre version" in author.answer.text and "Refused" in author.text


def test_withdrawing_asks_first_and_leaves_nothing(author):
    key = facts.key(author.comment)
    author.open(ask=1)
    assert deciding.find(key) is not None
    author.send("withdraw")
    assert deciding.find(key) is None
    assert author.answer.status_code == 410 and "You withdrew this comment" in author.text
    assert Comments(author.item.__parent__).latest(key).by == "author"


def test_withdrawing_what_others_answered_leaves_their_words(author):
    author.decide(Action.APPROVE)
    said(author.item, "Oui.", parent=author.comment, state=State.APPROVED)
    transaction.commit()
    author.open(ask=1).send("withdraw")
    assert author.comment.text == "" and len(visible.ids(author.item)) == 2
    assert "Withdrawn" in author.text and author.forms() == set()


def test_a_refusal_is_appealed_once_and_moderators_see_that_it_is_one(author):
    author.decide(Action.REJECT, reason="insult")
    author.open().send("appeal", words="C'était de l'humour.")
    assert author.state == State.WAITING and len(found(["appeal"], review_state="pending")) == 1
    assert "another look" in author.text
    assert deciding.latest(author.comment).note == "C'était de l'humour."
    assert "change" not in author.forms(), "the text that was refused is the one that is looked at"
    form = author.page
    author.decide(Action.REJECT, reason="insult")
    assert "appeal" not in author.open().forms()
    author.page = form
    author.post(PAGE, key=author.key, token=token_of(author), appeal="1", words="Encore")
    assert author.state == State.REJECTED and "Encore" in author.text


def token_of(author):
    """That of a form of this page, as it was drawn a moment ago."""
    secret = Comments(api.portal.get()).secret
    return signing.sign(secret, "author-form", (facts.key(author.comment), "x"), clock.now() + timedelta(hours=1))


def test_an_appeal_of_a_thousand_lines_is_not_lost(author):
    author.decide(Action.REJECT, reason="insult")
    author.open().send("appeal", words="mot " * 400)
    assert author.state == State.REJECTED
    assert author.form("appeal").inputs["words"].value.count("mot") == 400


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_programs_that_follow_links_change_nothing(author, method):
    author.decide(Action.APPROVE)
    before = facts.facts(author.comment), author.comment.text, author.state
    for query in ("", "&ask=1", "&withdraw=1", "&change=1&text=x", "&appeal=1&words=x"):
        author.get(f"{PAGE}?key={author.key}{query}&token={token_of(author)}", method=method)
    assert (facts.facts(author.comment), author.comment.text, author.state) == before


def forged(author):
    key, secret = facts.key(author.comment), Comments(api.portal.get()).secret
    until = clock.now() + timedelta(days=1)
    good = author.key
    return {
        "other secret": signing.sign(b"x" * 32, "author", (key,), until),
        "other purpose": signing.sign(secret, "unsubscribe", (key,), until),
        "changed": good[:-2] + ("aa" if good[-2:] != "aa" else "bb"),
        "cut": good[:-6],
        "none": "x",
        "long": "x" * 50_000,
        "odd": "é\u202e\x00",
    }


def test_forged_keys_open_nothing(author):
    for name, key in forged(author).items():
        for method in ("GET", "POST"):
            fields = {"key": key, "token": token_of(author), "withdraw": "1"}
            author._opened(method, f"{author.url}/{PAGE}", **{"params" if method == "GET" else "data": fields})
            if not (name == "long" and method == "GET"):
                assert author.answer.status_code == 404, name
                assert TEXT not in author.answer.text and "not complete" in author.text
    assert deciding.find(facts.key(author.comment)) is not None


def test_an_expired_key_says_so(author, later):
    later(timedelta(days=settings().keep_email + 1))
    author.open()
    assert (author.answer.status_code, TEXT in author.answer.text) == (410, False)
    assert "expired" in author.text


def test_one_s_key_opens_no_other_comment(author):
    other = said(author.item, "Un autre avis")
    transaction.commit()
    author.open().send("change", comment=facts.key(other), text="Pris")
    assert other.text == "Un autre avis"


def test_a_form_of_another_comment_or_site_sends_nothing(author):
    for token in ("", "x", signing.sign(b"y" * 32, "author-form", (facts.key(author.comment), "x"))):
        author.post(PAGE, key=author.key, token=token, withdraw="1")
        assert deciding.find(facts.key(author.comment)) is not None
        assert "open for a long time" in author.text


def test_a_removed_comment_is_answered_clearly(author):
    author.open()
    with api.env.adopt_roles(["Manager"]):
        deciding.remove(author.comment, clock.now())
    transaction.commit()
    author.send("change", text="Encore là ?")
    assert author.answer.status_code == 410 and "A moderator removed this comment" in author.text


def test_a_removed_page_is_answered_clearly(author):
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(author.item)
    transaction.commit()
    assert author.open().answer.status_code == 410 and "together with its page" in author.text


def test_a_page_that_is_private_again_tells_no_author_its_name(author):
    with api.env.adopt_roles(["Manager"]):
        author.item.title = "Licenciements, projet"
        api.content.transition(author.item, to_state="private")
    transaction.commit()
    author.open()
    assert "Waits for a moderator" in author.text and "Licenciements" not in author.answer.text
    facts.keep(author.comment, author="user:member")
    author.comment.reindexObject()
    transaction.commit()
    member = Outsider(author.url, ("member", PASSWORD)).get("@@social-my-comments")
    assert TEXT in member.text and "Licenciements" not in member.answer.text


def test_in_a_pause_one_withdraws_and_nothing_else(author):
    author.open()
    site_settings().pause_reason, site_settings().pause_start = "Élections", datetime(2020, 1, 1)
    transaction.commit()
    author.send("change", text="Pendant la pause")
    assert author.comment.text == TEXT and "Pendant la pause" in author.answer.text
    assert "paused" in author.open().text
    author.open(ask=1).send("withdraw")
    assert author.answer.status_code == 410


def test_who_sends_without_end_is_held_off_and_loses_nothing(author, monkeypatch):
    monkeypatch.setattr(posting, "place", lambda request: Place("192.0.2.0/24"))
    for number in range(30):
        author.open().send("change", text=f"Version {number}")
        if author.comment.text != f"Version {number}":
            break
    assert number < 29 and f"Version {number}" in author.answer.text


def test_members_find_their_own_comments_without_a_key(town):
    item = news(town.site)
    mine, other = said(item, "De moi", author="user:member"), said(item, "D'un autre", author="user:editor")
    typed = said(item, "Sous mon nom", "member")
    transaction.commit()
    member = Outsider(town.url, ("member", PASSWORD)).get("@@social-my-comments")
    assert "De moi" in member.text and "D'un autre" not in member.text and "Sous mon nom" not in member.text
    member.get(f"{PAGE}?comment={facts.key(mine)}").send("change", text="De moi-même")
    assert mine.text == "De moi-même"
    for foreign in (other, typed):
        assert member.get(f"{PAGE}?comment={facts.key(foreign)}").answer.status_code == 404
    assert Outsider(town.url).get(f"{PAGE}?comment={facts.key(mine)}").answer.status_code == 404
    member.get(f"{PAGE}?comment={facts.key(mine)}")
    form = member.form("change")
    form.fields["_authenticator"] = "x"
    member.send("change", form, text="De loin")
    assert mine.text == "De moi-même" and member.answer.status_code == 403


def test_a_posted_comment_comes_with_its_link(town):
    item = news(town.site)
    transaction.commit()
    with api.env.adopt_user(user=api.user.get(userid="member")):
        member = posting.submit(item, Draft("Un avis de membre"), Visitor("member"), datetime.now(UTC))
    assert member.link.endswith(f"/@@social-my-comment?comment={member.key}")

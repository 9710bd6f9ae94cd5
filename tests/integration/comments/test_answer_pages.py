"""From the ticked box to the last mail: over a real mail server, and as people and their programs open the links."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import posting
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.model import Visitor
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings
from commenting import news
from commenting import said
from datetime import timedelta
from mailing import set_server
from outsiders import Outsider

import collective.socialterritory.clock as clock
import pytest
import re
import transaction


JEANNE = "jeanne@town.example"


class Reader(Outsider):
    """Jeanne, who wrote a comment and has a mailbox."""

    def __init__(self, town, port):
        super().__init__(town.url)
        self.site = town.site
        settings().mail_to_page = False
        set_server(port)
        self.item = news(town.site)
        self.comment = said(self.item, author="mail:1", state=State.APPROVED)

    def asks(self):
        subscriptions.wanted(self.comment, JEANNE, clock.now())
        transaction.commit()

    def answered(self, text):
        answer = said(self.item, text, "Paul", parent=self.comment, state=State.APPROVED)
        transaction.commit()
        return answer

    def here(self, url):
        """The public address, at this server."""
        return url.replace("https://www.town.example", self.url)

    @property
    def kept(self):
        transaction.begin()
        return [one for _id, one in subscriptions.of_page(self.site, self.item.UID())]


@pytest.fixture
def reader(town, port):
    return Reader(town, port)


def to_jeanne(inbox):
    """Validators get mails about the news, too."""
    return [message for to, message in inbox.mails if to == [JEANNE]]


def link(message, page):
    return re.search(rf"https://www\.town\.example/@@{page}\?key=\S+", message.get_content()).group(0)


def test_from_the_ticked_box_to_the_last_mail(reader, smtp, inbox, work, later):
    reader.asks()
    work()
    (message,) = to_jeanne(inbox)
    yes = reader.here(link(message, "social-confirm"))
    for method in ("GET", "HEAD"):
        assert reader.get(yes, method).answer.status_code == 200
        assert [one.confirmed for one in reader.kept] == [""]
    reader.get(yes).send()
    assert "That is settled" in reader.text and reader.kept[0].confirmed
    reader.answered("Et les poubelles ?")
    work()
    assert len(to_jeanne(inbox)) == 1, "the decision may still be undone"
    later(timedelta(minutes=12))
    work()
    (message,) = to_jeanne(inbox)[1:]
    assert "Et les poubelles ?" in message.get_content()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = reader.here(message["List-Unsubscribe"].strip("<>"))
    for method in ("GET", "HEAD"):
        assert reader.get(leave, method).answer.status_code == 200 and reader.kept
    reader.session.cookies.clear()
    answer = reader.post(leave, **{"List-Unsubscribe": "One-Click"}).answer
    assert (answer.status_code, answer.history, reader.kept) == (200, [], [])
    assert "no more mails" in reader.get(leave).text
    reader.answered("Et les vélos ?")
    later(timedelta(minutes=12))
    work()
    assert len(to_jeanne(inbox)) == 2


def test_links_that_are_not_whole_foreign_or_old_do_nothing(reader, smtp, work, later):
    reader.asks()
    secret = Comments(reader.site).secret
    ((id, _one),) = subscriptions.of_page(reader.site, reader.item.UID())
    good = signing.sign(secret, "confirm", (id,), clock.now() + timedelta(days=3))
    foreign = signing.sign(b"x" * 32, "confirm", (id,))
    for page, keys in (
        ("confirm", (good[:-3], foreign, "", "x", signing.sign(secret, "unsubscribe", (id,)))),
        ("unsubscribe", (good, foreign, "", "x")),
    ):
        for key in keys:
            for method in ("get", "post"):
                getattr(reader, method)(f"@@social-{page}?key={key}")
                assert reader.answer.status_code == 404 and "not complete" in reader.text
    assert [one.confirmed for one in reader.kept] == [""]
    later(timedelta(days=4))
    assert reader.get(f"@@social-confirm?key={good}").answer.status_code == 410
    work()
    later(timedelta(days=-4))
    assert reader.kept == []
    reader.post(f"@@social-confirm?key={good}")
    assert (reader.answer.status_code, reader.kept) == (410, [])


def test_the_keys_stay_where_they_are(reader):
    for page in ("confirm", "unsubscribe"):
        headers = reader.get(f"@@social-{page}?key=x").answer.headers
        assert headers["Cache-Control"] == "private, no-store"
        assert (headers["Referrer-Policy"], "noindex" in headers["X-Robots-Tag"]) == ("no-referrer", True)


def test_the_box_of_the_form_asks_for_it(reader, smtp, inbox, work):
    token = signing.form_token(Comments(reader.site).secret, reader.item.UID(), "n", clock.now() - timedelta(minutes=1))
    draft = Draft("Et pour les enfants ?", "Jeanne", JEANNE, notify=True, token=token)
    posted = posting.submit(reader.item, draft, Visitor(network="192.0.2.0/24"), clock.now())
    transaction.commit()
    work()
    assert len(to_jeanne(inbox)) == 1
    assert reader.get(posted.link).form("change").inputs["text"].value == "Et pour les enfants ?"
    assert facts.facts(deciding.find(posted.key)).author.startswith("mail:")

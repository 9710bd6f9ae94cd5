"""What every network keeps that can edit, delete or answer a post that is out.

::

    class TestExampleFollowUp(FollowUpFailures):    # follow_up_failures.py: on a scripted server, all of this and more
        network = network
        deeds = {"edit": "put", "delete": "delete", "reply": "feed"}    # the step that does each
        questions = {"look": "reply", "media": "pictured edit"}         # the other steps, and what takes them

    class TestExampleFollowUpThere(FollowUpContract):   # this file: on any server
        network = network

They ask for the fixtures of base.py but `seen`, and for

    read          a function from a Receipt's id to what readers `See` of that post; None when it is gone
"""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.networks.model import Deletes
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Prepares
from collective.socialterritory.networks.model import Replies
from contract.base import caught
from contract.base import NOW
from contract.base import picture
from contract.base import prepared
from contract.base import sent
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import UTC

import pytest
import uuid


LINK = "https://www.ville.fr/actualites/fete"
ABILITIES = {
    "test_parts_that_can_be_edited": Edits,
    "test_an_edit_of_each_part": Edits,
    "test_the_same_edit_twice": Edits,
    "test_an_edit_says_all_that_is_to_be_seen": Edits,
    "test_an_edit_of_what_is_gone": Edits,
    "test_what_is_deleted_is_gone_and_nothing_else": Deletes,
    "test_a_reply": Replies,
    "test_a_reply_with_a_picture": Replies,
    "test_a_reply_to_a_reply": Replies,
    "test_a_reply_to_what_is_gone": Replies,
    "test_no_other_post_is_taken_for_the_reply": Replies,
}


@dataclass
class See:
    """`pictures`: their alternative texts. `answers`: the id of the post that this one answers, "" when none."""

    text: str
    links: list[str]
    pictures: list[str]
    answers: str = ""


def unique(text):
    return f"{text} {uuid.uuid4().hex[:8]}"


class FollowUpContract:
    network: Network
    carried_out = frozenset({"text", "picture", "link"})
    """Which of the network's `rewrites` this server carries out"""

    def __init_subclass__(cls):
        """A test of an ability that the network lacks is no test of its class."""
        network = getattr(cls, "network", None)
        for name, ability in ABILITIES.items() if network else ():
            if not isinstance(network, ability):
                setattr(cls, name, None)

    def pytest_generate_tests(self, metafunc):
        if "part" in metafunc.fixturenames:
            metafunc.parametrize("part", sorted(self.network.rewrites & self.carried_out))

    @pytest.fixture
    def post(self):
        return Post(unique("Fête dimanche à 14 h, voir https://www.ville.fr/a"), datetime.now(UTC), language="fr")

    @pytest.fixture
    def send(self, http, credentials):
        """Publishes, under a key of its own each time."""
        return lambda post: sent(self.network, http, credentials, post)

    @pytest.fixture
    def out(self, send, post):
        """The receipt of a post that is out."""
        return send(post)

    @pytest.fixture
    def lose(self, http, credentials):
        """As when somebody deletes a post there."""
        return lambda receipt: self.network.delete(http, credentials, receipt.id)

    @pytest.fixture
    def edit(self, http, credentials, out):
        return lambda post: self.network.edit(http, credentials, out.id, post)

    @pytest.fixture
    def answer(self, out):
        return Post(unique("Correction : dimanche à 15 h"), datetime.now(UTC), answers=out.id)

    @pytest.fixture
    def keys(self):
        """The one under which an answer goes out; of what is prepared, "" before that."""
        return ["" if isinstance(self.network, Prepares) else self.network.key(uuid.uuid4().hex, NOW)]

    @pytest.fixture
    def reply(self, http, credentials, keys):
        def reply(answer):
            keys[:] = [prepared(self.network, http, credentials, answer, keys[0])]
            return self.network.reply(http, credentials, answer.answers, answer, keys[0])

        return reply

    @pytest.fixture
    def find(self, http, credentials, keys):
        return lambda answer: self.network.find(http, credentials, answer, keys[0])

    # Edits

    def test_parts_that_can_be_edited(self):
        assert set() < self.network.rewrites <= {"text", "picture", "link"}

    def test_an_edit_of_each_part(self, post, out, edit, read, part):
        changes = {
            "text": {"text": unique("Fête samedi à 14 h, voir https://www.ville.fr/a")},
            "picture": {"pictures": (picture("Une affiche"),)},
            "link": {"text": f"Fête dimanche : {LINK}", "link": LINK},
        }
        changed = replace(post, **changes[part])
        assert edit(changed).id == out.id
        seen = read(out.id)
        assert seen.text == changed.text
        assert seen.pictures == (["Une affiche"] if part == "picture" else [])
        assert (LINK in seen.links) == (part == "link")

    def test_the_same_edit_twice(self, post, edit, read, out):
        changed = replace(post, text=unique("Fête samedi"))
        assert edit(changed) == edit(changed)
        assert read(out.id).text == changed.text

    def test_an_edit_says_all_that_is_to_be_seen(self, post, send, http, credentials, read):
        if "picture" in self.network.rewrites & self.carried_out:
            out = send(replace(post, pictures=(picture("Une affiche"),)))
            self.network.edit(http, credentials, out.id, replace(post, pictures=(picture("Une autre affiche"),)))
            assert read(out.id).pictures == ["Une autre affiche"]
            self.network.edit(http, credentials, out.id, post)
            assert read(out.id).pictures == []

    def test_an_edit_of_what_is_gone(self, post, out, edit, lose, read):
        lose(out)
        assert caught(lambda: edit(replace(post, text="Fête samedi")), Rejected).code == "post_gone"
        assert read(out.id) is None

    # Deletes

    def test_what_is_deleted_is_gone_and_nothing_else(self, http, credentials, post, out, send, read):
        other = send(replace(post, text=unique("Autre")))
        for _ in range(2):
            assert self.network.delete(http, credentials, out.id) is None
            assert read(out.id) is None
        assert read(other.id)

    # Replies

    def test_a_reply(self, out, reply, find, answer, read, post):
        assert find(answer) is None
        receipt = reply(answer)
        assert find(answer) == receipt
        assert receipt.id != out.id
        assert read(receipt.id) == See(answer.text, [], [], out.id)
        assert read(out.id).text == post.text

    def test_as_many_pictures_as_fit_go_in_their_order(self, send, post, read):
        words = [f"Affiche {number}" for number in range(self.network.limits.images)]
        assert read(send(replace(post, pictures=tuple(map(picture, words)))).id).pictures == words

    def test_a_reply_with_a_picture(self, reply, answer, read, out):
        receipt = reply(replace(answer, pictures=(picture("Une affiche"),)))
        assert read(receipt.id) == See(answer.text, [], ["Une affiche"], out.id)

    def test_a_reply_to_a_reply(self, http, credentials, reply, answer, read):
        first = reply(answer)
        second = replace(answer, text=unique("Encore"), answers=first.id)
        key = prepared(self.network, http, credentials, second)
        receipt = self.network.reply(http, credentials, first.id, second, key)
        assert read(receipt.id).answers == first.id
        assert self.network.find(http, credentials, second, key) == receipt

    def test_a_reply_to_what_is_gone(self, out, reply, answer, lose, find):
        lose(out)
        assert caught(lambda: reply(answer), Rejected).code == "post_gone"
        assert find(answer) is None

    def test_no_other_post_is_taken_for_the_reply(self, http, credentials, post, send, reply, answer):
        """Nor what it answers, which may have the same link; nor the same words in answer to another post."""
        linked = send(replace(post, text=f"Fête : {LINK}", link=LINK))
        reply(answer)
        for text in (f"{answer.text} {LINK}", answer.text):
            another = replace(answer, text=text, link=LINK, answers=linked.id)
            assert (
                self.network.find(http, credentials, another, prepared(self.network, http, credentials, another))
                is None
            )

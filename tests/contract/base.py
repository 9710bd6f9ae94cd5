"""What every network keeps. A third party's network inherits the same classes from its own tests.

::

    class TestExample(FailureContract):             # failures.py: on a scripted server, all of this and more
        network = network
        post_step = "statuses"                      # the step that publishes, as the scripted server calls it
        steps = {"media": "picture", "feed": "find", "me": "whoami"}    # the other steps, and what takes them

    class TestExampleLookup(LookupContract):        # lookup.py: for a `find` that reads what the account said lately
        network = network
        find_step = "feed"
        page = 100
        senseless = [{}, {"data": None}]

    class TestExampleReads(ReadContract):           # reading.py: for a `read` of what the account said
        network = network
        read_step = "feed"
        author = "@mairie"
        tells_alt = True
        senseless = [{}, {"data": None}]

        def repost(self, server, account): ...      # makes one there
        def delete(self, account): ...              # the newest post, on the server

    class TestExampleFollows(FollowContract):       # following.py: for a `follow` of what anybody says there
        network = network
        steps = ("profile", "feed")
        author = "@mairie@{host}"
        page = 100
        senseless = [{}, {"data": None}]
        subjects = {"http://example.net/mairie/": "https://example.net/mairie"}
        others = ("https://example.net/",)

        @pytest.fixture
        def subject(self, server, account): ...     # what `subject` makes of the account's address

    class TestExampleHears(HearContract):           # hearing.py: for a `hear` of what others answer to a post
        network = network
        hear_step = "thread"
        senseless = [{}, {"replies": None}]
        odd = [{}, {"id": "1"}]                     # rows of that list that lack what is needed

        def answer(self, server, account, to, text, at): ...    # somebody answers; the id
        def change(self, server, id, text): ...
        def remove(self, server, id): ...
        def among(self, said, row): ...             # the decoded answer, with another row
        def facts(self, server, other): ...         # what is told of an author: id, name, handle, url

    class TestExampleMeasures(MeasureContract):     # measuring.py: for a `measure` of how far posts got
        network = network
        measure_step = "counts"
        senseless = [{}, {"data": None}]
        views = False                               # whether it tells how often a post was shown

        def react(self, server, id, likes, reposts): ...        # so many of each, from now on
        def answer(self, server, account, to): ...  # somebody answers

    class TestExampleOnItsServer(NetworkContract):  # this file: on any server
        network = network

Of a network that can do something to a post that is out, see follow_up.py as well.

Fixtures that they ask for, from conftest.py unless the module or class has its own:

    http          the door
    credentials   what the vault keeps for an account that may post
    seen          a function that returns the texts that readers see, None when the network keeps none

and on a scripted server, which is a `faults.Faulty`:

    server        with account(name), credentials(account), revoke(), posts(): the texts, oldest first,
                  for `Refreshes` expire(), for lookup.py, reading.py, following.py and hearing.py
                  say(account, text, at), for following.py leave(account)
    account       of that server
"""

from collective.socialterritory.errors import NetworkError
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Prepares
from collective.socialterritory.networks.model import Publishes
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.networks.model import Replays
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from io import BytesIO
from pictures import lent
from PIL import Image

import pytest
import uuid


NOW = datetime(2026, 11, 22, 8, 30, 15, 123456, UTC)
TOLD = ("pds", "did", "handle", "origin", "account", "made", "ends")
"""What of the credentials is no secret"""


def caught(call, error):
    with pytest.raises(error) as info:
        call()
    assert type(info.value) is error
    return info.value


def picture(alt="Un carré « rouge »\r\nà deux lignes", kind="JPEG"):
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, kind)
    mime = f"image/{kind.lower()}"
    return Picture(data.getvalue(), mime, 40, 30, alt, lent(data.getvalue(), mime))


def prepared(network, http, credentials, post, key=None):
    """The key under which a post goes out: of what is published in two steps, what the first one said."""
    if isinstance(network, Prepares):
        return network.prepare(http, credentials, post)
    return key or network.key(uuid.uuid4().hex, NOW)


def sent(network, http, credentials, post, key=None):
    """The receipt of a post that is out."""
    return network.publish(http, credentials, post, prepared(network, http, credentials, post, key))


def shown(error):
    """Everything that an error tells, and those that it came from."""
    told = ""
    while error:
        told += f"{error!r} {error} {getattr(error, 'params', '')} "
        error = error.__cause__ or error.__context__
    return told


ABILITIES = {
    "test_a_repeat_with_the_same_key_is_one_post": Replays,
    "test_find": Finds,
    "test_whoami": (Connects, Consents),
    "test_refresh": Refreshes,
    "test_a_token_that_has_expired": Refreshes,
    "test_chaos_loses_and_doubles_nothing": Finds,
}


class NetworkContract:
    network: Network
    refuses_repeats = False
    """Whether a repeat makes no second post although the network is no `Replays`"""
    readers = True
    """Whether people read there, so that an account has an address to send visitors to"""

    def __init_subclass__(cls):
        """A test of an ability that the network lacks is no test of its class."""
        network = getattr(cls, "network", None)
        for name, ability in ABILITIES.items() if network else ():
            if not isinstance(network, ability) and not (ability is Replays and cls.refuses_repeats):
                setattr(cls, name, None)

    @pytest.fixture
    def post(self):
        return Post(f"Réunion publique {uuid.uuid4().hex[:8]} 👨‍👩‍👧 #Été", datetime.now(UTC), language="fr")

    @pytest.fixture
    def key(self, http, credentials, post):
        return prepared(self.network, http, credentials, post)

    def test_facts(self):
        assert isinstance(self.network, Network)
        assert isinstance(self.network, Publishes)
        assert isinstance(self.network.limits, Limits)
        assert self.network.id.isidentifier()
        assert self.network.title

    def test_limits_without_facts(self):
        assert self.network.limits_of({}) == self.network.limits

    def test_what_must_be_reached_before_and_after(self, credentials):
        assert set(self.network.origins({})) <= set(self.network.origins(credentials))
        assert all(origin.startswith(("http://", "https://")) for origin in self.network.origins(credentials))

    def test_keys_are_fixed_and_apart(self):
        first = self.network.key("delivery 1", NOW)
        assert first == self.network.key("delivery 1", NOW)
        others = {self.network.key(f"delivery {n}", NOW) for n in range(500)}
        assert len(others) == 500

    def test_publish(self, http, credentials, seen, post, key):
        receipt = self.network.publish(http, credentials, post, key)
        assert isinstance(receipt, Receipt)
        assert receipt.id
        assert receipt.url
        if seen() is not None:
            assert seen().count(post.text) == 1

    def test_a_repeat_with_the_same_key_is_one_post(self, http, credentials, seen, post, key):
        first = self.network.publish(http, credentials, post, key)
        assert self.network.publish(http, credentials, post, key) == first
        if seen() is not None:
            assert seen().count(post.text) == 1

    def test_find(self, http, credentials, post, key):
        if not self.network.local:
            assert self.network.find(http, credentials, post, key) is None
        receipt = self.network.publish(http, credentials, post, key)
        assert self.network.find(http, credentials, post, key) == receipt
        another = replace(post, text="Autre")
        key = prepared(self.network, http, credentials, another)
        assert self.network.find(http, credentials, another, key) != receipt

    def test_whoami(self, http, credentials):
        who = self.network.whoami(http, credentials)
        assert who.id
        assert who.name
        assert bool(who.url) == self.readers

    def test_refresh(self, http, credentials):
        before = self.network.whoami(http, credentials)
        assert self.network.whoami(http, self.network.refresh(http, credentials)) == before

    def test_secrets_are_in_no_error(self, http, credentials, post, key):
        """Every secret replaced by a canary: whatever fails then must not show it."""
        canaries = {name: value if name in TOLD else f"canary-{name}" for name, value in credentials.items()}
        calls = [lambda: self.network.publish(http, canaries, post, key)]
        if isinstance(self.network, Prepares):
            calls.append(lambda: self.network.prepare(http, canaries, post))
        if isinstance(self.network, Refreshes):
            calls.append(lambda: self.network.refresh(http, canaries))
        if isinstance(self.network, Connects | Consents):
            calls.append(lambda: self.network.whoami(http, canaries))
        if isinstance(self.network, Connects):
            answers = {
                f.name: "canary-answer" if f.secret else credentials.get(f.name, "") for f in self.network.fields
            }
            calls.append(lambda: self.network.connect(http, answers))
        for call in calls:
            try:
                assert "canary" not in repr(call())
            except NetworkError as error:
                assert "canary" not in shown(error)

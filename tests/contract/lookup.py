"""What a network keeps whose `find` looks among what the account said lately, newest first, a page at a time."""

from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.base import picture
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said

import json
import pytest


LINK = "https://www.ville.fr/actualités/fête?a=1&b=2"
TEXTS = [
    "Bonjour",
    "  Deux   espaces \n\n\nparagraphes\u202f!\nligne  ",
    f"Voir {LINK} & « cela » <b>1 < 2</b> &amp; &eacute; 100 % 👨‍👩‍👧 #Été2026 @asso",
    "e\u0301te\u0301 à 20\u202fh",
]
PAGES = 5
"""How many are turned before it is said that nobody can tell"""


class LookupContract:
    network: Network
    find_step: str
    """The step that lists what was said"""
    page: int
    """How many posts are asked for at once"""
    texts: list[str] = []
    """More than TEXTS, what this network does to them"""
    senseless: list[object]
    """JSON that is no such list, or whose posts lack what is needed"""

    def pytest_generate_tests(self, metafunc):
        if "text" in metafunc.fixturenames:
            metafunc.parametrize("text", [*TEXTS, *self.texts])
        if "said" in metafunc.fixturenames:
            metafunc.parametrize("said", self.senseless)

    @pytest.fixture
    def post(self):
        return Post("Bonjour", datetime.now(UTC))

    @pytest.fixture
    def find(self, http, credentials):
        return lambda post: self.network.find(http, credentials, post, "k1")

    @pytest.mark.parametrize("images", [(), (picture(""),)], ids=["text", "picture"])
    def test_a_post_is_found_by_its_text(self, server, http, credentials, account, find, text, images):
        now = datetime.now(UTC)
        server.say(account, "Autre chose", now)
        post = Post(text, now, pictures=images)
        receipt = self.network.publish(http, credentials, post, "k1")
        server.say(account, "Encore autre chose")
        assert find(post) == receipt
        assert find(Post(f"{text}.", now)) is None

    def test_a_post_is_found_by_its_link(self, server, account, post, find):
        server.say(account, f"Autrement dit {LINK}")
        assert find(Post("Bonjour", post.created, link=LINK))
        assert find(Post("Bonjour", post.created, link=f"{LINK}3")) is None
        assert find(post) is None

    def test_what_was_said_long_before_or_by_others_is_not_this_post(self, server, account, post, find):
        server.say(account, post.text, post.created - timedelta(minutes=11))
        server.say(server.account("autre"), post.text)
        assert find(post) is None
        server.say(account, post.text, post.created - timedelta(minutes=9))
        assert find(post)

    def test_pages_are_turned_until_the_post(self, server, account, post, find):
        wanted = server.say(account, post.text)
        for number in range(self.page * 5 // 2):
            server.say(account, f"Post {number}")
        assert find(post).id == wanted["id"]
        assert server.calls[self.find_step] == 3

    def test_an_account_that_says_too_much_to_be_sure(self, server, account, post, find):
        for number in range(self.page * PAGES + 1):
            server.say(account, f"Post {number}")
        assert caught(lambda: find(post), Transient).code == "too_many_posts"
        assert server.calls[self.find_step] == PAGES

    def test_what_is_not_understood_is_never_a_no(self, server, post, find, said):
        server.instead[self.find_step] = Said(200, json.dumps(said).encode())
        assert caught(lambda: find(post), Transient).code == "not_json"

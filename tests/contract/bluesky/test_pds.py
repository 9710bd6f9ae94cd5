"""Bluesky against its own server."""

from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks.bluesky import network
from collective.socialterritory.networks.model import Card
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from collective.socialterritory.text import utf8
from contract.base import NetworkContract
from contract.base import NOW
from contract.bluesky.records import see
from contract.follow_up import FollowUpContract
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from PIL import Image

import pytest
import uuid


pytestmark = pytest.mark.pds


def code(call, error):
    with pytest.raises(error) as caught:
        call()
    return caught.value.code


class OnItsServer:
    @pytest.fixture(autouse=True)
    def environment(self, pds, monkeypatch):
        for name, value in pds.environ.items():
            monkeypatch.setenv(name, value)

    @pytest.fixture
    def http(self, environment):
        return Http.from_environment()

    @pytest.fixture
    def credentials(self, http, pds):
        return network.connect(http, {"handle": pds.handle, "app_password": pds.password}).credentials

    @pytest.fixture
    def seen(self, pds):
        return lambda: [record["value"]["text"] for record in pds.records()]


class TestBlueskyOnItsServer(OnItsServer, NetworkContract):
    network = network

    def test_connect_tells_who_we_are(self, http, pds):
        typed = {"handle": f" \u202a@{pds.handle.upper()}\u202c", "app_password": f"{pds.password}\n"}
        connection = network.connect(http, typed)
        assert connection.identity.id == pds.did
        assert connection.identity.name == "@mairie.test"
        assert connection.credentials["pds"] == pds.url
        assert pds.password not in repr(connection)

    def test_wrong_password(self, http, pds):
        wrong = {"handle": pds.handle, "app_password": "abcd-efgh-ijkl-mnop"}
        assert code(lambda: network.connect(http, wrong), Unauthorized) == "wrong_password"

    def test_unknown_handle(self, http):
        answers = {"handle": "personne.test", "app_password": "x"}
        assert code(lambda: network.connect(http, answers), Rejected) == "handle_unknown"

    def test_the_record(self, http, credentials, pds, key):
        card = Card("https://ville.example/a", "Titre", "Résumé")
        text = f"Été à https://ville.example/a « #Fête » @{pds.handle} @personne.test 👨‍👩‍👧"
        network.publish(http, credentials, Post(text, NOW, language="fr", card=card), key)
        value = next(record["value"] for record in pds.records() if record["uri"].endswith(key))
        assert value["createdAt"] == "2026-11-22T08:30:15.123Z"
        assert value["langs"] == ["fr"]
        assert value["embed"]["external"] == {"uri": card.url, "title": "Titre", "description": "Résumé"}
        features = [facet["features"][0] for facet in value["facets"]]
        assert [feature.get("uri") or feature.get("tag") or feature.get("did") for feature in features] == [
            "https://ville.example/a",
            "Fête",
            pds.did,
        ]

    def test_a_picture_with_its_alt_text(self, http, credentials, pds, key):
        data = BytesIO()
        Image.new("RGB", (40, 30), "red").save(data, "JPEG")
        picture = Picture(data.getvalue(), "image/jpeg", 40, 30, "Un carré rouge")
        post = Post("Avec image", NOW, pictures=(picture,))
        first = network.publish(http, credentials, post, key)
        assert network.publish(http, credentials, post, key) == first
        (image,) = next(r["value"] for r in pds.records() if r["uri"] == first.id)["embed"]["images"]
        assert image["alt"] == "Un carré rouge"
        assert image["aspectRatio"] == {"width": 40, "height": 30}
        assert pds.blob(image["image"]["ref"]["$link"]) == picture.data

    def test_the_largest_pictures_are_taken(self, http, credentials, key):
        data = BytesIO()
        Image.new("RGB", (40, 30), "red").save(data, "JPEG")
        full = Picture(data.getvalue().ljust(network.limits.image_bytes, b"\0"), "image/jpeg", 40, 30, "Plein")
        assert network.publish(http, credentials, Post("Quatre", NOW, pictures=(full,) * 4), key).id

    @pytest.mark.parametrize(
        "text, fits", [("👨‍👩‍👧" * 100, True), ("é" * 301, False), ("é" * 300, True), ("👨‍👩‍👧" * 170, False)]
    )
    def test_limits_are_the_servers(self, http, credentials, key, text, fits):
        limits = network.limits
        assert fits == (limits.measure(text) <= limits.text and utf8(text) <= limits.text_bytes)
        if fits:
            network.publish(http, credentials, Post(text, NOW), key)
        else:
            assert code(lambda: network.publish(http, credentials, Post(text, NOW), key), Rejected) == "rejected"

    def test_an_unusable_session_is_told_and_renewed(self, http, credentials, post, key):
        stale = {**credentials, "access": "eyJhbGciOiJIUzI1NiJ9.e30.x", "refresh": "eyJhbGciOiJIUzI1NiJ9.e30.x"}
        with pytest.raises(Unauthorized):
            network.publish(http, stale, post, key)
        assert network.publish(http, network.refresh(http, stale), post, key)

    def test_a_changed_post_under_the_same_key_stays_one(self, http, credentials, seen, post, key):
        network.publish(http, credentials, post, key)
        before = len(seen())
        network.publish(http, credentials, replace(post, text="Autre"), key)
        assert len(seen()) == before
        assert post.text not in seen()


class TestBlueskyFollowedOnItsServer(OnItsServer):
    """A bare server has no app.bsky.feed.getAuthorFeed: what is read are the records of the author."""

    def follow(self, http, who):
        return network.follow(http, network.subject(f"https://bsky.app/profile/{who}"), 10)

    def tell(self, pds, account, record):
        """Sets the account's profile."""
        login = {"identifier": account.handle, "password": account.password}
        session = pds.xrpc("com.atproto.server.createSession", login)
        place = {"repo": account.did, "collection": "app.bsky.actor.profile", "rkey": "self"}
        record = {"$type": "app.bsky.actor.profile", **record}
        pds.xrpc("com.atproto.repo.putRecord", {**place, "record": record}, session["accessJwt"])

    @pytest.fixture
    def town(self, http, pds):
        """An account of its own, with three posts: words, a picture, a reply."""
        account = pds.account(f"ville-{uuid.uuid4().hex[:6]}")
        credentials = network.connect(http, {"handle": account.handle, "app_password": account.password}).credentials
        card = Card("https://ville.example/a", "Titre", "Résumé")
        text = "Été à https://ville.example/a « #Fête »\n\nÀ 18\u202fh 👨‍👩‍👧"
        words = network.publish(http, credentials, Post(text, NOW, language="fr", card=card), network.key("1", NOW))
        data = BytesIO()
        Image.new("RGB", (40, 30), "red").save(data, "JPEG")
        image = Picture(data.getvalue(), "image/jpeg", 40, 30, "Un carré rouge")
        later = NOW + timedelta(minutes=1)
        network.publish(http, credentials, Post("Image", later, pictures=(image,)), network.key("2", later))
        later += timedelta(minutes=1)
        network.reply(http, credentials, words.id, Post("Suite", later), network.key("3", later))
        return account, words, image

    @pytest.mark.parametrize("by", ["handle", "did"])
    def test_what_an_account_says(self, http, pds, town, by):
        account, words, picture = town
        self.tell(pds, account, {"displayName": "Ville de X"})
        feed = self.follow(http, getattr(account, by))
        assert (feed.title, feed.url) == ("Ville de X", f"https://bsky.app/profile/{account.handle}")
        reply, image, first = feed.entries
        assert (first.id, first.url) == (words.id, words.url)
        assert first.text == "Été à https://ville.example/a « #Fête »\n\nÀ 18\u202fh 👨‍👩‍👧"
        assert (first.link, first.language, first.tags) == ("https://ville.example/a", "fr", ("Fête",))
        assert first.author == f"@{account.handle}"
        assert [(one.alt, one.width, one.height) for one in image.images] == [("Un carré rouge", 40, 30)]
        assert http.get(image.images[0].url).body == picture.data
        assert [entry.is_reply for entry in feed.entries] == [True, False, False]

    def test_who_asks_to_be_shown_to_members_only_is_not_shown(self, http, pds, town):
        label = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}
        self.tell(pds, town[0], {"labels": label})
        assert code(lambda: self.follow(http, town[0].handle), Rejected) == "members_only"

    @pytest.mark.parametrize("by", ["handle", "did"])
    def test_an_account_that_is_switched_off(self, http, pds, town, by):
        account, *_ = town
        login = {"identifier": account.handle, "password": account.owner}
        token = pds.xrpc("com.atproto.server.createSession", login)["accessJwt"]
        pds.xrpc("com.atproto.server.deactivateAccount", {}, token)
        assert code(lambda: self.follow(http, getattr(account, by)), Rejected) == "profile_gone"

    def test_nobody_of_that_name(self, http):
        assert code(lambda: self.follow(http, "personne.test"), Rejected) == "profile_gone"


class TestBlueskyFollowUpOnItsServer(OnItsServer, FollowUpContract):
    network = network

    @pytest.fixture
    def read(self, pds):
        def read(id):
            for record in (record["value"] for record in pds.records() if record["uri"] == id):
                return see(record)

        return read

    def test_a_conversation_has_one_root(self, http, credentials, pds, out, answer, reply):
        first = reply(answer)
        again = replace(answer, answers=first.id)
        second = network.reply(http, credentials, first.id, again, network.key(f"after {first.id}", NOW))
        known = {record["uri"]: record for record in pds.records()}
        root, parent = ({"uri": id, "cid": known[id]["cid"]} for id in (out.id, first.id))
        assert known[first.id]["value"]["reply"] == {"root": root, "parent": root}
        assert known[second.id]["value"]["reply"] == {"root": root, "parent": parent}

    def test_the_same_reply_twice_is_one(self, seen, reply, answer):
        assert reply(answer) == reply(answer)
        assert seen().count(answer.text) == 1

    def test_what_another_account_said_is_not_taken_for_deleted(self, http, pds, out, read):
        other = pds.account("autre-mairie")
        others = network.connect(http, {"handle": other.handle, "app_password": other.password}).credentials
        code(lambda: network.delete(http, others, out.id), Unauthorized)
        assert read(out.id)

    def test_what_somebody_else_said_is_answered(self, http, credentials, pds, out, answer):
        """They are on the same server here, which is asked as any other: by their own address, as a stranger."""
        other = pds.account(f"habitant-{uuid.uuid4().hex[:6]}")
        others = network.connect(http, {"handle": other.handle, "app_password": other.password}).credentials
        said = network.publish(http, others, replace(answer, text="Et le soir ?", answers=""), network.key("1", NOW))
        reply = replace(answer, answers=said.id)
        made = network.reply(http, credentials, said.id, reply, network.key("2", NOW))
        kept = next(record["value"] for record in pds.records() if record["uri"] == made.id)
        theirs = pds.records(other.did)[0]
        assert kept["reply"]["parent"] == {"uri": said.id, "cid": theirs["cid"]}
        assert network.find(http, credentials, reply, network.key("2", NOW)) == made
        network.delete(http, others, said.id)
        assert (
            code(lambda: network.reply(http, credentials, said.id, reply, network.key("3", NOW)), Rejected)
            == "post_gone"
        )

    def test_a_server_without_an_index_hears_nothing(self, http, credentials, out):
        with pytest.raises(NetworkError):
            network.hear(http, credentials, out.id)

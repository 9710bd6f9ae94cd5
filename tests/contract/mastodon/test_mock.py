"""Mastodon against a stateful server that somebody else wrote after its reference."""

from collective.socialterritory.accounts.consent import Consent
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks.mastodon import network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.plain import shown
from contract.base import caught
from contract.base import NetworkContract
from contract.base import picture
from contract.follow_up import FollowUpContract
from contract.follow_up import See
from datetime import datetime
from datetime import UTC
from scripted_consent import BACK
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import pytest
import time
import uuid


STATUSES = "/api/v1/statuses"


class OnTheMock:
    @pytest.fixture(autouse=True)
    def environment(self, mastodon_mock, monkeypatch):
        for name, value in mastodon_mock.environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        yield
        mastodon_mock.calm()

    @pytest.fixture
    def http(self, environment):
        http = Http.from_environment()
        http.deadline = 5.0
        return http

    @pytest.fixture
    def connection(self, http, mastodon_mock):
        client = network.client(http, {"server": f"@testuser@{mastodon_mock.host}"}, BACK)
        consent = Consent(client, BACK, network.scopes)
        back = dict(parse_qsl(urlsplit(mastodon_mock.consent(consent.address())).query))
        assert back["state"] == consent.state
        (connection,) = network.identify(http, client, consent.tokens(http, back["code"]))
        return connection

    @pytest.fixture
    def credentials(self, connection):
        return connection.credentials

    @pytest.fixture
    def statuses(self, mastodon_mock, credentials):
        return lambda: mastodon_mock.statuses(credentials["token"], credentials["account"])

    @pytest.fixture
    def seen(self, statuses):
        return lambda: [shown(status["content"])[0] for status in statuses()]


class TestMastodonOnTheMock(OnTheMock, NetworkContract):
    network = network

    def test_who_we_are(self, connection, mastodon_mock, http):
        who = connection.identity
        assert who.name == f"@testuser@{mastodon_mock.host}"
        assert who.url == f"{mastodon_mock.url}/@testuser"
        assert who.facts["software"] == "mastodon"
        assert who.facts["bytes"] == "10485760"
        assert network.limits_of(who.facts).text == 500
        assert network.whoami(http, connection.credentials) == who

    def test_no_mastodon_behind_the_name(self, mastodon_mock, http):
        mastodon_mock.fault("POST", "/api/v1/apps", type="status", status=404)
        error = caught(lambda: network.client(http, {"server": mastodon_mock.url}, BACK), Rejected)
        assert error.code == "not_mastodon"

    def test_a_picture_with_its_alt_text(self, http, credentials, statuses, key, post):
        network.publish(http, credentials, Post(post.text, post.created, pictures=(picture(),)), key)
        (media,) = statuses()[0]["media_attachments"]
        assert media["description"] == picture().alt
        assert http.get(media["url"]).body == picture().data

    def test_a_repeat_under_the_same_key_is_one_post(self, http, credentials, seen, post, key):
        assert network.publish(http, credentials, post, key) == network.publish(http, credentials, post, key)
        assert seen().count(post.text) == 1

    def test_a_post_is_found_by_link_and_mention(self, http, credentials, key):
        link = f"https://www.ville.example/{uuid.uuid4().hex}?a=1&b=2"
        post = Post(f"Voir {link}\n\n« Merci » @asso@mastodon.example <b>", datetime.now(UTC), link=link)
        receipt = network.publish(http, credentials, post, key)
        assert network.find(http, credentials, post, key) == receipt
        assert network.find(http, credentials, Post(post.text, post.created), key) == receipt
        assert network.find(http, credentials, Post("Autre", post.created, link=link), key) == receipt

    def test_a_text_that_is_too_long(self, http, credentials, key):
        long = Post("é" * 501, datetime.now(UTC))
        error = caught(lambda: network.publish(http, credentials, long, key), Rejected)
        assert "too long" in error.params["reason"]

    def test_a_bad_token(self, http, credentials, post, key):
        bad = {**credentials, "token": "bad"}
        assert caught(lambda: network.publish(http, bad, post, key), Unauthorized).code == "unauthorized"

    @pytest.mark.parametrize(
        "effect, error, code",
        [
            ({"type": "status", "status": 500}, OutcomeUnknown, "server_error"),
            ({"type": "status", "status": 503}, OutcomeUnknown, "server_error"),
            ({"type": "malformed"}, OutcomeUnknown, "not_json"),
            ({"type": "status", "status": 401}, Unauthorized, "unauthorized"),
            ({"type": "status", "status": 422}, Rejected, "rejected"),
            ({"type": "ratelimit"}, RateLimited, "rate_limited"),
        ],
    )
    def test_faults_of_the_post(self, mastodon_mock, http, credentials, seen, post, key, effect, error, code):
        mastodon_mock.fault("POST", STATUSES, **effect)
        raised = caught(lambda: network.publish(http, credentials, post, key), error)
        assert raised.code == code
        if error is RateLimited:
            assert raised.retry_after == 300
        assert network.find(http, credentials, post, key) is None
        receipt = network.publish(http, credentials, post, key)
        assert network.find(http, credentials, post, key) == receipt
        assert seen().count(post.text) == 1

    def test_after_a_late_answer_we_see_what_readers_see(self, mastodon_mock, http, credentials, seen, post, key):
        http.deadline = 0.5
        mastodon_mock.fault("POST", STATUSES, type="latency", delay_ms=1500)
        raised = caught(lambda: network.publish(http, credentials, post, key), OutcomeUnknown)
        assert raised.code == "read_timeout"
        http.deadline = 5.0
        time.sleep(2)
        found = network.find(http, credentials, post, key)
        assert seen().count(post.text) == bool(found)
        if not found:
            network.publish(http, credentials, post, key)
        assert seen().count(post.text) == 1

    @pytest.mark.parametrize("effect", [{"type": "status", "status": 503}, {"type": "malformed"}])
    @pytest.mark.parametrize("method, path", [("POST", "/api/v2/media"), ("GET", "/api/v1/accounts/*/statuses")])
    def test_faults_without_a_doubt(self, mastodon_mock, http, credentials, key, post, method, path, effect):
        mastodon_mock.fault(method, path, **effect)
        with_picture = Post(post.text, post.created, pictures=(picture(),))
        call = network.publish if method == "POST" else network.find
        caught(lambda: call(http, credentials, with_picture, key), Transient)


class TestMastodonFollowUpOnTheMock(OnTheMock, FollowUpContract):
    network = network
    carried_out = frozenset({"text", "link"})

    @pytest.fixture
    def read(self, statuses):
        def read(id):
            for status in (status for status in statuses() if status["id"] == id):
                text, links = shown(status["content"])
                pictures = [one["description"] for one in status["media_attachments"]]
                return See(text, links, pictures, status["in_reply_to_id"] or "")

        return read

    @pytest.mark.parametrize(
        "effect, error, code",
        [
            ({"type": "status", "status": 503}, OutcomeUnknown, "server_error"),
            ({"type": "malformed"}, OutcomeUnknown, "not_json"),
            ({"type": "status", "status": 401}, Unauthorized, "unauthorized"),
            ({"type": "status", "status": 405}, Rejected, "no_edits"),
            ({"type": "ratelimit"}, RateLimited, "rate_limited"),
        ],
    )
    def test_faults_of_an_edit(self, mastodon_mock, out, post, edit, read, effect, error, code):
        mastodon_mock.fault("PUT", f"{STATUSES}/{out.id}", **effect)
        assert caught(lambda: edit(Post("Autre", post.created)), error).code == code
        assert read(out.id).text == post.text
        assert edit(Post("Autre", post.created)).id == out.id
        assert read(out.id).text == "Autre"

    @pytest.mark.parametrize("effect", [{"type": "status", "status": 503}, {"type": "malformed"}])
    def test_faults_of_a_deletion(self, mastodon_mock, http, credentials, out, read, effect):
        mastodon_mock.fault("DELETE", f"{STATUSES}/{out.id}", **effect)
        caught(lambda: network.delete(http, credentials, out.id), OutcomeUnknown)
        network.delete(http, credentials, out.id)
        assert read(out.id) is None


class TestMastodonFollowedOnTheMock(OnTheMock):
    @pytest.fixture
    def account(self, mastodon_mock):
        return network.subject(f"{mastodon_mock.url}/@{mastodon_mock.username}")

    def test_what_an_account_says(self, http, credentials, account, mastodon_mock):
        link, tag = f"https://www.ville.example/{uuid.uuid4().hex}?a=1", f"fete{uuid.uuid4().hex[:6]}"
        text = f"Voir {link}\n\n« Merci » #{tag}"
        at = datetime.now(UTC)
        said = Post(text, at, pictures=(picture(),), language="fr")
        receipt = network.publish(http, credentials, said, uuid.uuid4().hex)
        feed = network.follow(http, account, 1)
        (entry,) = feed.entries
        assert (entry.id, entry.url, entry.author) == (receipt.id, receipt.url, f"@testuser@{mastodon_mock.host}")
        assert (entry.text.split(), entry.link, entry.tags, entry.language) == (text.split(), link, (tag,), "fr")
        assert abs((entry.published - at).total_seconds()) < 60
        assert [image.alt for image in entry.images] == [picture().alt]
        assert feed.title and feed.url.startswith(mastodon_mock.url)
        hashtag = network.follow(http, network.subject(f"{mastodon_mock.url}/tags/{tag}"), 5)
        assert [one.id for one in hashtag.entries] == [receipt.id]

    def test_what_is_for_followers_only_is_not_read(self, http, credentials, account, mastodon_mock):
        headers = {"Authorization": f"Bearer {credentials['token']}"}
        said = {"status": f"Discret {uuid.uuid4().hex}", "visibility": "private"}
        assert http.post(f"{mastodon_mock.url}{STATUSES}", json=said, headers=headers).status == 200
        assert said["status"] not in [entry.text for entry in network.follow(http, account, 40).entries]

    def test_nobody_of_that_name(self, http, mastodon_mock):
        raised = caught(lambda: network.follow(http, f"{mastodon_mock.url}/@personne", 5), Rejected)
        assert raised.code == "profile_gone"

    @pytest.mark.parametrize(
        "effect, error, code",
        [
            ({"type": "status", "status": 401}, Rejected, "anonymous_refused"),
            ({"type": "status", "status": 503}, Transient, "server_error"),
            ({"type": "malformed"}, Transient, "not_json"),
            ({"type": "ratelimit"}, RateLimited, "rate_limited"),
        ],
    )
    def test_faults(self, http, account, mastodon_mock, effect, error, code):
        mastodon_mock.fault("GET", "/api/v1/accounts/lookup", **effect)
        assert caught(lambda: network.follow(http, account, 5), error).code == code


class TestMastodonHeardOnTheMock(OnTheMock):
    @pytest.fixture
    def person(self, mastodon_mock):
        return mastodon_mock.person(f"habitant{uuid.uuid4().hex[:8]}")

    @pytest.fixture
    def out(self, http, credentials):
        return network.publish(http, credentials, Post("Menu de la cantine", datetime.now(UTC)), uuid.uuid4().hex)

    @pytest.fixture
    def hear(self, http, credentials, out):
        return lambda: network.hear(http, credentials, out.id)

    def test_what_others_answer(self, mastodon_mock, hear, out, person):
        """Written, answered among each other, edited, deleted."""
        assert (hear().replies, hear().gone) == ((), False)
        first = person.say("Et le <b>goûter</b> ? https://ville.example/a", out.id)
        second = person.say("Personne ne sait", first)
        person.say("Entre nous", out.id, "direct")
        told = [(one.id, one.parent, one.text) for one in hear().replies]
        assert told == [
            (first, out.id, "Et le <b>goûter</b> ? https://ville.example/a"),
            (second, first, "Personne ne sait"),
        ]
        author = hear().replies[0].author
        assert (author.name, author.handle) == (person.name, f"@{person.name}@{mastodon_mock.host}")
        assert author.url and author.avatar and not hear().replies[0].ours
        person.edit(first, "Et le dessert ?")
        assert hear().replies[0].text == "Et le dessert ?"
        assert hear().replies[0].edited
        person.delete(second)
        assert [one.id for one in hear().replies] == [first]
        assert hear().complete

    def test_an_answer_to_a_reader(self, http, credentials, hear, out, person):
        to = person.say("Et le goûter ?", out.id)
        answer = Post(f"@{person.name} À 16 h", datetime.now(UTC), answers=to)
        assert network.find(http, credentials, answer, "k") is None
        receipt = network.reply(http, credentials, to, answer, uuid.uuid4().hex)
        assert network.find(http, credentials, answer, "k") == receipt
        _, ours = hear().replies
        assert (ours.id, ours.parent, ours.ours) == (receipt.id, to, True)

    def test_a_post_that_is_gone(self, http, credentials, hear, out):
        network.delete(http, credentials, out.id)
        assert hear().gone

    @pytest.mark.parametrize(
        "effect, error, code",
        [
            ({"type": "status", "status": 503}, Transient, "server_error"),
            ({"type": "status", "status": 401}, Unauthorized, "unauthorized"),
            ({"type": "malformed"}, Transient, "not_json"),
            ({"type": "ratelimit"}, RateLimited, "rate_limited"),
        ],
    )
    def test_faults(self, mastodon_mock, hear, out, effect, error, code):
        mastodon_mock.fault("GET", f"{STATUSES}/{out.id}/context", **effect)
        assert caught(hear, error).code == code

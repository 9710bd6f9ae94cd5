"""Instagram on the scripted server: the contract, what is sent, and what Meta fetches."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks import graph
from collective.socialterritory.networks import meanings
from collective.socialterritory.networks.instagram import network
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Deletes
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Prepares
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.networks.model import Replies
from collective.socialterritory.networks.reading import Measures
from collective.socialterritory.networks.reading import Reads
from contract.base import caught
from contract.base import picture
from contract.failures import FailureContract
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said
from io import BytesIO
from pictures import lent
from PIL import Image

import json
import pytest
import uuid


NOW = datetime.now(UTC)


@pytest.fixture
def post():
    return Post(f"Réunion publique {uuid.uuid4().hex[:8]} #Été", datetime.now(UTC), pictures=(picture(),))


@pytest.mark.usefixtures("at_once")
class TestInstagram(FailureContract):
    network = network
    refuses_repeats = True
    post_step = "publish"
    steps = {"create": "prepare", "quota": "prepare", "status": "publish", "gram": "whoami"}

    @pytest.fixture
    def post(self, post):
        return post


def test_facts():
    assert all(isinstance(network, ability) for ability in (Finds, Consents, Prepares, Reads, Measures))
    assert not any(isinstance(network, ability) for ability in (Connects, Deletes, Edits, Refreshes, Replies))
    assert network.fetches
    assert network.limits.picture
    assert not network.limits.clickable
    assert network.origins({}) == ["https://graph.facebook.com"]


@pytest.fixture
def find(http, credentials):
    return lambda post, key: network.find(http, credentials, post, key)


# Prepared


def test_a_picture_is_fetched_and_told_in_words(account, publish, post):
    receipt = publish(post)
    (media,) = account.media
    assert (media["said"], media["pictures"]) == (post.text, [{"data": picture().data, "alt": picture().alt}])
    assert (receipt.id, receipt.url) == (media["id"], media["permalink"])


def test_several_pictures_are_one_post_in_their_order(server, account, publish, post):
    words = ["Une affiche", "", "La place"]
    publish(replace(post, pictures=tuple(map(picture, words))))
    (media,) = account.media
    assert ([one["alt"] for one in media["pictures"]], media["media_type"]) == (words, "CAROUSEL_ALBUM")
    assert server.calls["create"] == 4
    assert server.posts() == [post.text]


def test_nothing_is_posted_without_a_picture(server, prepare, post):
    assert caught(lambda: prepare(replace(post, pictures=())), Rejected).code == "picture_needed"
    assert server.calls.total() == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a.jpg", "", "file:///etc/passwd"])
def test_a_picture_that_cannot_be_fetched_is_tried_again(server, prepare, post, url):
    lost = replace(picture(), url=url)
    assert caught(lambda: prepare(replace(post, pictures=(lost,))), Transient).code == "picture_unfetched"


@pytest.mark.parametrize(("size", "kind"), [((300, 900), "JPEG"), ((900, 300), "JPEG"), ((900, 900), "PNG")])
def test_pictures_that_instagram_does_not_take(prepare, post, size, kind):
    stream = BytesIO()
    Image.new("RGB", size).save(stream, kind)
    wrong = replace(picture(), url=lent(stream.getvalue(), f"image/{kind.lower()}"))
    assert caught(lambda: prepare(replace(post, pictures=(wrong,))), Rejected).code == "image_refused"


def test_the_posts_of_a_day_are_counted_before(server, prepare, publish, post):
    server.quota = 1
    publish(post)
    raised = caught(lambda: prepare(post), RateLimited)
    assert (raised.code, raised.retry_after) == ("daily_limit", meanings.QUOTA)
    assert server.calls["create"] == 1


def test_the_posts_of_a_day_that_were_used_up_meanwhile(server, prepare, go, post):
    key = prepare(post)
    server.quota = 0
    assert caught(lambda: go(post, key), RateLimited).code == "daily_limit"


@pytest.mark.parametrize("said", [{}, {"data": None}, {"data": [{}]}, {"data": [{"quota_usage": 9, "config": {}}]}])
def test_limits_that_are_not_understood_forbid_nothing(server, prepare, post, said):
    server.instead["quota"] = Said(200, json.dumps(said).encode())
    assert prepare(post)


@pytest.mark.parametrize("said", [b"{}", b'{"id": null}', b'{"id": []}'])
def test_a_container_without_an_id(server, prepare, post, said):
    server.instead["create"] = Said(200, said)
    assert caught(lambda: prepare(post), Transient).code == "not_json"


# Published once


def test_what_is_not_ready_is_waited_for(server, prepare, go, find, post):
    server.slow = 2
    key = prepare(post)
    assert caught(lambda: go(post, key), Transient).code == "not_ready"
    assert caught(lambda: find(post, key), Transient).code == "not_ready"
    assert find(post, key) is None
    assert go(post, key)
    assert server.calls["create"] == 1


def test_what_is_not_ready_although_it_was(server, prepare, go, post):
    key = prepare(post)
    server.instead["status"] = Said(200, b'{"status_code": "FINISHED"}')
    server.containers[key].slow = 1
    assert caught(lambda: go(post, key), Transient).code == "not_ready"


@pytest.mark.parametrize("how", ["expired", "error", "gone"])
def test_what_is_good_no_more_is_prepared_anew(server, prepare, go, find, post, at_once, how):
    server.break_next = "INVALID_ASPECT" if how == "error" else ""
    key = prepare(post)
    if how == "expired":
        server.now = lambda: datetime.now(UTC) + timedelta(hours=25)
    elif how == "gone":
        del server.containers[key]
    raised = caught(lambda: go(post, key), Transient)
    assert (raised.code, "INVALID_ASPECT" in raised.params["reason"]) == ("prepared_over", how == "error")
    assert find(post, key) is None
    assert server.posts() == []
    assert go(post, prepare(post))


def test_what_is_out_is_not_published_again(server, prepare, go, find, post):
    key = prepare(post)
    receipt = go(post, key)
    assert go(post, key) == find(post, key) == receipt
    assert server.calls["publish"] == 1


@pytest.mark.parametrize("fault", ["", "500_before", "timeout_after", "expired"])
def test_what_is_out_and_not_listed_yet_is_a_doubt(server, http, prepare, go, find, post, fault):
    """Whatever happens then must not have it prepared anew."""
    server.lag, server.hold, http.deadline = 300.0, 1.0, 0.7
    key = prepare(post)
    go(post, key)
    server.script("media", fault)
    assert caught(lambda: go(post, key), OutcomeUnknown).code == "not_yet_sure"
    assert caught(lambda: find(post, key), Transient).code == "not_yet_sure"
    server.lag = 0.0
    assert find(post, key)
    assert server.posts() == [post.text]


@pytest.mark.parametrize("stands", ["PUBLISHED", "FINISHED", "ERROR", ""])
def test_what_an_earlier_try_is_publishing_just_now_is_never_prepared_anew(server, http, prepare, go, post, stands):
    """Meta refuses it, and says only then, or not even then, that it is out."""
    key = prepare(post)
    receipt = go(post, key)
    standing = server.instead["status"] = Said(200, b'{"status_code": "FINISHED"}')
    request = http.request

    def asked(verb, url, **how):
        answer = request(verb, url, **how)
        if "media_publish" in url:
            standing.body = json.dumps({"status_code": stands}).encode()
        return answer

    http.request = asked
    if stands == "PUBLISHED":
        assert go(post, key) == receipt
    else:
        code = {"FINISHED": "not_ready", "ERROR": "prepared_over"}.get(stands, "not_yet_sure")
        assert caught(lambda: go(post, key), Transient if stands else OutcomeUnknown).code == code
    assert server.posts() == [post.text]
    assert server.twice == [key]
    server.twice.clear()


def test_a_container_that_is_gone_while_its_post_is_young(server, prepare, go, find, post):
    key = prepare(post)
    del server.containers[key]
    assert caught(lambda: find(post, key), Transient).code == "not_yet_sure"
    old = replace(post, created=datetime.now(UTC) - timedelta(minutes=3))
    assert find(old, key) is None


def test_a_preparation_whose_answer_was_lost_published_nothing(server, find, post):
    assert find(post, "") is None
    assert server.calls.total() == 0


def test_a_post_is_known_by_its_words(server, account, prepare, go, find, post):
    for number in range(60):
        server.say(account, f"Autre {number}", NOW)
    server.say(account, post.text, NOW - timedelta(minutes=30))
    key = prepare(post)
    receipt = go(post, key)
    for number in range(60):
        server.say(account, f"Encore {number}")
    assert find(post, key) == receipt


def test_what_was_said_long_before_is_not_looked_through(server, account, prepare, find, post):
    for number in range(120):
        server.say(account, f"Autre {number}", NOW - timedelta(hours=2))
    key = prepare(post)
    del server.containers[key]
    assert find(replace(post, created=NOW - timedelta(minutes=3)), key) is None
    assert server.calls["media"] == 1


@pytest.mark.parametrize("said", [{}, {"status_code": None}, {"status_code": "SOON"}])
def test_a_standing_that_is_none(server, prepare, go, find, post, said):
    key = prepare(post)
    server.instead["status"] = Said(200, json.dumps(said).encode())
    assert [caught(call, Transient).code for call in (lambda: go(post, key), lambda: find(post, key))] == [
        "not_json"
    ] * 2


@pytest.mark.parametrize("rows", [[{}], [{"id": "1"}], [{"timestamp": f"{NOW:%Y-%m-%dT%H:%M:%S+0000}"}], ["a"]])
def test_a_list_that_makes_no_sense_is_no_no(server, prepare, go, find, post, rows):
    key = prepare(post)
    go(post, key)
    server.instead["media"] = Said(200, json.dumps({"data": rows}).encode())
    assert caught(lambda: find(post, key), Transient).code == "not_json"


@pytest.mark.parametrize("fault", ["", "500_before", "timeout_after", "html_200"])
def test_a_post_that_is_there_has_an_address_whatever_happens(server, http, publish, account, post, fault):
    server.hold, http.deadline = 1.0, 0.7
    server.script("medium", fault)
    receipt = publish(post)
    assert receipt.id == account.media[0]["id"]
    assert receipt.url in ("https://www.instagram.com/ville/", account.media[0]["permalink"])


@pytest.mark.parametrize("said", [b"{}", b'{"id": "\\n"}', b"[]"])
def test_a_post_without_an_id_is_a_doubt(server, prepare, go, post, said):
    key = prepare(post)
    server.instead["publish"] = Said(200, said)
    assert caught(lambda: go(post, key), OutcomeUnknown).code == "not_json"


# What Meta means


@pytest.mark.parametrize(
    ("code", "subcode", "kind", "meant"),
    [
        (-2, 2207003, Transient, "picture_unfetched"),
        (9004, 2207052, Transient, "picture_unfetched"),
        (1, 2207052, Transient, "picture_unfetched"),
        (-2, 2207020, Transient, "not_ready"),  # its container says that it is finished
        (24, 2207006, Transient, "not_ready"),
        (24, 2207008, Transient, "not_ready"),
        (9007, 2207027, Transient, "not_ready"),
        (9, 2207042, RateLimited, "daily_limit"),
        (4, 2207051, RateLimited, "blocked"),
        (4, None, RateLimited, "rate_limited"),
        (25, 2207050, Unauthorized, "restricted"),
        (36000, 2207004, Rejected, "image_refused"),
        (36001, 2207005, Rejected, "image_refused"),
        (36003, 2207009, Rejected, "image_refused"),
        (36004, 2207010, Rejected, "rejected"),
        (-1, 2207032, OutcomeUnknown, "server_error"),
    ],
)
def test_refusals(server, prepare, go, post, code, subcode, kind, meant):
    key = prepare(post)
    error = {"message": "No", "code": code, "error_subcode": subcode}
    server.instead["publish"] = Said(400, json.dumps({"error": error}).encode())
    assert caught(lambda: go(post, key), kind).code == meant


def test_a_right_that_is_taken_back(server, prepare, post):
    (rights,) = server.person.granted.values()
    rights["instagram_content_publish"] = "declined"
    assert caught(lambda: prepare(post), Unauthorized).code == "scopes"


def test_a_version_that_has_ended(server, http, credentials, monkeypatch):
    monkeypatch.setenv("SOCIALTERRITORY_GRAPH_VERSION", "v9.0")
    assert caught(lambda: network.whoami(http, credentials), Transient).code == "graph_version_over"


@pytest.mark.parametrize("said", [b"{}", b'{"id": "1"}', b'{"username": "a"}'])
def test_nobody(server, http, credentials, said):
    server.instead["gram"] = Said(200, said)
    assert caught(lambda: network.whoami(http, credentials), Transient).code == "not_json"


def test_no_token_is_in_an_address(http, credentials, publish, post, monkeypatch):
    found, request = [], http.request
    monkeypatch.setattr(http, "request", lambda verb, url, **how: found.append(url) or request(verb, url, **how))
    publish(post)
    network.whoami(http, credentials)
    secrets = [credentials["token"], credentials["app_secret"]]
    assert len(found) == 6 and not any(secret in url for url in found for secret in secrets)
    assert graph.base() in found[0]

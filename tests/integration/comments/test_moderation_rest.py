"""@moderation over real HTTP: what each person may know of and do, and a clear answer to whatever else comes."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.deciding import find
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import news
from commenting import said
from plone import api
from rest import Client

import pytest
import transaction


PASSWORD = "A-long-one-1"


class Desk:
    """A page of the site and one of its section sport, with a comment on each; camille moderates all, lou sport."""

    def __init__(self, town):
        self.site, self.town = town.site, town
        with api.env.adopt_roles(["Manager"]):
            for id, name in (("camille", "Camille Durand"), ("lou", "Lou Martin")):
                api.user.create(f"{id}@town.example", id, PASSWORD, properties={"fullname": name})
            api.user.grant_roles(username="camille", roles=["Member", "Social Moderator"])
            sport = api.content.create(self.site, "Folder", id="sport")
            api.content.transition(sport, to_state="published")
            sport.manage_setLocalRoles("lou", ["Social Moderator"])
            self.pages = news(self.site), news(sport, "match", "Match")
        self.here, self.there = (
            facts.key(said(page, text)) for page, text in zip(self.pages, ("Ici", "Sport"), strict=True)
        )
        transaction.commit()

    def __getattr__(self, name):
        return Client(self.town.url, name)

    def comment(self, key):
        transaction.begin()
        return find(key)

    def state(self, key):
        return facts.state(self.comment(key))

    def said(self, text, page=0, **known):
        key = facts.key(said(self.pages[page], text, **known))
        transaction.commit()
        return key

    def listed(self, who="camille", **query):
        answer = Client(self.town.url, who).get("@moderation", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def desk(town):
    return Desk(town)


def texts(listed):
    return [item["text"] for item in listed["items"]]


def act(client, ids, action="approve", **more):
    return client.post("@moderation", {"ids": ids, "action": action, **more})


def outcomes(answer):
    return {one["id"]: (one["status"], one["outcome"]) for one in answer.json()["outcomes"]}


def test_people_see_what_they_moderate_and_nothing_else(desk):
    assert texts(desk.listed()) == ["Sport", "Ici"]
    assert texts(desk.listed("lou")) == ["Sport"]
    assert texts(desk.listed("member")) == []
    assert desk.listed("lou", state="pending")["items_total"] == 1
    answer = desk.town.anonymous.get("@moderation")
    assert answer.status_code == 401 and "Ici" not in answer.text
    assert act(desk.town.anonymous, [desk.here]).status_code == 401


def test_a_row_has_all_that_a_desk_needs_and_no_address(desk):
    first = desk.comment(desk.here)
    first.author_email = "jeanne@example.org"
    facts.keep(first, author="mail:abc", rules=("links", "word:nul", "elder"), digest="d")
    first.reindexObject()
    said(desk.pages[0], "Réponse", parent=first, author="mail:abc")
    transaction.commit()
    answer = desk.camille.get("@moderation", state="pending", section="bancs")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "jeanne@example.org" not in answer.text
    row, reply = answer.json()["items"]
    assert (row["id"], row["text"], row["state"], row["source"], row["revision"]) == (
        desk.here,
        "Ici",
        "pending",
        "site",
        0,
    )
    assert row["author"] == {
        "id": "mail:abc",
        "name": "Jeanne",
        "history": {"pending": 2, "published": 0, "rejected": 0, "spam": 0},
    }
    assert [rule["title"] for rule in row["rules"]] == ["Many links", "A word that makes comments wait: “nul”", "elder"]
    assert {"approve", "reject", "spam"} <= {action["name"] for action in row["actions"]}
    assert row["item"]["title"] == "Nouveaux bancs au parc" and row["@id"].endswith(
        f"/bancs?comment={first.id}#comment-{first.id}"
    )
    assert (row["parent"], reply["parent"]["id"], reply["parent"]["text"]) == (None, desk.here, "Ici")
    assert [one["id"] for one in answer.json()["reasons"]][:2] == ["insult", "hate"]


def test_the_list_is_filtered_and_paged(desk):
    spam = desk.said("Casino", state=State.SPAM)
    network = desk.said("Depuis Mastodon", source="mastodon")
    reported = desk.said("Signalé", state=State.APPROVED, reports=({"id": "R1", "reason": "insult", "text": "!"},))
    assert texts(desk.listed(state="spam")) == ["Casino"] == [desk.comment(spam).text]
    assert texts(desk.listed(source="mastodon")) == ["Depuis Mastodon"] == [desk.comment(network).text]
    (row,) = desk.listed(state="reported")["items"]
    assert row["id"] == reported and row["reports"][0]["reason"]["title"] == "Insult or attack on a person"
    assert texts(desk.listed(q="maston")) == [] and texts(desk.listed(q="masto")) == ["Depuis Mastodon"]
    assert texts(desk.listed(q="***")) == []
    assert texts(desk.listed(section="sport")) == texts(desk.listed(section="/sport")) == ["Sport"]
    assert texts(desk.listed(section="../plone")) == []
    first = desk.listed(b_size=2)
    assert texts(first) == ["Signalé", "Depuis Mastodon"] and first["items_total"] == 5
    onward = desk.camille.session.get(first["batching"]["next"]).json()
    assert texts(onward) == ["Casino", "Sport"] and "prev" in onward["batching"]
    waiting = desk.listed(state="pending")
    assert texts(waiting) == ["Ici", "Sport", "Depuis Mastodon"]


UNMEANT = (
    {"state": "open"},
    {"b_start": "x"},
    {"b_start": "-1"},
    {"b_size": "0"},
    {"q": "x" * 300},
    {"source": ["a", "b"]},
)


def test_a_list_that_cannot_be_meant_is_400_in_words(desk):
    for query in UNMEANT:
        answer = desk.camille.get("@moderation", **query)
        assert answer.status_code == 400, query
        assert next(iter(query)) in answer.json()["error"]["message"]


def test_a_decision_answers_with_the_comment_as_it_is_now(desk):
    answer = act(desk.camille, [desk.here], "reject", reason="insult", note="Deux fois", revisions={desk.here: 0})
    assert answer.status_code == 200
    (one,) = answer.json()["outcomes"]
    assert (one["status"], one["outcome"], one["item"]["state"]) == (200, "done", "rejected")
    assert one["item"]["reason"]["id"] == "insult" and one["item"]["last"]["note"] == "Deux fois"
    (event,) = Comments(desk.site).history(desk.here)
    assert (event.by, event.action, event.note) == ("camille", Action.REJECT, "Deux fois")


def test_each_comment_has_its_own_outcome(desk):
    gone = f"{desk.here.partition('.')[0]}.1"
    answer = act(desk.lou, [desk.there, desk.here, gone, desk.there, "nonsense"])
    assert answer.status_code == 200
    assert outcomes(answer) == {
        desk.there: (200, "done"),
        desk.here: (404, "gone"),  # it waits: lou may not know that it exists
        gone: (404, "gone"),
        "nonsense": (404, "gone"),
    }
    assert [desk.state(key) for key in (desk.here, desk.there)] == [State.WAITING, State.APPROVED]


def test_one_answer_for_all_is_the_answer_s_status(desk):
    assert act(desk.lou, [desk.here]).status_code == 404
    public = desk.said("Publié", state=State.APPROVED)
    answer = act(desk.lou, [public], "spam")
    assert answer.status_code == 403 and outcomes(answer) == {public: (403, "not_allowed")}
    answer = act(desk.camille, [desk.here], "reject")
    assert answer.status_code == 400 and answer.json()["outcomes"][0]["field"] == "reason"
    assert desk.state(desk.here) == State.WAITING


def test_the_second_moderator_reads_what_the_first_decided(desk):
    act(desk.camille, [desk.there])
    answer = act(desk.lou, [desk.there], "spam", revisions={desk.there: 0})
    assert answer.status_code == 409
    (one,) = answer.json()["outcomes"]
    assert one["last"]["by_name"] == "Camille Durand" and one["last"]["action"] == "approve"
    assert "Camille Durand" in one["message"] and one["item"]["state"] == "published"
    assert desk.state(desk.there) == State.APPROVED


def test_undone_through_the_same_door(desk):
    act(desk.camille, [desk.here, desk.there])
    answer = act(desk.camille, [desk.here, desk.there], "recall")
    assert answer.status_code == 200 and desk.state(desk.here) == desk.state(desk.there) == State.WAITING


def test_an_author_may_be_kept_from_it(desk):
    act(desk.camille, [desk.here], tell=False)
    assert facts.facts(desk.comment(desk.here)).quiet


UNREADABLE = (
    ({"ids": "x", "action": "approve"}, "ids"),
    ({"ids": [], "action": "approve"}, "ids"),
    ({"ids": [1], "action": "approve"}, "ids"),
    ({"ids": ["x" * 200], "action": "approve"}, "ids"),
    ({"ids": [str(n) for n in range(10_000)], "action": "approve"}, "ids"),
    ({"action": "approve"}, "ids"),
    ({"ids": ["x"], "action": "explode"}, "action"),
    ({"ids": ["x"], "action": ["approve"]}, "action"),
    ({"ids": ["x"]}, "action"),
    ({"ids": ["x"], "action": "approve", "note": 7}, "note"),
    ({"ids": ["x"], "action": "approve", "note": "\ud800"}, "note"),
    ({"ids": ["x"], "action": "approve", "text": "x" * 60_000}, "text"),
    ({"ids": ["x"], "action": "approve", "tell": "no"}, "tell"),
    ({"ids": ["x"], "action": "approve", "revisions": [1]}, "revisions"),
    ({"ids": ["x"], "action": "approve", "revisions": {"x": "1"}}, "revisions"),
    ({"ids": ["x"], "action": "approve", "revisions": {"x": True}}, "revisions"),
    (["x"], "JSON object"),
)


def test_what_cannot_be_meant_is_400_in_words(desk):
    for body, word in UNREADABLE:
        answer = desk.camille.post("@moderation", body)
        assert answer.status_code == 400, answer.text
        assert word in answer.json()["error"]["message"], body


def test_with_cookies_a_form_s_content_type_decides_nothing(desk):
    client = Client(desk.town.url, "")
    login = {"__ac_name": "camille", "__ac_password": PASSWORD, "buttons.login": "Log in"}
    client.session.post(f"{desk.town.url}/login", data=login, timeout=30)
    body = f'{{"ids": ["{desk.here}"], "action": "approve"}}'
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = client._done("POST", "@moderation", data=body, headers={"Content-Type": kind})
        assert answer.status_code in (400, 415), kind
        assert desk.state(desk.here) == State.WAITING
    answer = client._done("POST", "@moderation", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200 and desk.state(desk.here) == State.APPROVED


def test_where_comments_are_not_ours_there_is_no_door(desk):
    settings().active = False
    transaction.commit()
    assert desk.camille.get("@moderation").status_code == 404
    assert act(desk.camille, [desk.here]).status_code == 404


def test_a_deleted_comment_is_told_as_done(desk):
    answer = act(desk.camille, [desk.here], "delete")
    assert answer.json()["outcomes"][0] == {"id": desk.here, "status": 200, "outcome": "done", "item": None}
    assert desk.comment(desk.here) is None
    assert deciding.find(desk.there) is not None

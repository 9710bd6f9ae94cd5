"""The JSON doors over real HTTP: who gets in, what each of them sees, and how decisions go."""

from collective.socialterritory.crosspost.model import State
from plone import api
from rest import PEOPLE

import pytest
import transaction


NOBODY = "0" * 32


def open_doors(town, item):
    """Every GET door, with the people who are let in."""
    logged_in = set(PEOPLE)
    return {
        "@social-deliveries": logged_in,
        f"{item.getId()}/@social-deliveries": logged_in,
        f"{item.getId()}/@social-preview": logged_in,
        f"@social-deliveries/{town.stored(item)[0].id}": logged_in - {"member"},
        "@social-register": {"validator", "second", "webmaster"},
        "@social-status": {"webmaster"},
    }


def test_every_door_lets_in_whom_it_should(town):
    item = town.news()
    for path, people in open_doors(town, item).items():
        assert town.anonymous.get(path).status_code in (401, 404), path
        for name in PEOPLE:
            answer = getattr(town, name).get(path)
            assert (answer.status_code == 200) == (name in people), (path, name, answer.text)
            assert "Menu" not in answer.text or name != "member", path


def test_anonymous_gets_401_and_nothing_else(town):
    item = town.news()
    for path in ["@social-deliveries", f"{item.getId()}/@social-deliveries", f"{item.getId()}/@social-preview"]:
        answer = town.anonymous.get(path)
        assert answer.status_code == 401
        assert "Town" not in answer.text
    for id in (town.stored(item)[0].id, NOBODY):
        assert town.anonymous.post(f"@social-deliveries/{id}/approve", {}).status_code == 401
        assert town.anonymous.get(f"@social-deliveries/{id}").status_code == 401


def test_a_delivery_is_told_whole(town):
    town.news(description="Des frites", subject=("École",))
    told = town.validator.delivery()
    assert told["state"] == "pending" and told["state_title"] == "To approve"
    assert told["account"] == {"uid": town.account.UID(), "title": "Town", "network": "sandbox"}
    assert told["network"] == "sandbox"
    assert "Menu de la cantine" in told["text"]
    assert len(told["fingerprint"]) == 64
    assert told["held"] is None and told["receipt_url"] is None and told["error"] is None
    assert [(line["name"], line["by"], line["by_name"]) for line in told["log"]] == [("plan", "editor", "Editor")]
    assert [action["name"] for action in told["actions"]] == ["approve", "reject", "cancel", "hold"]
    assert told["actions"][0] == {"@id": f"{told['@id']}/approve", "name": "approve", "title": "Approve"}
    assert town.validator.get(f"@social-deliveries/{told['id']}").json() == told
    assert town.validator.get("menu-de-la-cantine/@social-deliveries").json()["items"] == [told]


def test_following_the_link_of_an_action_does_it(town):
    town.news()
    told = town.validator.delivery()
    (link,) = [action["@id"] for action in told["actions"] if action["name"] == "approve"]
    answer = town.validator.post(link.removeprefix(f"{town.url}/"), {"fingerprint": told["fingerprint"]})
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "queued"
    assert answer.json()["approvals"] == {"needed": 1, "by": ["validator"]}


def test_the_site_listing_shows_each_their_own(town):
    with api.env.adopt_roles(["Manager"]):
        sports = town.speaks("Sports", "second")
    town.news()
    seen = {name: sorted(item["account"]["title"] for item in getattr(town, name).listed()) for name in PEOPLE}
    both = ["Sports", "Town"]
    assert seen == {"member": [], "validator": ["Town"], "second": both, "editor": both, "webmaster": both}
    assert town.validator.listed(account=sports.UID()) == []
    (hidden,) = town.second.listed(account=sports.UID())
    for answer in (
        town.validator.get(f"@social-deliveries/{hidden['id']}"),
        town.validator.decide(hidden, "approve", fingerprint=hidden["fingerprint"]),
    ):
        assert answer.status_code == 404
        assert "Menu" not in answer.text


def test_an_unknown_and_a_hidden_delivery_answer_alike(town):
    town.news()
    hidden = town.validator.delivery()["id"]
    told = [
        town.member.get(f"@social-deliveries/{id}").text.replace(id, "")
        for id in (hidden, hidden[:-1] + ("0" if hidden[-1] != "0" else "1"))
    ]
    assert told[0] == told[1]


def test_filters_batches_and_their_links(town):
    for number in range(5):
        town.news(title=f"News {number}")
    first = town.validator.get("@social-deliveries", state="pending", b_size=2).json()
    assert [item["item"]["title"] for item in first["items"]] == ["News 4", "News 3"]
    assert "prev" not in first["batching"]
    second = town.validator.get(first["batching"]["next"].removeprefix(f"{town.url}/")).json()
    assert [item["item"]["title"] for item in second["items"]] == ["News 2", "News 1"]
    last = town.validator.get(second["batching"]["next"].removeprefix(f"{town.url}/")).json()
    assert [item["item"]["title"] for item in last["items"]] == ["News 0"]
    assert "next" not in last["batching"] and "state=pending" in last["batching"]["prev"]
    assert town.validator.listed(state=["queued", "failed"]) == []
    assert len(town.validator.listed(state=["queued", "pending"])) == 5
    town.validator.decide(first["items"][0], "hold", note="Not now")
    (held,) = town.validator.listed(state="held")
    assert held["held"] == {"code": "", "message": "Not now"}
    assert [action["name"] for action in held["actions"]][-1] == "release"


def test_delivered_ones_are_found_in_the_history(town):
    item = town.news()
    outbox, (delivery,) = town_outbox(town), town.stored(item)
    from dataclasses import replace
    from datetime import timedelta

    then = delivery.created - timedelta(days=3)
    outbox.save(replace(delivery, state=State.DELIVERED, finished=then, receipt_url="@@social-sandbox/x"))
    outbox.archive(delivery.created)
    transaction.commit()
    (told,) = town.validator.listed(state="delivered")
    assert told["receipt_url"] == f"{town.url}/@@social-sandbox/x"
    assert town.validator.listed(state="pending") == []
    assert [told] == town.validator.listed()


def town_outbox(town):
    from collective.socialterritory.crosspost.store import Outbox

    return Outbox(town.site)


def test_self_approval_is_refused(town):
    town.account.manage_setLocalRoles("editor", ["Social Validator"])
    transaction.commit()
    item = town.news()
    told = town.editor.delivery()
    assert "approve" not in [action["name"] for action in told["actions"]]
    answer = town.editor.decide(told, "approve", fingerprint=told["fingerprint"])
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "own_post"
    assert town.stored(item)[0].state is State.PENDING
    answer = town.editor.decide(told, "approve", fingerprint=told["fingerprint"], override="Flood, nobody else here")
    assert answer.status_code == 200
    assert answer.json()["log"][-1]["note"] == "Flood, nobody else here"


def test_an_editor_may_not_judge_but_may_withdraw(town):
    town.news()
    told = town.editor.delivery()
    assert [action["name"] for action in told["actions"]] == ["cancel", "hold"]
    for name in ("approve", "reject"):
        answer = town.editor.decide(told, name, fingerprint=told["fingerprint"], note="No")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
    assert town.editor.decide(told, "cancel").json()["state"] == "cancelled"


def test_the_second_of_two_people_is_told_who_was_first(town):
    town.news()
    told = town.validator.delivery()
    assert town.validator.decide(told, "approve", fingerprint=told["fingerprint"]).status_code == 200
    for name in ("approve", "reject"):
        answer = town.second.decide(told, name, fingerprint=told["fingerprint"], note="No")
        assert answer.status_code == 409
        error = answer.json()["error"]
        assert (error["code"], error["by"], error["decision"]) == ("already_decided", "validator", "approve")
        assert error["at"] and "Validator" in error["message"]
        assert error["allowed"] == ["cancel", "hold"]
        assert answer.json()["delivery"]["state"] == "queued"


def test_two_people_at_the_same_moment(town):
    from concurrent.futures import ThreadPoolExecutor

    for number in range(5):
        item = town.news(title=f"Race {number}")
        told = town.validator.listed()[0]
        with ThreadPoolExecutor(2) as pool:
            clients = [town.validator, town.second]
            done = list(pool.map(lambda c, t=told: c.decide(t, "approve", fingerprint=t["fingerprint"]), clients))
        assert sorted(answer.status_code for answer in done) == [200, 409]
        assert [event.name for event in town.stored(item)[0].log].count("approve") == 1


def test_what_was_seen_must_be_what_would_be_sent(town):
    item = town.news()
    told = town.validator.delivery()
    answer = town.validator.decide(told, "approve")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "fingerprint_missing")
    # As a change that no subscriber saw.
    item.title = "Menu de la cantine, corrigé"
    transaction.commit()
    answer = town.validator.decide(told, "approve", fingerprint=told["fingerprint"])
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["code"] == "stale" and error["fingerprint"] != told["fingerprint"]
    (stored,) = town.stored(item)
    assert (stored.state, stored.fingerprint) == (State.PENDING, error["fingerprint"])
    assert "corrigé" in town.validator.delivery()["text"]
    assert town.validator.decide(told, "approve", fingerprint=error["fingerprint"]).status_code == 200


def test_an_illegal_transition_names_the_legal_ones(town):
    town.news()
    told = town.validator.delivery()
    answer = town.validator.decide(told, "confirm")
    assert answer.status_code == 409
    assert answer.json()["error"]["allowed"] == ["approve", "reject", "cancel", "hold"]
    for name in ("deliver", "claim", "endorse", "void", "publish", "@@approve", "approve/again"):
        assert town.webmaster.decide(told, name, fingerprint=told["fingerprint"]).status_code == 404, name


def test_refusing_needs_a_reason_and_can_be_revised(town):
    town.news()
    told = town.validator.delivery()
    answer = town.validator.decide(told, "reject", note="  ")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "reason_needed")
    answer = town.validator.decide(told, "reject", note="No menu this week", fingerprint="0" * 64)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "stale")
    assert town.validator.decide(told, "reject", note="No menu this week").json()["state"] == "rejected"
    assert town.editor.decide(told, "revise").json()["state"] == "pending"


def test_two_validators(town):
    town.account.validation = "two"
    transaction.commit()
    town.news()
    told = town.validator.delivery()
    mine = {"fingerprint": told["fingerprint"]}
    assert town.validator.decide(told, "approve", **mine).json()["state"] == "pending"
    answer = town.validator.decide(told, "approve", **mine)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "already_endorsed")
    assert town.second.decide(told, "approve", **mine).json()["state"] == "queued"


def test_preview_is_for_validators_and_those_who_may_change_the_item(town):
    item = town.news(publish=False, description="Des frites")
    item.social_text = "Miam"
    transaction.commit()
    path = f"{item.getId()}/@social-preview"
    assert town.validator.get(path).status_code == 401, "the draft is not theirs to see"
    town.account.manage_setLocalRoles("member", ["Social Submitter"])
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, to_state="published")
    transaction.commit()
    assert town.member.get(path).json()["items"] == []
    (said,) = town.validator.get(path).json()["items"]
    assert said == town.editor.get(path).json()["items"][0]
    assert said["account"]["title"] == "Town" and said["speaks"] is True
    assert said["text"].startswith("Miam")
    assert said["measure"] == {"used": len(said["text"]), "limit": 300}
    assert said["image"] is None and said["alt"] == "" and said["card"]["description"] == "Des frites"
    assert [warning["code"] for warning in said["warnings"]] == ["no_image"]
    assert "fewer readers" in said["warnings"][0]["message"]
    town.account.template = "{nothing}"
    transaction.commit()
    (said,) = town.validator.get(path).json()["items"]
    assert said["error"]["code"] == "unknown_placeholder"


def test_status(town):
    town.news()
    told = town.webmaster.get("@social-status").json()
    assert told["depth"]["pending"] == 1 and told["depth"]["queued"] == 0
    assert told["heartbeat"] is None and told["silent_since"]
    assert told["oldest_due"] is None and told["paused"] is None
    assert told["broken_accounts"] == [] and told["deployment_ok"] is True
    post = town.validator.delivery()
    town.validator.decide(post, "approve", fingerprint=post["fingerprint"])
    from collective.socialterritory.accounts.store import Accounts

    Accounts(town.site).mark(town.account.UID(), link="reconnect")
    transaction.commit()
    told = town.webmaster.get("@social-status").json()
    assert told["depth"]["queued"] == 1 and told["oldest_due"]
    assert [account["title"] for account in told["broken_accounts"]] == ["Town"]


@pytest.mark.parametrize("path", ["@social-deliveries", "@social-status", "menu-de-la-cantine/@social-preview"])
def test_answers_are_private(town, path):
    town.news()
    assert town.webmaster.get(path).headers["Cache-Control"] == "private, no-store"

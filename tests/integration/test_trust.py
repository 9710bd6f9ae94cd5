"""Ways to be believed without a yes, each of which was open once."""

from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.worker import Deliver
from collective.socialterritory.interfaces import settings
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api

import transaction


def writer(town):
    api.user.create(email="w@town.example", username="writer", password="A-long-one-1")
    with api.env.adopt_roles(["Manager"]):
        api.user.grant_roles(username="writer", roles=["Member", "Contributor", "Editor"])
    transaction.commit()
    from rest import Client

    return Client(town.url, "writer")


def test_an_editor_cannot_make_themselves_a_validator(town):
    own = {"id": "writer", "type": "user", "roles": {"Social Validator": True, "Social Connector": True}}
    person = writer(town)
    person.post("@sharing", {"entries": [own]})
    transaction.begin()
    assert not {"Social Validator", "Social Connector"} & set(dict(town.site.get_local_roles()).get("writer", ()))
    (account,) = person.get("@social-accounts").json()["items"]
    assert account["uses"] == ["submit"]


def test_a_trusted_publication_is_trusted_for_its_bytes_alone(town):
    town.account.trusted = ["Reviewer"]
    person = writer(town)
    with api.env.adopt_user(username="writer"):
        item = api.content.create(town.site, "News Item", title="Honnête")
    transaction.commit()
    with api.env.adopt_user(username="editor"):
        api.content.transition(item, to_state="published")
    transaction.commit()
    (delivery,) = town.stored(item)
    assert delivery.state is State.QUEUED
    assert person.patch(item.getId(), {"title": "MAUVAIS"}).status_code == 204
    (delivery,) = town.stored(item)
    assert delivery.state is State.PENDING
    assert town.editor.patch(item.getId(), {"title": "Relu"}).status_code == 204
    (delivery,) = town.stored(item)
    assert delivery.state is State.PENDING


def test_a_trusted_person_s_own_change_stays_trusted(town):
    town.account.trusted = ["Reviewer"]
    item = town.news("Demain")
    assert town.editor.patch(item.getId(), {"title": "Après-demain"}).status_code == 204
    (delivery,) = town.stored(item)
    assert (delivery.state, delivery.rendition.text.split("\n")[0]) == (State.QUEUED, "Après-demain")


def test_an_author_does_not_release_what_a_validator_or_the_site_holds(town):
    town.news()
    delivery = town.editor.delivery()
    assert town.validator.decide(delivery, "hold", note="Le maire dit stop").status_code == 200
    assert town.editor.decide(delivery, "release").status_code == 403
    assert "release" not in str(town.editor.delivery()["actions"])
    assert town.validator.decide(delivery, "release").status_code == 200
    assert town.editor.decide(delivery, "hold", note="Je relis").status_code == 200
    assert town.editor.decide(delivery, "release").status_code == 200
    outbox = Outbox(town.site)
    transaction.begin()
    outbox.save(departure.held(outbox.get(delivery["id"]), "pause", datetime.now(UTC)))
    transaction.commit()
    assert town.editor.decide(delivery, "release").status_code == 403


def test_training_mails_are_told_apart_by_person(town):
    settings().mail_to_page = True
    town.news("TEXTE PRIVÉ", publish=True)
    delivery = town.validator.delivery()
    assert town.validator.decide(delivery, "reject", note="RAISON").status_code == 200
    transaction.begin()
    assert "RAISON" in town.editor.get("@@social-mails").text
    town.member.patch("@users/member", {"email": "editor@town.example"})
    assert "RAISON" not in town.member.get("@@social-mails").text


def test_what_is_overdue_is_held_outside_the_account_s_hours_too(town):
    town.account.trusted = ["Reviewer"]
    town.account.hours = ["8:00-18:00"]
    item = town.news()
    (delivery,) = town.stored(item)
    old = datetime.now(UTC) - timedelta(days=5)
    log = tuple(replace(event, at=old) for event in delivery.log)
    Outbox(town.site).save(replace(delivery, due=old, log=log))
    item.effective_date = None
    transaction.commit()
    night = datetime.now(UTC).replace(hour=2)
    Deliver().start(town.site, night + timedelta(days=1))
    assert Outbox(town.site).get(delivery.id).held == "overdue"

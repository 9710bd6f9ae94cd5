"""Ways in which a person changes a news item; each takes a client of rest.py and the item."""

from collective.socialterritory.crosspost.model import State
from plone import api
from rest import authenticator

import json
import transaction


HERE = "rubrique/actualites"
THERE = "rubrique/ailleurs"


def contents(client, action, item, **form):
    """An action of the page that shows a folder's contents."""
    html = {"Accept": "text/html"}
    form |= {"_authenticator": authenticator(client.user), "selection": json.dumps([item.UID()]), "folder": f"/{HERE}"}
    answer = client.post(f"{HERE}/@@fc-{action}", data=form, headers=html)
    assert (answer.status_code, answer.text[:18]) == (200, '{"status": "succes')


def tags(client, item):
    contents(client, "tags", item, toadd="Fête,Été")


def language(client, item):
    contents(client, "properties", item, language="fr")


def title(client, item):
    contents(client, "rename", item, UID_1=item.UID(), newid_1="menu", newtitle_1="Autre menu")


def rename(client, item):
    contents(client, "rename", item, UID_1=item.UID(), newid_1="autre", newtitle_1="Menu de la cantine")


def move(client, item):
    assert client.post(f"{THERE}/@move", {"source": item.absolute_url()}).status_code == 200


def move_folder(client, item):
    assert client.post(f"{THERE}/@move", {"source": item.aq_parent.absolute_url()}).status_code == 200


def put_back(client, item):
    assert client.patch(f"{HERE}/menu/@history", {"version": 0}).status_code == 200


def patch(client, item):
    assert client.patch(f"{HERE}/menu", {"social_text": "À table"}).status_code == 204


def set_property(client, item, title="Autre menu"):
    """Zope's own door, which fires no event and indexes nothing."""
    form = {"title": title, "_authenticator": authenticator(client.user)}
    assert client.post(f"{path(item)}/manage_changeProperties", data=form, headers={"Accept": "*/*"}).status_code < 400


def path(item):
    """Below the site."""
    return "/".join(item.getPhysicalPath()[2:])


def news(town, place, publish=True, **fields):
    with api.env.adopt_user(username="editor"):
        item = api.content.create(place, "News Item", title="Menu de la cantine", id="menu", **fields)
        if publish:
            api.content.transition(item, to_state="published")
    transaction.commit()
    return item


def self_approved(town, item):
    (stored,) = town.stored(item)
    post = {"id": stored.id}
    town.second.decide(post, "approve", fingerprint=stored.fingerprint)
    (now,) = town.stored(item)
    town.second.decide(post, "approve", fingerprint=now.fingerprint)
    return town.stored(item)[0].state is State.QUEUED

"""What people do about a post that is out, on the tab of its item, over HTTP."""

from bs4 import BeautifulSoup
from collective.socialterritory.crosspost.model import State
from working import work

import transaction


HTML = {"Accept": "text/html"}


def published(town, title="Marché samedi à 8 h", **fields):
    """An item with a post that is out."""
    item = town.news(title, description="Place de la mairie", **fields)
    said_yes(town)
    (made,) = town.stored(item)
    assert made.state is State.DELIVERED
    return item


def said_yes(town, by="validator"):
    """All that waits for a validator is approved, and done."""
    approved(town, by)
    work(town.functional)


def approved(town, by="validator"):
    person = getattr(town, by)
    for waiting in person.listed(state="pending"):
        answer = person.decide(waiting, "approve", fingerprint=waiting["fingerprint"])
        assert answer.status_code == 200, answer.text


def policy(town, name):
    """What becomes of the account's posts once their news is not public any more: ask, delete, leave."""
    town.account.withdrawal = name
    transaction.commit()


def transition(town, item, name):
    answer = town.editor.post(f"{item.getId()}/@workflow/{name}")
    assert answer.status_code == 200, answer.text


def change(town, item, **fields):
    answer = town.editor.patch(item.getId(), fields)
    assert answer.status_code == 204, answer.text


def page(client, path):
    answer = client.session.get(f"{client.url}/{path}", headers=HTML, timeout=30)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def tab(client, item):
    return page(client, f"{item.getId()}/@@social-networks")


def offered(soup):
    return {button["value"] for button in soup.find_all("button", {"name": "correct"})}


def press(client, item, way, **typed):
    """The page after the button was pressed."""
    button = tab(client, item).find("button", {"name": "correct", "value": way})
    form = button.find_parent("form")
    fields = {field["name"]: field["value"] for field in form.find_all("input")}
    answer = client.session.post(form["action"], data={**fields, **typed, "correct": way}, headers=HTML, timeout=30)
    transaction.begin()
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def by_operation(town, item, operation):
    return [delivery for delivery in town.stored(item) if delivery.operation == operation]

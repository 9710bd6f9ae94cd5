"""A small town with its people, and a client for each of them that speaks real HTTP."""

from AccessControl.SpecialUsers import nobody
from collective.socialterritory.accounts.worker import connect
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.interfaces import settings
from datetime import datetime
from datetime import UTC
from naming import id_of
from plone import api
from plone.protect import createToken
from zope.interface import alsoProvides

import requests
import transaction


PASSWORD = "A-long-one-1"
PEOPLE = {
    "member": [],
    "editor": ["Contributor", "Editor", "Reviewer"],
    "validator": [],
    "second": [],
    "webmaster": ["Site Administrator"],
}
"""`validator` and `second` are Social Validators of the town's account; `second` alone of the one for sports."""
ANONYMOUS = ""


class Client:
    """`user` "": nobody. Paths are relative to the site's root."""

    def __init__(self, url, user):
        self.url = url
        self.user = user
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        if user:
            self.session.auth = (user, PASSWORD)

    def get(self, path, **params):
        return self._done("GET", path, params=params)

    def post(self, path, json=None, **options):
        return self._done("POST", path, json={} if json is None and not options else json, **options)

    def patch(self, path, json):
        return self._done("PATCH", path, json=json)

    def _done(self, method, path, **options):
        answer = self.session.request(method, f"{self.url}/{path}", timeout=30, **options)
        transaction.begin()
        return answer

    def decide(self, delivery, name, **body):
        return self.post(f"@social-deliveries/{delivery['id']}/{name}", body)

    def listed(self, **params):
        answer = self.get("@social-deliveries", **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def delivery(self, account="Town"):
        """The one of that account, as this person sees it."""
        (found,) = [item for item in self.listed() if item["account"]["title"] == account]
        return found


def authenticator(name):
    """Of Plone's forms, for this person; for anybody who is not logged in."""
    user = api.user.get(username=name).getUser() if name else nobody
    with api.env.adopt_user(user=user):
        return createToken()


def settle(site):
    """What each test of a town finds."""
    site.portal_workflow.setDefaultChain("simple_publication_workflow")
    with api.env.adopt_roles(["Manager"]):
        settings().public_url = "https://www.town.example"
        settings().deployment = "tests"
        for name, roles in PEOPLE.items():
            properties = {"fullname": name.capitalize()}
            api.user.create(email=f"{name}@town.example", username=name, password=PASSWORD, properties=properties)
            api.user.grant_roles(username=name, roles=["Member", *roles])
        speaks(site, "Town", "validator", "second", validation="other")


def speaks(site, title, *validators, **fields):
    """A connected account on the sandbox network that trusts nobody."""
    container = site["social-accounts"]
    fields = {"id": id_of(title, container), "title": title, "network": "sandbox", "trusted": [], **fields}
    obj = api.content.create(container, "SocialAccount", **fields)
    for name in validators:
        obj.manage_setLocalRoles(name, ["Social Validator"])
    connect(site, obj.UID(), {}, datetime.now(UTC))
    return obj


class Town:
    def __init__(self, functional):
        self.functional = functional
        self.site = functional["portal"]
        self.url = f"http://{functional['host']}:{functional['port']}/{self.site.getId()}"
        self.account = self.site["social-accounts"]["town"]
        alsoProvides(functional["request"], IBrowserLayer)

    def speaks(self, *args, **fields):
        return speaks(self.site, *args, **fields)

    def news(self, title="Menu de la cantine", publish=True, by="editor", **fields):
        fields.setdefault("id", id_of(title, self.site))
        with api.env.adopt_user(username=by):
            item = api.content.create(self.site, "News Item", title=title, **fields)
            if publish:
                api.content.transition(item, to_state="published")
        transaction.commit()
        return item

    def stored(self, item):
        transaction.begin()
        return Outbox(self.site).of_item(item.UID())

    def __getattr__(self, name):
        if name in PEOPLE:
            return Client(self.url, name)
        raise AttributeError(name)

    @property
    def anonymous(self):
        return Client(self.url, ANONYMOUS)

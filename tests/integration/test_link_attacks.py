"""Row S6: 30 ways to make a link that a person did not want, for each network. Each ends with nothing linked."""

from chaos.world import FULL
from datetime import timedelta
from linking import HTML
from linking import later
from linking import Linking
from linking import SERVERS
from plone import api
from rest import Client
from scripted_mastodon import SCOPES
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
import re
import transaction


DENY = {"mastodon": "Deny", "x": "deny"} | dict.fromkeys(("facebook", "linkedin", "instagram", "threads"), "cancel")
DECLINED = ("pages_manage_posts", "w_organization_social", "instagram_content_publish", "threads_content_publish")


def replay(person):
    back = person.agree()
    person.get(back)
    person.press(f"{person.url}/@@social-link", cancel="1")
    person.get(back)


def other_user(person):
    back = person.agree()
    thief = Linking(person.town, person.server, person.account, "webmaster2")
    thief.client.session.cookies = person.client.session.cookies
    thief.get(back)
    thief.confirm()


def other_browser(person):
    Linking(person.town, person.server, person.account).get(person.agree())


def other_browser_with_a_cookie(person):
    other = Linking(person.town, person.server, person.account)
    other.begin()
    other.get(person.agree())
    other.confirm()


def logged_out(person):
    back = person.agree()
    person.client.session.auth = None
    assert "not logged in" in person.get(back).text
    person.client.session.auth = Client(person.town.url, "webmaster").session.auth


def too_late(person):
    back = person.agree()
    later(person.patch, timedelta(minutes=10))
    person.get(back)


def lost_the_right(person):
    back = person.agree()
    api.user.revoke_roles(username="webmaster", roles=["Site Administrator"])
    transaction.commit()
    assert "not known here" in person.get(back).text


def another_network_now(person):
    back = person.agree()
    person.account.network = "bluesky"
    transaction.commit()
    assert "not known here" in person.get(back).text


def somebody_elses_code(person):
    """An attacker's code under the victim's state: the verifier is not theirs."""
    mine = Linking(person.town, person.server, person.account).agree()
    code = parse_qs(urlsplit(mine).query)["code"][0]
    person.come_back(code=code)


def code_used_before(person):
    first = person.agree()
    person.get(first)
    person.press(f"{person.url}/@@social-link", cancel="1")
    person.come_back(code=parse_qs(urlsplit(first).query)["code"][0])


def refused_there(person):
    back = person.server.consent(person.begin(), DENY[person.account.network])
    assert "did not agree" in person.get(back).text


def fewer_rights(person):
    person.server.grants, person.server.declined = SCOPES[:-1], DECLINED
    assert "did not give these rights" in person.come_back().text


def firewall_page(person):
    back = person.agree()
    person.server.script("token", "html_200")
    assert "nothing is lost" in person.get(back).text


def somebody_elses_yes(person):
    person.come_back()
    other = Linking(person.town, person.server, person.account, "webmaster2")
    other.client.session.cookies = person.client.session.cookies
    other.confirm(choice=person.offered())
    person.press(f"{person.url}/@@social-link", cancel="1")


def yes_in_another_browser(person):
    person.come_back()
    Linking(person.town, person.server, person.account).confirm(choice=person.offered())
    person.press(f"{person.url}/@@social-link", cancel="1")


def yes_without_authenticator(person):
    person.come_back()
    assert person.press(f"{person.url}/@@social-link", token=False, choice=person.offered()).status_code == 403
    person.press(f"{person.url}/@@social-link", cancel="1")


def yes_by_get(person):
    person.come_back()
    person.get(f"{person.url}/@@social-link?choice={person.offered()}")
    person.press(f"{person.url}/@@social-link", cancel="1")


def yes_to_another(person):
    person.come_back()
    person.confirm(choice="1@evil.example")


def yes_too_late(person):
    person.come_back()
    choice = person.offered()
    later(person.patch, timedelta(minutes=10))
    person.confirm(choice=choice)


def yes_after_the_right_was_lost(person):
    person.come_back()
    choice = person.offered()
    page = person.get(f"{person.url}/@@connect").text
    token = re.search(r'_authenticator" value="(\w+)', page).group(1)
    api.user.revoke_roles(username="webmaster", roles=["Site Administrator"])
    transaction.commit()
    data = {"choice": choice, "_authenticator": token}
    person.client.session.post(f"{person.url}/@@social-link", data=data, headers=HTML, timeout=30)


def yes_on_another_account(person):
    network = person.account.network
    with api.env.adopt_roles(["Manager"]):
        other = api.content.create(person.town.site["social-accounts"], "SocialAccount", title="B", network=network)
    transaction.commit()
    person.come_back()
    elsewhere = Linking(person.town, person.server, other)
    elsewhere.client = person.client
    elsewhere.confirm(choice=person.offered())
    assert not elsewhere.linked
    person.press(f"{person.url}/@@social-link", cancel="1")


def keys_changed(person):
    from collective.socialterritory.accounts import sealing

    import os

    back = person.agree()
    before, os.environ["SOCIALTERRITORY_KEYS"] = os.environ["SOCIALTERRITORY_KEYS"], sealing.new_key()
    try:
        person.get(back)
        person.confirm()
    finally:
        os.environ["SOCIALTERRITORY_KEYS"] = before


def queries(**changes):
    def attack(person):
        assert person.come_back(**changes).status_code == 200

    return attack


ATTACKS = {
    "no state": queries(state=None),
    "unknown state": queries(state="x" * 43),
    "odd state": queries(state="\x00'é" * 99),
    "no code": queries(code=None),
    "forged code": queries(code="x" * 43),
    "an error with a code": queries(error="access_denied"),
    "an error with markup": queries(error="<script>alert(1)</script>"),
    "begun elsewhere": queries(state="waiting"),
} | {
    attack.__name__.replace("_", " "): attack
    for attack in (
        *(replay, other_user, other_browser, other_browser_with_a_cookie, logged_out, too_late, lost_the_right),
        *(another_network_now, somebody_elses_code, code_used_before, refused_there, fewer_rights, firewall_page),
        *(somebody_elses_yes, yes_in_another_browser, yes_without_authenticator, yes_by_get, yes_to_another),
        *(yes_too_late, yes_after_the_right_was_lost, yes_on_another_account, keys_changed),
    )
}


ITS_OWN = (
    *("forged code", "too late", "somebody elses code", "code used before", "refused there", "fewer rights"),
    *("firewall page", "yes to another", "yes on another account"),
)
"""Attacks in which the network has a part: with every network in each run. All of them with all by `make chaos`."""
SHOWN = [("linkedin", "somebody elses code")]
"""Without PKCE nothing tells whose code it is: who comes back with it sees whose page it is, and may say no"""
EACH = [(network, name) for network in SERVERS for name in ATTACKS if FULL or network == "mastodon" or name in ITS_OWN]
EACH = [each for each in EACH if each not in SHOWN]


@pytest.mark.parametrize(("network", "attack"), EACH, indirect=["network"], ids=map(" ".join, EACH))
def test_s6_nothing_is_linked(town, person, monkeypatch, attack):
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email="w2@town.example", username="webmaster2", password="A-long-one-1")
        api.user.grant_roles(username="webmaster2", roles=["Site Administrator"])
    transaction.commit()
    person.patch = monkeypatch
    with api.env.adopt_roles(["Manager"]):
        ATTACKS[attack](person)
    if api.user.has_permission("View", username="webmaster", obj=person.account):
        person.confirm()
    assert not person.linked

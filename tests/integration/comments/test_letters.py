"""Moderators are written to: about what waits, in what they moderate, and not a thousand times."""

from collective.socialterritory import clock
from collective.socialterritory import mail
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import links
from collective.socialterritory.comments import own
from collective.socialterritory.comments import rounds
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings as site_settings
from commenting import news
from commenting import said
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from plone.app.discussion import conversation
from zope.annotation.interfaces import IAnnotations

import pytest
import re


PASSWORD = "A-long-one-1"
MINUTE = timedelta(minutes=1)
LINK = re.compile(r"https://www\.town\.example/@@social-decide/(\S+)")


@pytest.fixture
def town(portal):
    site_settings().public_url = "https://www.town.example"
    return portal


@pytest.fixture
def mails(town):
    """What was queued since it was asked for last: {address: [mail]}."""

    def taken():
        queue, found = IAnnotations(town)[mail.KEY], {}
        for id in list(queue):
            said = queue.pop(id)
            found.setdefault(said["to"], []).append(said)
        return found

    taken()
    return taken


class Moment:
    """The time, of comments and of the worker's rounds."""

    def __init__(self, site):
        self.site, self.now = site, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def time(self):
        self.now += timedelta(milliseconds=1)
        return self.now.timestamp()

    def round(self, minutes=5):
        self.now += minutes * MINUTE
        rounds.write(self.site, self.now)


@pytest.fixture
def moment(town, monkeypatch):
    time = Moment(town)
    monkeypatch.setattr(conversation, "time", time)
    monkeypatch.setattr(clock, "now", lambda: time.now)
    return time


@pytest.fixture
def round(moment):
    return moment.round


def person(id, *roles, address=None):
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email=address or f"{id}@town.example", username=id, password=PASSWORD)
        api.user.grant_roles(username=id, roles=["Member", *roles])
    return id


def test_a_moderator_reads_the_comment_and_decides_by_links(town, page, moderator, mails, round):
    comment = said(page, "Merci !\nEt pour le parc ?")
    round()
    ((to, (letter,)),) = mails().items()
    assert (to, letter["user"]) == ("camille@town.example", moderator)
    assert letter["subject"] == "To moderate: Jeanne on “Nouveaux bancs au parc”"
    assert "> Merci !\n> Et pour le parc ?\n" in letter["body"]
    read = [links.read(town, token, clock.now()) for token in LINK.findall(letter["body"])]
    assert [link.action for link in read] == [Action.APPROVE, Action.REJECT, Action.SPAM]
    assert {(link.user, link.key, link.revision) for link in read} == {(moderator, facts.key(comment), 0)}
    assert "https://www.town.example/@@social-moderation" in letter["body"]


def test_a_mail_is_written_once_and_never_in_the_request(town, page, moderator, mails, round):
    said(page)
    assert mails() == {}
    round()
    assert len(mails()) == 1
    round()
    assert mails() == {}


def test_what_was_decided_meanwhile_is_told_to_nobody(town, page, moderator, mails, round):
    first, second = said(page, "Un premier avis"), said(page, "Un second avis")
    with api.env.adopt_user(username=moderator):
        deciding.decide(first, Action.APPROVE, clock.now())
    round()
    ((letter,),) = mails().values()
    assert "Un second" in letter["body"] and "Un premier" not in letter["body"]
    with api.env.adopt_user(username=moderator):
        deciding.decide(second, Action.SPAM, clock.now())
    said(page, "Troisième", state=State.REJECTED)
    round()
    assert mails() == {}


def test_a_catalogue_that_lags_behind_shows_nobody_what_is_not_for_them(town, page, moderator, mails, round):
    decided = said(page, "Décidé")
    said(page, "Attend")
    workflow = town.portal_workflow
    status = {**workflow.getStatusOf("comment_review_workflow", decided), "review_state": "spam"}
    workflow.setStatusOf("comment_review_workflow", decided, status)
    round()
    ((letter,),) = mails().values()
    assert "> Attend" in letter["body"] and "Décidé" not in letter["body"]
    said(page, "Plus pour vous")
    with api.env.adopt_roles(["Manager"]):
        town.manage_permission("Review comments", ["Manager"], acquire=False)
    round()
    assert "Plus pour vous" not in str(mails())


def test_a_comment_of_this_very_moment_waits_for_the_next_round(town, page, moderator, mails, round):
    said(page)
    round(1)
    assert mails() == {}
    round(1)
    assert len(mails()) == 1


def test_those_of_a_section_are_told_of_it_alone_and_groups_are_people(town, page, moderator, mails, round):
    person("lou"), person("max"), person("nobody")
    with api.env.adopt_roles(["Manager"]):
        api.group.create(groupname="sport")
        api.group.add_user(groupname="sport", username="max")
        section = api.content.create(town, "Folder", id="sport")
        section.manage_setLocalRoles("lou", ["Social Moderator"])
        section.manage_setLocalRoles("sport", ["Social Moderator"])
        there = news(section, "match", "Match")
    said(there, "Bravo"), said(page, "Merci")
    round()
    told = {to: "".join(letter["body"] for letter in letters) for to, letters in mails().items()}
    assert set(told) == {"camille@town.example", "lou@town.example", "max@town.example"}
    assert "Bravo" in told["lou@town.example"] and "Merci" not in told["lou@town.example"]
    assert "Bravo" in told["max@town.example"] and "Merci" not in told["max@town.example"]
    assert "Bravo" in told["camille@town.example"] and "Merci" in told["camille@town.example"]


def test_administrators_are_told_where_nobody_else_moderates(town, page, mails, round):
    person("web", "Site Administrator")
    said(page)
    round()
    assert set(mails()) == {"web@town.example"}
    person("camille", "Social Moderator")
    said(page)
    round()
    assert set(mails()) == {"camille@town.example"}


def test_who_lost_the_role_or_the_address_is_told_nothing(town, page, moderator, mails, round):
    person("lou", "Social Moderator")
    said(page)
    with api.env.adopt_roles(["Manager"]):
        api.user.revoke_roles(username=moderator, roles=["Social Moderator"])
        api.user.get(userid="lou").setMemberProperties({"email": ""})
    round()
    assert mails() == {}


def test_a_flood_is_ten_comments_and_a_number(town, page, moderator, mails, round):
    for number in range(14):
        said(page, f"Avis {number}")
    round()
    ((letter,),) = mails().values()
    assert letter["subject"] == "14 comments wait for a moderator"
    assert letter["body"].count("> Avis") == 10 and "Others that wait: 4." in letter["body"]


def test_after_six_mails_in_an_hour_one_tells_how_many(town, page, moderator, mails, round):
    bodies = []
    for number in range(14):
        said(page, f"Avis {number}")
        round()
        bodies += [letter["body"] for letters in mails().values() for letter in letters]
    assert ["> Avis" in body for body in bodies] == [True] * 6 + [False, True]
    assert bodies[6].startswith("13 comments wait for a moderator\n")
    assert [number for number in range(14) if f"> Avis {number}\n" in "".join(bodies)] == [0, 1, 2, 3, 4, 5, 13]


def test_what_was_held_back_and_decided_is_not_told(town, page, moderator, mails, round):
    kept = []
    for number in range(9):
        kept.append(said(page, f"Avis {number}"))
        round()
    with api.env.adopt_user(username=moderator):
        for comment in kept:
            deciding.decide(comment, Action.SPAM, clock.now())
    mails()
    round(60)
    assert mails() == {}


def test_what_its_author_or_its_network_changed_is_told_again(town, page, moderator, mails, moment):
    mine, theirs = (said(page, name, state=State.APPROVED) for name in ("Mien", "Leur"))
    moment.round()
    assert mails() == {}
    deciding.move(mine, State.WAITING, moment.now, deciding.AUTHOR)
    deciding.move(theirs, State.WAITING, moment.now, deciding.SOURCE)
    moment.round()
    ((letter,),) = mails().values()
    assert "> Mien" in letter["body"] and "> Leur" in letter["body"]


def report(comment, reason="insult", text="C'est une honte.", **more):
    facts.keep(comment, reports=({"id": "R1", "reason": reason, "text": text, "name": "Zoé", **more},))
    deciding.log(comment, Action.REPORT, clock.now(), "", reason)
    comment.reindexObject(idxs=["social_comment"])


def test_what_visitors_report_is_told_first(town, page, moderator, mails, moment):
    bad = said(page, "Vous êtes nuls", state=State.APPROVED)
    moment.round()
    report(bad, "illegal", email="zoe@example.org")
    said(page, "Merci")
    moment.round()
    ((letter,),) = mails().values()
    body = letter["body"]
    assert body.index("> Vous êtes nuls") < body.index("> Merci")
    assert "Reported:\nIllegal content\n> C'est une honte.\nVisitors see it for now." in body
    assert "zoe@" not in body and "Zoé" not in body
    actions = [links.read(town, token, clock.now()).action for token in LINK.findall(body)]
    assert actions == [Action.SETTLE, Action.REJECT, Action.SPAM, *links.DECISIONS]


def test_a_report_alone_is_a_mail_and_once_settled_none(town, page, moderator, mails, moment):
    bad, settled = said(page, "Nul", state=State.APPROVED), said(page, "Bien", state=State.APPROVED)
    report(bad), report(settled, settled="2026-11-23T09:00:00+00:00")
    facts.keep(bad, hidden=True)
    moment.round()
    ((letter,),) = mails().values()
    assert letter["subject"] == "Reported: Jeanne on “Nouveaux bancs au parc”"
    assert (
        "Insult or attack on a person" in letter["body"] and "It is hidden until somebody has looked." in letter["body"]
    )
    assert "Bien" not in letter["body"] and "wait for a moderator" not in letter["body"]
    settings().mail_moderators = "digest"
    moment.round()
    moment.round(24 * 60)
    ((letter,),) = mails().values()
    assert letter["subject"] == "Visitors reported comments" and "> Nul" in letter["body"]


def test_the_mail_tells_which_rules_hold_a_comment(town, page, moderator, mails, moment):
    said(page, "Trop de liens", rules=("links", "of another version"))
    moment.round()
    ((letter,),) = mails().values()
    assert "It waits because of:\nMany links\n" in letter["body"]


def test_the_mail_tells_what_was_said_elsewhere_and_what_is_an_appeal(town, page, moderator, mails, moment):
    said(page, "Bravo !", source="mastodon", remote={"id": "7"})
    refused = said(page, "Nul !", state=State.REJECTED)
    own.appeal(refused, "C'est une critique,\nnon une injure.", moment.now)
    moment.round()
    ((letter,),) = mails().values()
    assert letter["body"].count("Said on Mastodon\n") == 1
    assert "Appeal of its author:\n> C'est une critique,\n> non une injure.\n" in letter["body"]
    assert "Visitors see it" not in letter["body"] and "hidden" not in letter["body"]


def test_nothing_is_stored_while_nothing_comes(town, page, moderator, mails, round):
    said(page)
    round()
    round(60)  # the mail is forgotten
    before = Comments(town).worker[rounds.MEMORY]
    round(30)
    assert Comments(town).worker[rounds.MEMORY] is before


def test_a_day_without_mails_where_they_are_switched_off(town, page, moderator, mails, round):
    settings().mail_moderators = "none"
    said(page)
    round()
    assert mails() == {}


def test_the_digest_comes_at_its_hour_on_the_clocks_of_the_site(town, page, moderator, mails, moment):
    api.portal.set_registry_record("plone.portal_timezone", "Europe/Paris")
    settings().mail_moderators, settings().digest_hour = "digest", 8
    moment.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    moment.round()
    said(page, "Un avis " * 100), said(page, "Un autre")
    moment.now = datetime(2026, 11, 23, 6, 50, tzinfo=UTC)
    moment.round()
    assert mails() == {}
    moment.round()  # 8 h in Paris
    ((letter,),) = mails().values()
    assert letter["subject"] == "2 comments wait for a moderator"
    first, second = letter["body"].index("> Un autre"), letter["body"].index("> Un avis")
    assert first < second and len(LINK.findall(letter["body"])) == 6
    assert max(map(len, letter["body"].split("\n"))) < 400
    moment.round(600)
    assert mails() == {}
    with api.env.adopt_user(username=moderator):
        for comment in list(page.restrictedTraverse("++conversation++default").getComments()):
            deciding.decide(comment, Action.SPAM, moment.now)
    moment.round(24 * 60)
    assert mails() == {}


def test_french_sites_write_french(town, page, moderator, mails, round):
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
    api.portal.set_registry_record("plone.default_language", "fr")
    said(page)
    round()
    ((letter,),) = mails().values()
    subject, body = (letter[part].replace("\N{NARROW NO-BREAK SPACE}", " ") for part in ("subject", "body"))
    assert subject == "À modérer : Jeanne sur « Nouveaux bancs au parc »"
    assert "Approuver :" in body and "demande confirmation" in body


def test_a_round_costs_the_same_for_a_thousand_comments_of_a_section(town, page, moderator, mails, moment, monkeypatch):
    asked = []
    roles = town.acl_users.portal_role_manager.__class__
    before = roles.listAssignedPrincipals
    monkeypatch.setattr(roles, "listAssignedPrincipals", lambda self, role: asked.append(role) or before(self, role))
    for number in range(30):
        said(page, f"Avis {number}")
    moment.round()
    assert len(mails()) == 1 and len(asked) == len(set(asked)) <= 5

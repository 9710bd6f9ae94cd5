"""A town whose comments are moderated: pages, people, and comments in every state, for tests of the desk."""

from AccessControl.SpecialUsers import nobody
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from commenting import news
from commenting import said as put
from datetime import datetime
from datetime import UTC
from plone import api


PASSWORD = "correct horse battery"
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
REMOTE = {
    "id": "7",
    "url": "https://mastodon.example/@paul/7",
    "author_id": "paul",
    "author_url": "https://mastodon.example/@paul",
    "account": "",
}


def said(page, *args, **known):
    """By a visitor: what moderators write passes at once."""
    with api.env.adopt_user(user=nobody):
        return put(page, *args, **known)


def person(name, *roles, fullname=""):
    with api.env.adopt_roles(["Manager"]):
        properties = {"fullname": fullname or name.title()}
        api.user.create(email=f"{name}@town.example", username=name, password=PASSWORD, properties=properties)
        api.user.grant_roles(username=name, roles=["Member", *roles])
    return name


def report(comment, reason="insult", text="C'est mon voisin", id="20261123-K7QX9M"):
    at = datetime.now(UTC).isoformat()
    facts.keep(comment, reports=({"id": id, "at": at, "reason": reason, "text": text},))
    comment.reindexObject()


def busy(site, moderator):
    """Something of everything; the comments by name."""
    settings().ready_answers = ["Horaires: La mairie ouvre de 9 h à 17 h.", "Merci: Merci de votre message."]
    settings().departments = ["Voirie: voirie@town.example"]
    with api.env.adopt_roles(["Manager"]):
        sport = api.content.create(site, "Folder", id="sport", title="Sport")
    bench, match = news(site), news(sport, "match", "Le match de dimanche")
    known = {"waiting": said(bench, author="mail:jeanne")}
    known["linked"] = said(
        bench, "Voyez https://example.com/a?b=1&c=2\n\net http://example.org", "Spammeur", rules=("links",)
    )
    known["evil"] = said(match, EVIL, EVIL)
    known["remote"] = said(bench, "Bravo !", "Paul", source="mastodon", remote=REMOTE, author="net:mastodon:paul")
    known["approved"] = said(bench, "Très bien.", "Jeanne", state=State.APPROVED, author="mail:jeanne")
    known["answer"] = said(bench, "Pas d'accord avec vous.", "Luc", parent=known["approved"])
    known["reported"] = said(match, "Mon voisin triche.", "Ida", state=State.APPROVED)
    report(known["reported"])
    with api.env.adopt_user(username=moderator):
        known["refused"] = said(match, "Insulte", "Max", author="mail:max")
        deciding.decide(known["refused"], Action.REJECT, datetime.now(UTC), reason="insult", note="Deuxième fois")
        known["spam"] = said(match, "Casino", "Bot")
        deciding.decide(known["spam"], Action.SPAM, datetime.now(UTC))
        known["edited"] = said(bench, "Appelez le 06 12 34 56 78, merci.", "Zoé")
        deciding.edit(known["edited"], "Appelez la mairie, merci.", datetime.now(UTC))
    return known

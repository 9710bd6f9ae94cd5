"""The comments of the demo site: in every state, with a charter, and a moderator who has something to decide."""

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from datetime import UTC


CHARTER = (
    "<p>Vos commentaires sont les bienvenus sous nos actualités. Un modérateur les lit avant qu'ils paraissent, les "
    "jours ouvrés, en général sous 24 heures.</p>"
    "<h2>Ce qui est publié</h2>"
    "<p>Les avis, questions et critiques, aussi vives soient-elles, sur le sujet de la page.</p>"
    "<h2>Ce qui ne l'est pas</h2>"
    "<ul><li>les injures et attaques contre une personne&nbsp;;</li>"
    "<li>les propos haineux ou contraires à la loi&nbsp;;</li>"
    "<li>les données personnelles d'autrui&nbsp;;</li>"
    "<li>ce qui est sans rapport avec le sujet&nbsp;;</li>"
    "<li>la publicité et les messages répétés&nbsp;;</li>"
    "<li>la propagande électorale.</li></ul>"
    "<h2>Un refus&nbsp;?</h2>"
    "<p>Il cite l'article en cause. Vous pouvez demander un second examen avec le lien que vous avez reçu.</p>"
)
READY = [
    "Transmis au service : Merci pour votre message. Nous l'avons transmis au service concerné, qui vous répondra ici.",
    "Horaires de la mairie : La mairie est ouverte du lundi au vendredi de 8 h 30 à 17 h, le samedi de 9 h à 12 h.",
    "Déposer un projet : Les projets se déposent en mairie ou sur ce site, jusqu'au 15 du mois prochain.",
]
DEPARTMENTS = [
    "Voirie : voirie@saint-aubin.example",
    "Espaces verts : espaces-verts@saint-aubin.example",
    "Vie associative : associations@saint-aubin.example",
]
WORDS = ["casino*", "viagra", "bitcoin*", "abruti*"]


@dataclass(frozen=True)
class Said:
    """`about`: council or weather; `below`: the one it answers; `hours`: ago; `known`: fields of Facts."""

    id: str
    about: str
    name: str
    text: str
    hours: float
    state: str = "pending"
    below: str = ""
    reason: str = ""
    user: str = ""
    known: tuple[tuple[str, object], ...] = ()


REMOTE = {
    "id": "113549872201",
    "url": "https://mastodon.example/@ninon/113549872201",
    "author_id": "https://mastodon.example/users/ninon",
    "author_url": "https://mastodon.example/@ninon",
    "account": "",
    "parent": "",
    "avatar": "",
    "edited": "",
}
TOOT = (("source", "mastodon"), ("author", "net:mastodon:https://mastodon.example/users/ninon"), ("remote", REMOTE))


SAID = (
    Said("idea", "council", "Jeanne D.", "Très bonne nouvelle ! Peut-on proposer un projet à plusieurs, en tant que "
         "parents d'élèves de l'école des Tilleuls ?", 52, "published"),
    Said("answer", "council", "", "Oui : un projet peut être déposé par un groupe. Une seule personne le représente et "
         "reçoit nos courriels.", 49, "published", "idea", user="moderator", known=(("official", True),)),
    Said("thanks", "council", "Jeanne D.", "Merci pour la réponse rapide. Nous préparons un préau.", 47, "published",
         "answer"),
    Said("bikes", "council", "Marc", "Et des arceaux à vélos devant la médiathèque ? Il y en a quatre, c'est peu.", 30,
         "published"),
    Said("toot", "council", "Ninon", "Bravo ! Le budget participatif de l'an dernier nous a donné la fresque du "
         "gymnase.", 26, "published", known=TOOT),
    Said("minutes", "council", "Paul R.", "Où lire le compte rendu de la séance ? Le lien ne marche pas sur mon "
         "téléphone.", 3),
    Said("links", "council", "Association Les Prés verts", "Notre projet : https://prespres.example/verger, les plans "
         ": https://prespres.example/plans, la pétition : https://petition.example/verger", 2,
         known=(("rules", ("links",)),)),
    Said("insult", "council", "Anonyme", "Encore de l'argent jeté par les fenêtres par cette bande d'abrutis.", 28,
         "rejected", reason="insult", known=(("rules", ("word:abruti*",)),)),
    Said("casino", "council", "Best Casino Online", "Win big tonight!!! https://casino.example "
         "https://casino.example/vip", 20, "spam", known=(("rules", ("word:casino*",)),)),
    Said("storm", "weather", "Lucie", "La salle des fêtes sera-t-elle ouverte cette nuit pour les gens du camping ?",
         80, "published"),
    Said("tree", "weather", "Hervé", "Un arbre menace de tomber rue du Lavoir, au niveau du 12. Qui appeler ?", 1),
    Said("name", "weather", "Un riverain", "C'est la faute de M. Dupuis, du 14, qui n'élague jamais ses arbres !", 60,
         "published"),
    Said("rumour", "weather", "Toto", "Il paraît que l'alerte est fausse, sortez sans crainte.", 70, "published"),
)  # fmt: skip
REPORTED = {
    "name": [("privacy", "Il donne l'adresse d'un voisin.")],
    "rumour": [("other", "C'est faux."), ("other", "Fausse nouvelle, et dangereuse."), ("other", "")],
}
"""Reason and words of each report: three hide it"""


def add_comments(site, url):
    from collective.socialterritory.comments.settings import settings
    from plone import api

    api.user.grant_roles(username="moderator", roles=["Social Moderator"])
    known = settings()
    known.charter_url = add_charter(site, url)
    known.ready_answers, known.departments, known.words = READY, DEPARTMENTS, WORDS
    made = {}
    for one in SAID:
        made[one.id] = say(site, one, made)
    for name, reports in REPORTED.items():
        for number, (reason, text) in enumerate(reports):
            report(made[name], number, reason, text)


def add_charter(site, url):
    from plone import api
    from plone.app.textfield.value import RichTextValue

    page = api.content.create(
        site,
        "Document",
        "charte",
        title="Charte des commentaires",
        description="Ce que nous publions sous nos actualités, et ce que nous ne publions pas.",
        text=RichTextValue(CHARTER, "text/html", "text/x-html-safe"),
        exclude_from_nav=True,
        language="fr",
    )
    api.content.transition(page, "publish")
    return f"{url}/{page.getId()}"


def say(site, said, made):
    """As it came, at that hour; then what the moderator decided."""
    from AccessControl.SpecialUsers import nobody
    from collective.socialterritory.comments import facts
    from collective.socialterritory.comments.deciding import move
    from collective.socialterritory.comments.model import State
    from plone import api
    from plone.app.discussion.interfaces import IConversation
    from zope.component import createObject

    now = datetime.now(UTC)
    at = now - timedelta(hours=said.hours)
    with api.env.adopt_user(user=nobody.__of__(site.acl_users)):
        comment = createObject("plone.Comment")
        comment.text, comment.author_name = said.text, said.name or site.title
        comment.creation_date = comment.modification_date = at
        comment.in_reply_to = int(made[said.below].id) if said.below else None
        facts.keep(comment, **{**({"author": f"user:{said.user}"} if said.user else {}), **dict(said.known)})
        conversation = IConversation(about(site, said.about))
        entered = conversation[conversation.addComment(comment)]
    if said.state != State.WAITING:
        decided = at + timedelta(hours=1)
        move(entered, State(said.state), decided, "moderator", said.reason)
    return entered


def about(site, name):
    from demo_news import NEWS
    from plone import api

    (title,) = (news.title for news in NEWS if news.picture == name)
    return next(brain.getObject() for brain in api.content.find(site, portal_type="News Item") if brain.Title == title)


def report(comment, number, reason, text):
    """By somebody on a network of their own."""
    from collective.socialterritory.comments import reports
    from collective.socialterritory.comments.rules.reports import Report

    reports.submit(comment, Report("", "", reason, text=text), f"192.0.2.{number}/24", datetime.now(UTC))

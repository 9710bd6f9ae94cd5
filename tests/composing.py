"""A news item of a town and what an account would say of it."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost.model import ImageSource
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.rules.compose import compose
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.text import graphemes
from datetime import date


DAY = date(2026, 3, 12)
URL = "https://www.ville.example/actualites/fete"
WHOLE = "{title}\n\n{description}\n\n{link}\n{subjects}"
PICTURE = ImageSource("d1" * 32, "image/jpeg", 3000, 2000, 900_000, "La place en fête")


def item(**changes):
    given = {
        "uid": "i",
        "path": "/Plone/actualites/fete",
        "url": URL,
        "portal_type": "News Item",
        "title": "Fête de la musique",
        "description": "Trente concerts gratuits dans toute la ville.",
        "subjects": ("Fête de la musique", "Culture"),
        "language": "fr",
    }
    return Item(**{**given, **changes})


def limits(text=300, measure=graphemes, **changes):
    return Limits(text, measure, **changes)


def said(news=None, template=WHOLE, most=None, text=None, **account):
    return compose(news or item(), Account("a", "A", "n", template=template, **account), most or limits(), DAY, text)

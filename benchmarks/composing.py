"""What it costs to say a news item for an account: composed, cut, measured, with the price told and the fingerprint.

1,000 items of a French town, always the same: long and short titles, descriptions up to a page, subjects, links with a
campaign, images, and one in five with a text of the editor's own that has hashtags, mentions, emoji and addresses in
it. Each is said for every network's limits. CPU time of one core is told, so that what else the machine does matters
less, and beside it how many times that of a bare str.format of the same words, which cuts and measures nothing.
"""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.model import ImageSource
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.rules import authorship
from collective.socialterritory.crosspost.rules.compose import compose
from collective.socialterritory.networks.bluesky import network as bluesky
from collective.socialterritory.networks.facebook import network as facebook
from collective.socialterritory.networks.mastodon import network as mastodon
from collective.socialterritory.networks.model import Charges
from collective.socialterritory.networks.sandbox import network as sandbox
from collective.socialterritory.networks.x import network as x
from datetime import date
from statistics import median
from town.figures import in_turn
from town.figures import ratio
from town.figures import tell

import random
import time


GOAL = 2.0
"""Milliseconds an item and account, for the slowest of the networks"""
ITEMS = 1000
ROUNDS = 5
DAY = date(2026, 3, 12)
TEMPLATE = "{title}\n\n{description}\n\n{link}\n{subjects}"
ACCOUNTS = {
    "sandbox": (sandbox, {}),
    "Bluesky": (bluesky, {}),
    "Mastodon": (mastodon, {"software": "mastodon", "chars": "500"}),
    "GoToSocial, links in full": (mastodon, {"software": "gotosocial", "chars": "5000"}),
    "X": (x, {}),
    "Facebook": (facebook, {}),
}
"""What one is called -> the network and what its server told of itself"""
WHAT = [
    "Fermeture exceptionnelle de la médiathèque Simone-Veil",
    "Travaux d’assainissement",
    "Fête de la musique : trente concerts gratuits",
    "Cantine : les menus de la semaine",
    "Enquête publique sur le plan local d’urbanisme",
    "Collecte des déchets verts",
    "Conseil municipal du jeudi",
    "Alerte orange « pluie-inondation »",
]
WHERE = [
    "",
    " rue de la République",
    " à l’hôtel de ville",
    " dans les quartiers Saint-Éloi, Les Aubépines et Croix-Rouge, de la gare au pont Neuf",
    " au parc des Cèdres 🌳",
]
SENTENCES = [
    "La circulation sera interdite de 8 h à 17 h 30, sauf pour les riverains et les véhicules de secours.",
    "Inscriptions jusqu’au 30 avril auprès du service « Vie associative » (02 99 00 00 00).",
    "L’entrée est libre, dans la limite des places disponibles !",
    "Un stationnement de remplacement est prévu place du Général-de-Gaulle ; la navette passe toutes les dix minutes.",
    "Plus de 1 250 habitantes et habitants ont répondu à la consultation, soit 12,5 % de la population.",
    "Le maire et l’ensemble des élu·e·s vous y attendent nombreux 🎉",
]
MARKS = [
    "#Rennes #ÉtéÀLaPlage",
    "avec @mairie.bsky.social et @service@mastodon.example",
    "👩‍👩‍👧‍👦 🇫🇷 ☀️",
    "programme : https://www.ville.fr/agenda/2026?page=2#samedi (pdf)",
    "voir aussi ville.fr/travaux, transport.gouv.fr.",
]
SUBJECTS = ["Culture", "Fête de la musique", "Travaux", "Enfance et jeunesse", "Mobilités", "Santé", "Élections 2026"]


def items():
    chance = random.Random(2026)
    return [item(number, chance) for number in range(ITEMS)]


def item(number, chance):
    what = chance.choice(WHAT) + chance.choice(WHERE)
    text = " ".join(chance.choice(SENTENCES) for _ in range(chance.choice((0, 1, 1, 2, 3, 12))))
    own = " ".join([*chance.sample(SENTENCES, chance.randint(1, 6)), *chance.sample(MARKS, 3)])
    path = f"/ville/actualites/{number}-" + "-".join(["une-adresse-longue"] * chance.choice((1, 1, 2, 10)))
    return Item(
        uid=f"{number:032x}",
        path=path,
        url="https://www.ville.fr" + path.removeprefix("/ville"),
        portal_type="News Item",
        title=what,
        description=text,
        subjects=tuple(chance.sample(SUBJECTS, chance.randint(0, len(SUBJECTS)))),
        language="fr",
        images=tuple(image(chance) for _ in range(chance.choice((0, 1, 1, 1, 5)))),
        choice=Choice(text=own if number % 5 == 0 else ""),
    )


def image(chance):
    caption = chance.choice(("", "La place en fête", " ".join(SENTENCES)))
    return ImageSource(f"{chance.getrandbits(256):064x}", "image/jpeg", 3000, 2000, 900_000, caption)


class Composing:
    def __init__(self, news, network, facts):
        self.news, self.network, self.limits = news, network, network.limits_of(facts)
        self.account = Account("a", "Ville", network.id, template=TEMPLATE, campaign="utm_source=reseaux")
        self.cut = 0

    def __call__(self):
        """CPU milliseconds an item."""
        start = time.process_time()
        said = [self._said(item) for item in self.news]
        took = time.process_time() - start
        assert all(one.fingerprint and (not one.limit or one.used <= one.limit) for one in said)
        self.cut = sum("cut" in one.warnings for one in said)
        return took / len(said) * 1000

    def _said(self, item):
        said = compose(item, self.account, self.limits, DAY)
        authorship.source(item)
        if isinstance(self.network, Charges):
            self.network.price(said.text)
        return said


class Bare:
    def __init__(self, news):
        self.news = news

    def __call__(self):
        start = time.process_time()
        for item in self.news:
            TEMPLATE.format(
                title=item.title, description=item.description, link=item.url, subjects=" ".join(item.subjects)
            )
        return (time.process_time() - start) / len(self.news) * 1000


def main():
    news = items()
    ours = {name: Composing(news, *known) for name, known in ACCOUNTS.items()}
    in_turn(1, *ours.values())
    *columns, bare = in_turn(ROUNDS, *ours.values(), Bare(news))
    took = {name: median(figures) for name, figures in zip(ours, columns, strict=True)}
    slowest = max(took, key=took.get)
    times = ratio(columns[list(ours).index(slowest)], bare)
    each = "; ".join(f"{name} {took[name]:.2f} ({one.cut} of {len(news)} cut)" for name, one in ours.items())
    tell(
        "composing",
        took[slowest] <= GOAL,
        f"{took[slowest]:.2f} ms an item and account where it takes longest ({slowest}), {times:.0f} times a bare "
        f"str.format, goal {GOAL} ms",
        f"{each}. CPU time on one core, medians of {ROUNDS} rounds.",
    )


if __name__ == "__main__":
    main()

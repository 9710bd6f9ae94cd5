"""Write what each network can do, as its adapter says, into README and reference; `--check` only compares."""

from collective.socialterritory.networks import model
from collective.socialterritory.networks import reading
from functools import partial
from importlib import import_module
from pathlib import Path

import re
import sys


ROOT = Path(__file__).parents[1]
WIRING = ROOT / "src/collective/socialterritory/networks/configure.zcml"
BEGIN, END = "<!-- what each network can do -->\n", "<!-- end -->"
ABILITIES = (
    "Publishes Prepares Finds Replays Edits Deletes Replies Reads Follows Hears Measures Connects Consents Refreshes "
    "Charges"
).split()
COLUMNS = ("Network", *ABILITIES, "Length", "Images", "Alternative text")
ENGLISH = {"page": "docs/how-to/en/link-{}.md"}
FRENCH = {
    "page": "docs/how-to/fr/link-{}.md",
    "Network": "Réseau",
    "Posts": "Publie",
    "Corrects": "Corrige",
    "Withdraws": "Retire",
    "Replies read": "Réponses lues",
    "Feeds": "Flux",
    "Figures": "Chiffres",
    "Long texts as threads": "Longs textes en fils",
    "Linked by": "Relié par",
    "Another network": "Un autre réseau",
    "yes": "oui",
    "by hand": "à la main",
    "in place": "sur place",
    "by an answer": "par une réponse",
    "text": "texte",
    "picture": "image",
    "link": "lien",
    "one click": "un clic",
    "what you copy": "ce que vous recopiez",
    "its own page": "sa propre page",
    " or ": " ou ",
    ": ": "\u202f: ",
}


def networks():
    """In the order of the ZCML."""
    for name in re.findall(r'component="\.(\w+)\.network"', WIRING.read_text(encoding="utf-8")):
        yield import_module(f"collective.socialterritory.networks.{name}").network


def has(network, name):
    return isinstance(network, getattr(model, name, None) or getattr(reading, name))


def reference():
    return drawn([COLUMNS, *map(row, networks())])


def row(network):
    limits = network.limits
    unit = limits.measure.__name__ if limits.measure.__name__.isidentifier() else "characters"
    length = f"{limits.text:,} {unit}" if limits.text else "no limit"
    kinds = ", ".join(kind.partition("/")[2].upper() for kind in limits.image_types)
    image = f"{limits.images} of {limits.image_bytes / 1_000_000:g} MB, {limits.image_side:,} px, {kinds}"
    return [network.title, *(can(network, name) for name in ABILITIES), length, image, f"{limits.alt:,}"]


def can(network, name):
    if not has(network, name):
        return "–"
    return ", ".join(sorted(network.rewrites)) if name == "Edits" else "yes"


def summary(words):
    """What a body that chooses wants to know; what no machine does, a person does."""
    columns = [*summed(next(networks()), {})]
    return drawn([[words.get(name, name) for name in columns], *(summed(one, words).values() for one in networks())])


def summed(network, words):
    def say(word):
        return words.get(word, word)

    def told(ability):
        return say("yes") if ability else "–"

    def done(ability):
        return say("yes") if ability else say("by hand")

    return {
        "Network": linked(network, words),
        "Posts": done(has(network, "Publishes")),
        "Corrects": corrected(network, say),
        "Withdraws": done(has(network, "Deletes")),
        "Replies read": told(has(network, "Hears")),
        "Feeds": told(has(network, "Reads") or has(network, "Follows")),
        "Figures": told(has(network, "Measures")),
        "Long texts as threads": told(network.limits.chain),
        "Linked by": ways(network, say),
    }


def linked(network, words):
    """Its name, which leads to the page that tells how it is linked, if there is one."""
    name, page = words.get(network.title, network.title), words.get("page", "").format(network.id)
    if not (ROOT / page).is_file():
        page = "" if has(network, "Publishes") else words.get("page", "").format("by-hand")
    return f"[{name}]({page})" if page else name


def corrected(network, say):
    if has(network, "Edits"):
        return say("in place") + say(": ") + ", ".join(map(say, sorted(network.rewrites, reverse=True)))
    return say("by an answer") if has(network, "Replies") else say("by hand")


def ways(network, say):
    typed = "what you copy" if network.fields else "one click"
    known = [typed] * has(network, "Connects") + ["its own page"] * has(network, "Consents")
    return say(" or ").join(map(say, known)) or "–"


def drawn(rows):
    first, *others = ([*row] for row in rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in [first, ["---"] * len(first), *others])


PAGES = {
    "docs/reference/networks.md": reference,
    "README.md": partial(summary, ENGLISH),
    "README.fr.md": partial(summary, FRENCH),
}


def main(check):
    for name, table in PAGES.items():
        path = ROOT / name
        page = path.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        written = f"{before}{BEGIN}{table()}{END}{rest.split(END, 1)[1]}"
        if written != page:
            if check:
                sys.exit(f"{name} is out of date: run scripts/capabilities.py")
            path.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main("--check" in sys.argv)

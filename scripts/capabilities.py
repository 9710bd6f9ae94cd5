"""Write what each network can do, as its adapter says, into docs/reference/networks.md; `--check` only compares."""

from collective.socialterritory.networks import model
from collective.socialterritory.networks import reading
from importlib import import_module
from pathlib import Path

import re
import sys


ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reference/networks.md"
WIRING = ROOT / "src/collective/socialterritory/networks/configure.zcml"
BEGIN, END = "<!-- what each network can do -->\n", "<!-- end -->"
ABILITIES = (
    "Publishes Finds Replays Edits Deletes Replies Reads Follows Hears Connects Consents Refreshes Charges"
).split()
COLUMNS = ("Network", *ABILITIES, "Length", "Images", "Alternative text")


def networks():
    """In the order of the ZCML."""
    for name in re.findall(r'component="\.(\w+)\.network"', WIRING.read_text(encoding="utf-8")):
        yield import_module(f"collective.socialterritory.networks.{name}").network


def row(network):
    limits = network.limits
    unit = limits.measure.__name__ if limits.measure.__name__.isidentifier() else "characters"
    length = f"{limits.text:,} {unit}" if limits.text else "no limit"
    kinds = ", ".join(kind.partition("/")[2].upper() for kind in limits.image_types)
    image = f"{limits.images} of {limits.image_bytes / 1_000_000:g} MB, {limits.image_side:,} px, {kinds}"
    return [network.title, *(can(network, name) for name in ABILITIES), length, image, f"{limits.alt:,}"]


def can(network, name):
    if not isinstance(network, getattr(model, name, None) or getattr(reading, name)):
        return "–"
    return ", ".join(sorted(network.rewrites)) if name == "Edits" else "yes"


def table():
    lines = [list(COLUMNS), ["---"] * len(COLUMNS), *map(row, networks())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(check):
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    written = f"{before}{BEGIN}{table()}{END}{rest.split(END, 1)[1]}"
    if check:
        sys.exit(0 if written == page else "docs/reference/networks.md is out of date: run scripts/capabilities.py")
    PAGE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main("--check" in sys.argv)

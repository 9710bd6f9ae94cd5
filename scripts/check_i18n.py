"""Fail when a string for people has no French."""

from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

import re
import sys


DOMAIN = "collective.socialterritory"
SOURCE = Path(__file__).parents[1] / "src/collective/socialterritory"
CATALOGUE = SOURCE / "locales" / "fr" / "LC_MESSAGES" / f"{DOMAIN}.po"
ENTRY = re.compile(r'((?:^#.*\n)*)^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', re.MULTILINE)


def entries(path):
    """msgid -> msgstr, "" for a fuzzy one."""
    found = {}
    for comments, msgid, msgstr in ENTRY.findall(path.read_text(encoding="utf-8")):
        found[joined(msgid)] = "" if ", fuzzy" in comments else joined(msgstr)
    return found


def joined(lines):
    return "".join(line[1:-1] for line in lines.splitlines())


with TemporaryDirectory() as folder:
    template = Path(folder, f"{DOMAIN}.pot")
    i18ndude = Path(sys.executable).with_name("i18ndude")
    run([i18ndude, "rebuild-pot", "--pot", template, "--create", DOMAIN, SOURCE], check=True, capture_output=True)
    wanted = entries(template).keys() - {""}
french = entries(CATALOGUE) if CATALOGUE.exists() else {}
missing = sorted(msgid for msgid in wanted if not french.get(msgid))
for msgid in missing:
    print(f"no French: {msgid}")
print(f"{len(wanted) - len(missing)} of {len(wanted)} strings have French")
sys.exit(bool(missing))

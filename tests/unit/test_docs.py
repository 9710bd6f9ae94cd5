"""What README and docs point to exists, variables of the environment are told, and the French catalogue is sound."""

from collective import socialterritory
from pathlib import Path
from pythongettext.msgfmt import Msgfmt

import gettext
import pytest
import re


ROOT = Path(__file__).parents[2]
SOURCE = Path(socialterritory.__file__).parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CATALOGUES = sorted(SOURCE.glob("locales/fr/LC_MESSAGES/*.po"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if not re.match(r"https?:", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_variable_of_the_environment_is_told():
    told = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    read = {name for path in SOURCE.rglob("*.py") for name in re.findall(r'setting\("(\w+)"\)', path.read_text())}
    assert len(read) > 5
    assert sorted(name for name in read if f"`{name}`" not in told) == []


def french():
    for path in CATALOGUES:
        with path.open("rb") as file:
            known = gettext.GNUTranslations(Msgfmt(file, name=path.name).getAsFile())._catalog
        yield from ((source, said) for source, said in known.items() if source)


def test_french_keeps_what_is_filled_in():
    names = re.compile(r"\$?\{\w+\}")
    assert [source for source, said in french() if set(names.findall(source)) != set(names.findall(said))] == []


def test_french_has_narrow_no_break_spaces():
    wrong = re.compile(r"(?<!\u202f)[;!?»]|«(?!\u202f)|(?<!\u202f):(?=\s|$)")
    assert [said for _, said in french() if wrong.search(re.sub(r"&\w+;", "", said))] == []

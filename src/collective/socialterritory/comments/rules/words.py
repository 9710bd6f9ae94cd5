"""Word and link rules: which of them hold a text.

Every step takes a time that grows with the text and with the number of rules, and with neither's square.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from typing import NamedTuple

import re
import regex
import unicodedata


MOST = 500
"""Rules of a kind"""
LONGEST = 100
"""Characters of a rule"""

LINKS = "links"
"""Id of the rule that counts links"""

_INVISIBLE = regex.compile(r"[\p{Cf}\p{Mn}\p{Cs}\u034f\u115f\u1160\u3164\uffa0]")
_WORD = re.compile(r"\w+")
_TERM = re.compile(r"[\w*]+")
_LEET_WORD = re.compile(r"[\w@$]+")
_LEET = str.maketrans("013457@$", "oieastas")
_JOINED = str.maketrans({"œ": "oe", "æ": "ae", "’": "'"})
_LETTER = regex.compile(r"\p{L}")
_LINK = re.compile(r"https?://\S*+|\bwww\.(?=\w)\S*+|[\w-]\.[a-z]{2,24}+/\S*+", re.IGNORECASE)
_HOST = re.compile(r"[\w-]++(?:\.[\w-]++)++")
_HOSTS = re.compile(r"[\w.-]+")
_DOTS = str.maketrans("。｡．", "...")
_SCHEME = re.compile(r"^(?:https?:)?//(?:www\.)?|^www\.", re.IGNORECASE)


class Fired(NamedTuple):
    """`id` is stored with the comment: word:<rule>, host:<host> or links. `what`: the rule as it is written there."""

    id: str
    what: str


@dataclass(frozen=True, slots=True)
class WordRule:
    line: str
    """As it was typed"""
    term: str
    """As it is looked for; "*" stands for any letters, or none"""
    pattern: re.Pattern[str] | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        return f"word:{self.term}"

    def holds(self, said: str) -> bool:
        return bool(self.pattern.search(said)) if self.pattern else f" {self.term} " in said


@dataclass(frozen=True, slots=True)
class Rules:
    words: tuple[WordRule, ...] = ()
    hosts: frozenset[str] = frozenset()
    """With all that is below them: bad.example is www.bad.example, too"""
    links: int | None = None
    """As many as may be in a text; None for any number"""


def read(words: Iterable[str] = (), hosts: Iterable[str] = (), links: int | None = None) -> Rules:
    """From settings, one rule a line. What says nothing is left out; what is too much, too."""
    terms = {term: line.strip() for line in words if len(line) <= LONGEST and (term := _term(line))}
    kept = tuple(WordRule(line, term, _pattern(term)) for term, line in list(terms.items())[:MOST])
    return Rules(kept, frozenset(list(filter(None, map(_host, hosts)))[:MOST]), links)


def problem(lines: Iterable[str]) -> str:
    """What is wrong with word rules, "" when nothing is: rules_many, rule_long, rule_empty (no letter to look for)."""
    typed = [line for line in lines if line.strip()]
    if len(typed) > MOST:
        return "rules_many"
    if any(len(line) > LONGEST for line in typed):
        return "rule_long"
    return "" if all(map(_term, typed)) else "rule_empty"


def hosts_problem(lines: Iterable[str]) -> str:
    """The same of forbidden hosts; host_invalid: none could be one."""
    typed = [line for line in lines if line.strip()]
    if len(typed) > MOST:
        return "rules_many"
    return "" if all(map(_host, typed)) else "host_invalid"


def fired(text: str, rules: Rules) -> tuple[Fired, ...]:
    """Those that would hold the text, in the order of the settings: this is the tester, too."""
    said = heard(text) if rules.words else ""
    words = [Fired(rule.id, rule.line) for rule in rules.words if rule.holds(said)]
    seen = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold().translate(_DOTS)
    hosts = sorted(_hosts(seen) & rules.hosts) if rules.hosts else []
    many = rules.links is not None and links(seen) > rules.links
    return (
        *words,
        *(Fired(f"host:{host}", host) for host in hosts),
        *([Fired(LINKS, str(rules.links))] if many else ()),
    )


def links(text: str) -> int:
    """How many: with http, with www, or a host with a path."""
    return sum(1 for _match in _LINK.finditer(text))


def heard(text: str) -> str:
    """The words of a text, small, without accents and invisible marks, each between spaces; what hides behind figures
    ("v1agra") follows once more in letters.
    """
    plain = folded(text)
    words = _WORD.findall(plain)
    unmasked = [_unmasked(word) for word in _LEET_WORD.findall(plain)]
    said = f" {' '.join(words)} "
    return said if unmasked == words else f"{said}\n {' '.join(unmasked)} "


def folded(text: str) -> str:
    """In small letters, without accents and invisible marks: two texts that are read alike are alike."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return str(_INVISIBLE.sub("", apart)).casefold().translate(_JOINED)


def _unmasked(word: str) -> str:
    """Numbers alone say what they say."""
    return word.translate(_LEET) if _LETTER.search(word) else word.strip("@$")


def _term(line: str) -> str:
    """ "" where there is nothing to look for but "*"."""
    term = re.sub(r"\*+", "*", " ".join(_TERM.findall(folded(line))))
    return term if all(part.strip("*") for part in term.split(" ")) else ""


def _pattern(term: str) -> re.Pattern[str] | None:
    """What stands between two "*" is taken where it comes first, for good, so nothing is ever tried twice."""
    if "*" not in term:
        return None
    return re.compile("".join(f" {_word(part)}" for part in term.split(" ")) + " ")


def _word(part: str) -> str:
    if "*" not in part:
        return part
    first, *between, last = part.split("*")
    return first + "".join(f"(?>[^ \n]*?{piece})" for piece in between) + rf"[^ \n]*{last}"


def _host(line: str) -> str:
    typed = _SCHEME.sub("", line.strip().casefold().translate(_DOTS)).partition("/")[0].strip(".")
    return typed if len(typed) <= LONGEST and _HOST.fullmatch(typed) else ""


def _hosts(text: str) -> set[str]:
    """Those of the text with all that stand above them; of one with very many dots, its last ones."""
    found = set()
    for name in set(_HOSTS.findall(text)):
        labels = name.strip(".").rsplit(".", 20)[-20:]
        found |= {".".join(labels[number:]) for number in range(len(labels))}
    return found

"""Lists that webmasters write one entry a line: reasons of refusals, ready answers."""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """An article of the charter, by language; `id` stays when its words change."""

    id: str
    words: Mapping[str, str]

    def said(self, language: str) -> str:
        """In this language, such as fr or fr-be; else the first there is."""
        return self.words.get(language[:2]) or next(iter(self.words.values()))


def reason(line: str) -> Reason | None:
    """Of "id | fr: words | en: words"; None for anything else."""
    id, *said = (part.strip() for part in line.split("|"))
    words = {code.strip(): text.strip() for code, mark, text in (part.partition(":") for part in said) if mark}
    good = id.replace("-", "").isalnum() and len(words) == len(said) > 0 and all(words.values())
    return Reason(id, words) if good else None


def reasons(lines: Iterable[str]) -> dict[str, Reason]:
    """By id, in the order of the lines."""
    return {found.id: found for found in map(reason, lines) if found}


def answers(lines: Iterable[str]) -> dict[str, str]:
    """Ready answers by title, of lines "title: text"."""
    parts = (line.partition(":") for line in lines)
    return {title.strip(): text.strip() for title, mark, text in parts if title.strip() and text.strip()}

"""What the catalogue knows of a comment: words of its one index, so that the desk can filter by any of them."""

from collective.socialterritory.comments.model import Facts


def tokens(facts: Facts, item: str) -> list[str]:
    """`item`: UID of the page. No word holds a person's address or a text that was not approved."""
    found = [f"item:{item}", f"source:{facts.source}"]
    found += [f"author:{facts.author}"] if facts.author else []
    found += [f"text:{facts.digest}"] if facts.digest else []
    found += [f"origin:{facts.origin}"] if facts.origin else []
    found += [f"reason:{facts.reason}"] if facts.reason else []
    found += [f"rule:{rule}" for rule in facts.rules]
    found += [f"remote:{facts.source}:{facts.remote['id']}"] if facts.remote else []
    marks = {"reported": facts.reported, "hidden": facts.hidden, "official": facts.official, "gone": bool(facts.gone)}
    marks["appeal"] = bool(facts.appeal)
    return found + [name for name, holds in marks.items() if holds]

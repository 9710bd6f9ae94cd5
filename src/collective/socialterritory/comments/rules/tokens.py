"""What the catalogue knows of a comment: words of its one index, so that the desk can filter by any of them."""

from collective.socialterritory.comments.model import Facts


def name_token(name: str) -> str:
    """Of the name that stands above a comment, however it is spelt."""
    return f"name:{' '.join(name.casefold().split())}"


def tokens(facts: Facts, item: str, name: str = "") -> list[str]:
    """`item`: UID of the page; `name`: of the author. No word holds an address or a text that was not approved."""
    found = [f"item:{item}", f"source:{facts.source}"]
    found += [name_token(name)] if name.strip() else []
    found += [f"author:{facts.author}"] if facts.author else []
    found += [f"text:{facts.digest}"] if facts.digest else []
    found += [f"origin:{facts.origin}"] if facts.origin else []
    cited = {facts.reason, *(report.get("reason", "") for report in facts.reports if not report.get("settled"))}
    found += [f"reason:{reason}" for reason in sorted(cited) if reason]
    found += [f"rule:{rule}" for rule in facts.rules]
    found += [f"remote:{facts.source}:{facts.remote['id']}"] if facts.remote else []
    marks = {"reported": facts.reported, "hidden": facts.hidden, "official": facts.official, "gone": bool(facts.gone)}
    marks["appeal"] = bool(facts.appeal)
    marks["to-answer"] = any(one.get("settled") and (one.get("email") or one.get("name")) for one in facts.reports)
    return found + [name for name, holds in marks.items() if holds]

"""What an account would say of a news item: its text, link, picture or link card, and what will look poor."""

from bisect import bisect_left
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory import images
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import PLACEHOLDERS
from collective.socialterritory.accounts.template import Line
from collective.socialterritory.accounts.template import parse
from collective.socialterritory.address import tracked
from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import ImageSource
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.rules.chain import split
from collective.socialterritory.crosspost.rules.wording import fill
from collective.socialterritory.crosspost.rules.wording import hashtags
from collective.socialterritory.dates import date_words
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.plain import one_line
from collective.socialterritory.plain import plain
from collective.socialterritory.text import codepoints
from collective.socialterritory.text import cut
from collective.socialterritory.text import shortened
from collective.socialterritory.text import spans
from collective.socialterritory.text import utf8
from dataclasses import replace
from datetime import date


SMALL_SIDE = 600
"""Pixels: narrower pictures are blown up by the networks."""

TITLE_SHARE = 3
"""Hashtags go, the last first, as long as a cut title would get less than a third of the post."""

LINK_SHARE = 2 / 3
"""A longer link leaves too little for words: it is shortened, or a link card carries it, in place of the picture."""

Fits = Callable[[str], bool]


def compose(item: Item, account: Account, limits: Limits, today: date, text: str | None = None) -> Rendition:
    """Exactly what `account` would post. `today` is what {date} says, a local date.

    `text` replaces the editor's own text for this account ("": the account's template); None: what the item has.
    Own text is literal; the link follows on a line of its own when it lacks it, unless the template has no {link}.
    Raises ContentError (unknown_placeholder with name, open_brace, no_template) for a template that is not valid.
    """
    own = plain(own_text(item, account) if text is None else text).strip()
    template = parse(plain(account.template))
    link = tracked(item.url, account.campaign)
    written = _written(link, limits)
    warnings = ["literal_braces"] if any(f"{{{name}}}" in own for name in PLACEHOLDERS) else []
    if own:
        ideal, said = _literal(own, item.url, written if _names_link(template) else "", limits)
    else:
        ideal, said = _templated(item, template, written, limits, today)
    parts: tuple[str, ...] = ()
    if item.choice.chain and limits.chain and said != ideal:
        parts = split(ideal, _fits(limits))
        said, ideal = ("\n\n".join(parts),) * 2 if parts else (said, ideal)
        warnings += [] if parts else ["no_thread"]
    rendition = _rendition(item, limits, (link, written), ideal, said, template, parts)
    return replace(rendition, warnings=(*warnings, *rendition.warnings))


def _written(link: str, limits: Limits) -> str:
    """What stands in the text for the link, "" where a card carries it."""
    if not limits.text or limits.measure(link) <= limits.text * LINK_SHARE:
        return link
    return shortened(link, limits.link) if limits.link else "" if limits.card else link


def own_text(item: Item, account: Account) -> str:
    """The editor's own text for the account, else the one for all, else ""."""
    return item.choice.texts.get(account.uid, "").strip() or item.choice.text.strip()


def _names_link(template: tuple[Line, ...]) -> bool:
    return any(name == "link" for line in template for _, name in line)


def _literal(own: str, url: str, link: str, limits: Limits) -> tuple[str, str]:
    """The own text as wished and as cut. A link inside that would be cut off goes to the end instead."""
    fits = _fits(limits)
    inside = next((address for address in (link, url) if address and _holds(own, address)), "")
    ideal = own if inside or not link else f"{own}\n{link}"
    if fits(ideal):
        return ideal, ideal
    said = _cut(own, fits) if inside else ""
    tail = inside or link
    if tail and not _holds(said, tail):
        said = _cut(own, lambda part: fits(f"{part}\n{tail}"))
        if fits(f"{said}\n{tail}".strip()):
            return ideal, f"{said}\n{tail}".strip()
    return ideal, _cut(own, fits)


def _templated(item: Item, template: tuple[Line, ...], link: str, limits: Limits, today: date) -> tuple[str, str]:
    """The text as wished and as shortened: first the description, then the title, then the hashtags, never the link."""
    fits = _fits(limits)
    tags = hashtags(item.subjects)
    values = {
        "title": one_line(item.title),
        "description": one_line(item.description),
        "link": link,
        "subjects": " ".join(tags),
        "date": date_words(today, item.language),
    }
    ideal = fill(template, values)
    if fits(ideal):
        return ideal, ideal
    values["description"] = _shortened(template, values, "description", fits)
    if not fits(fill(template, values)):
        values |= _title_and_tags(template, values, tags, limits)
    said = fill(template, values)
    if fits(said):
        return ideal, said
    # The template's own words are too long.
    return ideal, _literal(ideal, link, link if _holds(ideal, link) else "", limits)[1]


def _title_and_tags(
    template: tuple[Line, ...], values: Mapping[str, str], tags: tuple[str, ...], limits: Limits
) -> dict[str, str]:
    fits = _fits(limits)
    least = limits.text // TITLE_SHARE

    def tried(kept: int) -> dict[str, str]:
        filled = {**values, "subjects": " ".join(tags[:kept])}
        return {**filled, "title": _shortened(template, filled, "title", fits)}

    def poor(kept: int) -> bool:
        filled = tried(kept)
        enough = filled["title"] == values["title"] or limits.measure(filled["title"]) >= least
        return not enough or not fits(fill(template, filled))

    return tried(max(bisect_left(range(len(tags) + 1), True, key=poor) - 1, 0))


def _shortened(template: tuple[Line, ...], values: Mapping[str, str], name: str, fits: Fits) -> str:
    return _cut(values[name], lambda part: fits(fill(template, {**values, name: part})))


def _cut(part: str, fits: Fits) -> str:
    return cut(part, 1, lambda candidate: 1 if fits(candidate) else 2)


def _fits(limits: Limits) -> Fits:
    return lambda text: (
        (not limits.text or limits.measure(text) <= limits.text)
        and (not limits.text_bytes or utf8(text) <= limits.text_bytes)
    )


def _holds(text: str, link: str) -> bool:
    whole = any(span.kind == "link" and span.value.rstrip("/") == link.rstrip("/") for span in spans(text))
    return whole or (link.endswith("…") and link in text)


def _pictures(item: Item, limits: Limits) -> tuple[list[ImageSource], list[str]]:
    """The images that go along, and codes of what is wrong with the others."""
    problems = [images.problem(one.mime, one.width, one.height, limits) for one in item.images]
    fit = [one for one, problem in zip(item.images, problems, strict=True) if not problem]
    said = [problem for problem in problems if problem] if item.images else [] if limits.picture else ["no_image"]
    said += ["picture_needed"] if limits.picture and not fit else []
    return fit[: limits.images], [*said, *(["images_left_out"] if len(fit) > limits.images else [])]


def _padded(picture: ImageSource, limits: Limits) -> bool:
    size = (picture.width, picture.height)
    return images.shaped(*size, limits) != size


def _of_links(posts: Sequence[str], carded: str, limits: Limits) -> list[str]:
    """`carded`: the link of the first one's card, "" where there is none."""
    found = [{span.value for span in spans(post) if span.kind == "link"} for post in posts]
    dead = ["links_dead"] if any(found) and not limits.clickable else []
    most = max(len(found[0] | {carded} - {""}), *map(len, found))
    return [*dead, *(["too_many_links"] if 0 < limits.links < most else [])]


def _rendition(
    item: Item,
    limits: Limits,
    links: tuple[str, str],
    ideal: str,
    said: str,
    template: tuple[Line, ...],
    parts: tuple[str, ...],
) -> Rendition:
    """`links`: the whole one, and what stands for it in the text."""
    link = links[0]
    warnings = ["cut"] if said != ideal else []
    linked = any(_holds(said, address) for address in (*links, item.url) if address)
    carried = limits.card and link and not linked and _names_link(template)
    beside = limits.card_pictures
    pictures, problems = ([], ["link_in_card"]) if carried and not beside else _pictures(item, limits)
    if carried and len(pictures) > beside:
        pictures, problems = pictures[:beside], [*problems, "images_left_out"]
    card = limits.card and bool(link) and len(pictures) <= beside
    alts = [one_line(picture.caption) or one_line(item.title) for picture in pictures]
    shown = tuple(
        Image(picture.digest, cut(alt, limits.alt, codepoints), picture.place)
        for picture, alt in zip(pictures, alts, strict=True)
    )
    warnings += dict.fromkeys(problems)
    warnings += ["no_alt_caption"] if not all(one_line(picture.caption) for picture in pictures) else []
    warnings += ["alt_cut"] if [image.alt for image in shown] != alts else []
    warnings += ["small_image"] if any(min(one.width, one.height) < SMALL_SIDE for one in pictures) else []
    warnings += ["image_padded"] if any(_padded(one, limits) for one in pictures) else []
    warnings += ["no_description"] if card and not one_line(item.description) else []
    warnings += ["link_missing" if link else "no_address"] if not linked and not card else []
    posts = parts or (said,)
    warnings += _of_links(posts, link if card else "", limits)
    return Rendition(
        text=said,
        link=link,
        language=item.language,
        images=shown,
        recipe=images.recipe(limits) if shown else "",
        card_title=one_line(item.title) if card else "",
        card_description=one_line(item.description) if card else "",
        parts=parts,
        used=max(map(limits.measure, posts)),
        limit=limits.text,
        over=max(limits.measure(ideal) - limits.text, 0) if said != ideal else 0,
        warnings=tuple(warnings),
    )

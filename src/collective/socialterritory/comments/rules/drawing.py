"""Comments as HTML. Drawn here, since a page has dozens: a template's twenty expressions for each of them cost."""

from collections.abc import Iterable
from collective.socialterritory.markup import linked
from collective.socialterritory.plain import one_line
from collective.socialterritory.plain import plain
from html import escape
from typing import NamedTuple


REL = "nofollow ugc noopener"
"""Of links that visitors write: they count for nothing where search engines look"""


class Shown(NamedTuple):
    """A comment as visitors see it. Texts are as they came, addresses of any kind; `when` and `full` are a time.

    `gone`: the words in place of a text that was taken away; `answers`: id and name of what it answers, where its
    place does not say so; `waits`: only its author sees it; `source`: what the network is called, "" for this site.
    """

    id: int
    name: str
    text: str
    when: str
    iso: str
    gone: str = ""
    answers: tuple[int, str] | None = None
    waits: bool = False
    official: bool = False
    edited: str = ""
    source: str = ""
    icon: str = ""
    """Of the network, as SVG"""
    url: str = ""
    author_url: str = ""
    avatar: str = ""
    takes: bool = False
    """People can answer it"""


class Words(NamedTuple):
    """What is said around comments, in the language of the page; those that end with `_icon` are SVG.

    `here`: the page's address, `form`: that of the form, `report_page`: that of reports, up to the comment's id.
    `said_on`, `in_answer_to`, and `answer_to` and `report_of`, which voices say behind what they belong to, have {name}
    in them.
    """

    here: str
    form: str
    report_page: str
    anonymous: str
    answer: str
    answer_to: str
    edited: str
    in_answer_to: str
    official: str
    report: str
    report_of: str
    said_on: str
    waits: str
    answer_icon: str = ""
    official_icon: str = ""
    report_icon: str = ""
    waits_icon: str = ""


def thread(rows: Iterable[tuple[int, str]]) -> str:
    """Nested lists of (level, comment as HTML): what answers stands in a list below what it answers.

    A page that begins in the middle of a conversation begins with a list of its own.
    """
    out: list[str] = []
    levels: list[int] = []
    for level, html in rows:
        while len(levels) > 1 and levels[-1] > level:
            out.append("</li></ol>")
            levels.pop()
        if levels and level <= levels[-1]:
            out.append("</li>")
            levels[-1] = level
        else:
            out.append('<ol class="social-thread">')
            levels.append(level)
        out.append(f"<li>{html}")
    return "".join([*out, "</li></ol>" * len(levels)])


def address(page: str, id: int) -> str:
    """A comment's own: it opens the page of comments that it is on."""
    return f"{page}?comment={id}#comment-{id}"


def drawn(shown: Shown, words: Words) -> str:
    """Safe as it is, whatever visitors and networks wrote."""
    state = " social-comment-official" if shown.official else " social-comment-waits" if shown.waits else ""
    return (
        f'<article class="social-comment{state}" id="comment-{shown.id}" tabindex="-1">'
        f"{_gone(shown, words) if shown.gone else _said(shown, words)}</article>"
    )


def _gone(shown: Shown, words: Words) -> str:
    return f'<p class="social-comment-gone">{escape(shown.gone)} {_when(shown, words)}</p>'


def _said(shown: Shown, words: Words) -> str:
    return (
        f'<header class="social-comment-head">{_avatar(shown)}<span class="social-comment-who">{_name(shown, words)} '
        f"{_badges(shown, words)}</span> {_when(shown, words)}</header>{_answers(shown, words)}"
        f'<div class="social-comment-text" dir="auto">{linked(plain(shown.text), REL)}</div>{_foot(shown, words)}'
    )


def _name(shown: Shown, words: Words) -> str:
    """Isolated, for names may run from right to left."""
    name = f'<bdi class="social-comment-name">{escape(one_line(shown.name) or words.anonymous)}</bdi>'
    return f'<a href="{escape(shown.author_url)}" rel="{REL}">{name}</a>' if _web(shown.author_url) else name


def _badges(shown: Shown, words: Words) -> str:
    found = []
    if shown.official:
        found.append(_badge(words.official_icon, words.official))
    if shown.waits:
        found.append(_badge(words.waits_icon, words.waits))
    if shown.source:
        said = _badge(shown.icon, words.said_on.replace("{name}", shown.source))
        found.append(f'<a href="{escape(shown.url)}" rel="{REL}">{said}</a>' if _web(shown.url) else said)
    return " ".join(found)


def _badge(icon: str, said: str) -> str:
    return f'<span class="social-comment-badge">{icon}{escape(said)}</span>'


def _when(shown: Shown, words: Words) -> str:
    time = f'<time datetime="{escape(shown.iso)}">{escape(shown.when)}</time>'
    edited = f' <span title="{escape(shown.edited)}">({escape(words.edited)})</span>' if shown.edited else ""
    if shown.waits:
        return f'<span class="social-comment-when">{time}{edited}</span>'
    url = address(words.here, shown.id)
    return f'<span class="social-comment-when"><a href="{escape(url)}" rel="nofollow">{time}</a>{edited}</span>'


def _answers(shown: Shown, words: Words) -> str:
    if shown.answers is None:
        return ""
    id, name = shown.answers
    url = address(words.here, id)
    before, _brace, after = words.in_answer_to.partition("{name}")
    link = f'<a href="{escape(url)}" rel="nofollow"><bdi>{escape(one_line(name) or words.anonymous)}</bdi></a>'
    return f'<p class="social-comment-answers">{escape(before)}{link}{escape(after)}</p>'


def _foot(shown: Shown, words: Words) -> str:
    """Voices say behind each link whose comment it is about."""
    name = one_line(shown.name) or words.anonymous
    links = []
    if shown.takes:
        whom = escape(words.answer_to.replace("{name}", name))
        links.append(
            f'<a href="{escape(words.form)}?answer={shown.id}" rel="nofollow" data-social-comment="{shown.id}">'
            f'{words.answer_icon}{escape(words.answer)}<span class="visually-hidden"> {whom}</span></a>'
        )
    if not shown.waits and not shown.official:
        what = escape(words.report_of.replace("{name}", name))
        links.append(
            f'<a href="{escape(words.report_page)}.{shown.id}" rel="nofollow">{words.report_icon}'
            f'{escape(words.report)}<span class="visually-hidden"> {what}</span></a>'
        )
    return f'<footer class="social-comment-foot">{" ".join(links)}</footer>' if links else ""


def _avatar(shown: Shown) -> str:
    """A picture of this site's own: visitors ask nobody else for one."""
    if not shown.avatar:
        return ""
    url = escape(shown.avatar)
    return f'<img class="social-comment-avatar" alt="" height="40" loading="lazy" src="{url}" width="40" />'


def _web(url: str) -> bool:
    return url.startswith(("https://", "http://"))

"""How long a text is for each network, where its links, hashtags and mentions lie, and where it may be cut."""

from bisect import bisect_left
from bisect import bisect_right
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from collective.socialterritory.tlds import TLDS
from dataclasses import dataclass
from functools import lru_cache

import regex
import unicodedata


ELLIPSIS = "…"

# \X alone takes a time that grows with the square of a row of flags: https://www.unicode.org/reports/tr29/
_GRAPHEME = regex.compile(r"\p{RI}{1,2}+[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*+|\X")

_SPAN = regex.compile(
    r"""
    (?P<link>(?<![\w@])https?://[^\s\p{Cc}\p{Cf}<>"“”„«»‹›`{}|\\^]+)
    |(?<![\w&/\#])[#＃](?P<hashtag>[\p{L}\p{M}\p{N}_]+)
    |(?<![\w@/.])@(?P<mention>[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?(?:@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)?)
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_LETTER = regex.compile(r"\p{L}")
_LINK = regex.compile(r"https?://[\p{L}\p{N}\[]", regex.IGNORECASE)
_CLOSING = {")": "(", "]": "["}
_AFTER_LINK = ".,;:!?'’‘…·*~"
_BEFORE_ELLIPSIS = ".,;:-–—([{«‹“\"'"

_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{RI}|[\uFE0F\u20E3]")

# X: https://github.com/twitter/twitter-text, js/src/regexp, version 3.1.0
_ACCENTS = r"\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F"
_ACCENTS += r"\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
_INVALID = r"\uFFFE\uFEFF\uFFFF"
_DIRECTION = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_SPACE = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_NAME = rf"[^!'#%&()*+,\\\-./:;<=>?@\[\]\^_{{|}}~${_SPACE}{_INVALID}{_DIRECTION}]"
# X sets no bounds; without them hostile texts take minutes. No name in use has longer labels or more of them.
_LABEL = rf"(?={_NAME})(?:{_NAME}|-){{1,63}}+(?<={_NAME})\."
_SUBLABEL = _LABEL.replace("|-", "|[-_]")
_TLD = r"(?:\L<tlds>(?=[^0-9a-zA-Z@+-]|$)|xn--[-0-9a-z]+)"
_PATH = rf"[a-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_ACCENTS}]"
_PARENS = rf"\((?:{_PATH}+|{_PATH}*\({_PATH}+\){_PATH}*)\)"
_PATH_END = rf"[-+a-z\u0400-\u04FF0-9=_#/{_ACCENTS}]"
_QUERY = r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?"
_X_CASE = regex.IGNORECASE | regex.ASCII  # U+0130 and U+212A are no letters of domains
_X_LINK = regex.compile(
    rf"(?P<before>[^A-Za-z0-9@＠$#＃{_INVALID}]|[{_DIRECTION}]|^)"
    rf"(?P<url>(?P<protocol>https?://)?(?P<domain>(?:{_SUBLABEL}){{0,10}}{_LABEL}{_TLD})(?::[0-9]+)?"
    rf"(?P<path>/(?:{_PATH}*(?:{_PARENS}{_PATH}*)*{_PATH_END}|(?:{_PARENS})++|@{_PATH}+/)*)?"
    rf"{_QUERY})",
    _X_CASE,
    tlds=TLDS,
)
_X_SHORT = regex.compile(rf"https?://t\.co/([a-z0-9]+){_QUERY}", _X_CASE)
_X_ASCII_DOMAIN = regex.compile(rf"(?:[-a-z0-9{_ACCENTS}]+\.)+{_TLD}", _X_CASE, tlds=TLDS)
_X_LINK_LENGTH = 23
# What is an emoji without U+FE0F too: https://unicode.org/Public/UCD/latest/ucd/emoji/emoji-variation-sequences.txt
_X_EITHER = "⌚⌛◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯"
_X_NATIONS = ["".join(chr(0xE0000 + ord(char)) for char in nation) for nation in ("gbeng", "gbsct", "gbwls")]
_X_WORD = regex.compile(rf"[^{_SPACE}]++")
_X_HEAVY = regex.compile(r"[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")
_X_EMOJI = regex.compile(
    rf"""[0-9\#*]\uFE0F?\u20E3
    |\p{{RI}}\p{{RI}}
    |\U0001F3F4\L<nations>\U000E007F
    |(?!\p{{RI}}|[0-9\#*])
     (?:[{_X_EITHER}]\uFE0F?|\p{{Emoji_Presentation}}
       |\p{{Emoji}}\uFE0F|\p{{Emoji_Modifier_Base}}(?=\p{{Emoji_Modifier}}))
     (?:(?<=\p{{Emoji_Modifier_Base}}\uFE0F?)\p{{Emoji_Modifier}})?(?!\uFE0E)
     (?:\u200D\p{{Emoji}}(?:\uFE0F|\p{{Emoji_Modifier}})?)*
    """,
    regex.VERBOSE,
    nations=_X_NATIONS,
)

# Mastodon: https://github.com/mastodon/mastodon, config/initializers/twitter_regex.rb and app/lib/extractor.rb. What
# is a link here is one there too; an address that only Mastodon takes for a link is counted whole, to be safe.
_PLAIN = r"[^\s<>()?]"
_TOOT = regex.compile(
    rf"(?<![A-Za-z0-9@＠$#＃{_INVALID}])"
    rf"(?P<domain>https?://(?:{_SUBLABEL}){{0,10}}{_LABEL}{_TLD}(?::[0-9]++)?+)"
    rf"(?P<path>/(?:{_PLAIN}++|\({_PLAIN}++\)|\({_PLAIN}*+\({_PLAIN}++\){_PLAIN}*+\))*+)?+"
    r"(?P<query>\?(?:[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^]|[^\x00-\x9F\s])*+)?+"
    r"|(?<![=/\w])(?P<mention>@[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)@[a-z0-9-]++(?:\.[a-z0-9-]++)++(?![\w@＠]|://)",
    regex.IGNORECASE,
    tlds=TLDS,
)
_AFTER_TOOT_PATH = "!*\"'「」;:=,.$%[]~&|@"
_AFTER_TOOT_QUERY = "!?*'();:+$%[].,~|@^"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text that must stay whole. Offsets in code points; `value` has no # and no leading @."""

    start: int
    end: int
    kind: str
    """link, hashtag or mention"""
    value: str


def codepoints(text: str) -> int:
    return len(text)


def graphemes(text: str) -> int:
    """What people see as one character each: https://unicode.org/reports/tr29/"""
    return len(text) - text.count("\r\n") if text.isascii() else len(_GRAPHEME.findall(text))


def utf8(text: str) -> int:
    return len(text.encode("utf-8"))


def weighted(text: str) -> int:
    """X's length: https://docs.x.com/fundamentals/counting-characters. Emoji newer than X's table count 2 too."""
    text = unicodedata.normalize("NFC", text)
    length, position = 0, 0
    for start, end in x_links(text):
        length += _x_weight(text[position:start]) + _X_LINK_LENGTH
        position = end
    return length + _x_weight(text[position:])


def x_links(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what X takes for a link: domains without a scheme too."""
    for match in _x_matches(text):
        start, end = match.span("url")
        if end - start > 4096 or not _x_domain(match["domain"]):
            continue
        if short := _X_SHORT.match(match["url"]):
            if len(short[1]) <= 40:
                yield start, start + short.end()
        elif match["protocol"]:
            yield start, end
        elif not match["before"] or match["before"] not in "-_./":
            domains = [(start + m.start(), start + m.end()) for m in _X_ASCII_DOMAIN.finditer(match["domain"])]
            yield from domains[:-1]
            if domains:
                yield domains[-1][0], end if match["path"] else domains[-1][1]


def _x_domain(domain: str) -> bool:
    """Whether no label, with all that stands glued to it, is too long: https://www.rfc-editor.org/rfc/rfc3490"""
    labels = domain.split(".")
    return all(label.isascii() or len(label.encode("punycode")) <= 63 - len("xn--") for label in labels)


def _x_matches(text: str) -> Iterator[regex.Match[str]]:
    """Only words with a dot are searched: nothing else can hold a link, and searching takes long."""
    for word in _X_WORD.finditer(text):
        if "." in word[0]:
            yield from _X_LINK.finditer(text, max(word.start() - 1, 0), word.end())


def _x_weight(text: str) -> int:
    rest, emoji = _X_EMOJI.subn("", text)
    return 2 * int(emoji) + len(rest) + len(_X_HEAVY.findall(rest))


def threaded(text: str) -> int:
    """Threads' length: an emoji counts its bytes in UTF-8. https://developers.facebook.com/docs/threads/posts

    What may be drawn as an emoji is taken for one, to be safe.
    """
    return sum(utf8(one) if _EMOJI.search(one) else len(one) for one in _GRAPHEME.findall(text))


def tooted(text: str, link: int = 23) -> int:
    """Mastodon's length: https://docs.joinmastodon.org/user/posting/#links. In graphemes, a link being `link`.

    Of @name@domain only @name counts.
    """
    return graphemes(_TOOT.sub(lambda match: _toot_counted(match, link), text))


def _toot_counted(match: regex.Match[str], link: int) -> str:
    """What is counted in place of a link or mention; punctuation that ends a link is no part of it."""
    if match["mention"]:
        return str(match["mention"])
    path, query = match["path"] or "", match["query"] or ""
    end = len(path.rstrip(_AFTER_TOOT_PATH))
    rest = query[len(query.rstrip(_AFTER_TOOT_QUERY)) :] if end == len(path) else path[end:] + query
    return "x" * link + rest


def shortened(link: str, length: int) -> str:
    """The link without scheme and with an ellipsis for its end; the link itself where it is short, or `length` 0."""
    bare = link.partition("://")[2]
    return f"{bare[: length - 1]}…" if 0 < length < len(bare) else link


def spans(text: str) -> tuple[Span, ...]:
    """Links (http and https), hashtags and mentions, in order, never overlapping.

    A link ends before closing punctuation, quotation marks, any space (no-break and narrow too) and a parenthesis
    that it did not open. A hashtag has at least one letter and keeps its accents. A mention is @name, @name.domain or
    @name@domain.
    """
    found = []
    position = 0
    while match := _SPAN.search(text, position):
        kind = match.lastgroup or ""
        start, end = match.span()
        value = match[kind]
        if kind == "link":
            value = _link_end(value)
            end = start + len(value)
        if _LINK.match(value) if kind == "link" else kind == "mention" or _LETTER.search(value):
            found.append(Span(start, end, kind, value))
        position = max(end, start + 1)
    return tuple(found)


def _link_end(link: str) -> str:
    unopened = {closing: link.count(closing) - link.count(opening) for closing, opening in _CLOSING.items()}
    end = len(link)
    while end and (link[end - 1] in _AFTER_LINK or unopened.get(link[end - 1], 0) > 0):
        end -= 1
        if link[end] in unopened:
            unopened[link[end]] -= 1
    return link[:end]


def cut(text: str, limit: int, measure: Callable[[str], int], limit_bytes: int = 0, keep: str = "") -> str:
    """`text` + `keep`, shortened to `limit` (0: none) by `measure` and to `limit_bytes` of UTF-8 (0: none).

    `keep` stays whole; when `text` ends with it already it is not doubled. The text is cut after a word, a single
    over-long word after a grapheme, then "…"; never inside a link, hashtag, mention or grapheme. Returns "" when
    nothing fits.
    """
    text = text.removesuffix(keep)

    def fits(candidate: str) -> bool:
        return (not limit or measure(candidate) <= limit) and (not limit_bytes or utf8(candidate) <= limit_bytes)

    if fits(text + keep):
        return text + keep
    links, *ways = _stops(text)
    for stops in ways:
        number = _fitting(stops, lambda stop: fits(_ending(text, stop, links) + keep))
        if number:
            return _ending(text, stops[number - 1], links) + keep
    return keep.strip() if fits(keep.strip()) else ""


def _fitting(stops: Sequence[int], fits: Callable[[int], bool]) -> int:
    """How many stops fit. In growing steps from the front: what lies far beyond the limit is never measured.

    The last of them was measured, so it fits even where a measure is not monotonic (a name becoming a link).
    """
    beyond = 1
    while beyond <= len(stops) and fits(stops[beyond - 1]):
        beyond *= 2
    return bisect_left(stops, True, beyond // 2, min(beyond - 1, len(stops)), key=lambda stop: not fits(stop))


@lru_cache(maxsize=1)
def _stops(text: str) -> tuple[frozenset[int], Sequence[int], Sequence[int]]:
    """Where links, words and graphemes end. Kept for the next call: a title is cut for many numbers of hashtags."""
    whole = spans(text)
    links = frozenset(span.end for span in whole if span.kind == "link")
    allowed = _allowed(text, whole)
    return links, _words(text, whole, frozenset(allowed)), allowed


def _allowed(text: str, whole: tuple[Span, ...]) -> list[int]:
    """Where graphemes end, outside of what must stay whole."""
    starts = [span.start for span in whole]
    ends = [0, *(span.end for span in whole)]
    found = (match.end() for match in _GRAPHEME.finditer(text))
    return [end for end in found if end >= ends[bisect_left(starts, end)]]


def _words(text: str, whole: tuple[Span, ...], allowed: frozenset[int]) -> list[int]:
    """Where words end, without the punctuation that reads badly before an ellipsis."""
    ends = [0, *(span.end for span in whole)]
    stops = set()
    stop = seen = 0
    for space in regex.finditer(r"(?<=\S)\s", text):
        if word := text[seen : space.start()].rstrip(_BEFORE_ELLIPSIS + " \t\r\n\xa0\u202f"):
            stop = seen + len(word)
        seen = space.start()
        stop = max(stop, ends[bisect_right(ends, seen) - 1])
        if stop in allowed:
            stops.add(stop)
    return sorted(stops - {0})


def _ending(text: str, stop: int, links: frozenset[int]) -> str:
    """Some networks take an ellipsis right after a link for a part of it."""
    return text[:stop] + (" " if stop in links else "") + ELLIPSIS

"""How the scripted Mastodon server counts a text and shows it."""

import html
import re
import regex


_URL = re.compile(r"https?://[^\s<>«»\u202f\xa0]*[\w/)=&#-]")
_SHOWN = re.compile(
    r"(?P<url>https?://[^\s<>«»\u202f\xa0]*[\w/)=&#-])"
    r"|(?<![\w/@.])@(?P<user>\w+)@(?P<host>[\w.-]+\w)"
    r"|(?<![\w&/#])#(?P<tag>\w*[^\W\d]\w*)"
)


def length(text: str, software: str) -> int:
    if software != "mastodon":
        return len(text)
    short = re.sub(r"(@\w+)@[\w.-]+\w", r"\1", _URL.sub("x" * 23, text))
    return len(regex.findall(r"\X", short))


def hashtags(text: str) -> list[str]:
    return [match["tag"] for match in _SHOWN.finditer(text) if match["tag"]]


def rendered(text: str, url: str, software: str) -> str:
    parts, position = [], 0
    for match in _SHOWN.finditer(text):
        parts += [html.escape(text[position : match.start()]), _linked(match, url, software)]
        position = match.end()
    shown = "".join([*parts, html.escape(text[position:])])
    return "".join(f"<p>{part.replace(chr(10), '<br />')}</p>" for part in shown.split("\n\n"))


def _linked(match: re.Match[str], server: str, software: str) -> str:
    if tag := match["tag"]:
        address = f"{server}/tags/{html.escape(tag)}"
        return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{html.escape(tag)}</span></a>'
    if user := match["user"]:
        inner = f'<a href="https://{match["host"]}/@{user}" class="u-url mention">@<span>{user}</span></a>'
        return f'<span class="h-card" translate="no">{inner}</span>'
    url = html.escape(match["url"])
    if software != "mastodon":
        return f'<a href="{url}" rel="nofollow noreferrer noopener" target="_blank">{url}</a>'
    scheme, _, rest = url.partition("://")
    shown, hidden = html.escape(html.unescape(rest)[:30]), html.escape(html.unescape(rest)[30:])
    spans = f'<span class="invisible">{scheme}://</span><span class="{"ellipsis" if hidden else ""}">{shown}</span>'
    spans += f'<span class="invisible">{hidden}</span>'
    return f'<a href="{url}" target="_blank" rel="nofollow noopener" translate="no">{spans}</a>'

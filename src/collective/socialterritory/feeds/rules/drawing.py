"""An entry as HTML. Drawn here, since a page has dozens: a template's twenty expressions for each of them cost."""

from collective.socialterritory.feeds.rules import pictures
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.entries import UNDATED
from html import escape
from typing import NamedTuple


class Place(NamedTuple):
    """Where an entry is shown: addresses of the site and of its source; words in the language of the page.

    `icon`: SVG, safe as it is.
    """

    site: str
    source: str
    title: str
    network: str
    icon: str
    original: str
    layout: str


def picture(site: str, source: str, url: str) -> str:
    """Of a picture that is kept, or of what is on this site: visitors ask nobody else for one, whatever is stored."""
    if url.startswith("/"):
        return f"{site}{url}"
    return f"{source}/@@social-media/{url}" if pictures.size(url) != (0, 0) else ""


def address(site: str, source: str, url: str) -> str:
    """Of this site or of the web; "" for anything else."""
    return picture(site, source, url) or (url if url.startswith(("http://", "https://")) else "")


def drawn(entry: Entry, place: Place, html: str, when: str, full: str) -> str:
    """`html`: its text, safe as it is; `when`: how long ago, and `full`: the date, both "" for what has none."""
    language = f' lang="{escape(entry.language)}"' if entry.language else ""
    url = escape(address(place.site, place.source, entry.url))
    title = f'<p class="social-entry-title"><a href="{url}">{escape(entry.title)}</a></p>' if entry.title else ""
    text = f'<div class="social-entry-text">{html}</div>' if html else ""
    return (
        f'<li><article class="social-entry"{language}><header class="social-entry-head">{_avatar(entry, place)} '
        f'<span class="social-entry-who"><strong>{escape(entry.author or place.title)}</strong> '
        f'<span class="social-entry-meta">{place.icon}<span class="visually-hidden">{escape(place.network)}</span> '
        f'<a href="{url}">{_time(entry, when, full)}<span class="{"visually-hidden" if when else ""}">'
        f"{escape(place.original)}</span></a></span></span></header>{title}{text}{_image(entry, place)}</article></li>"
    )


def _time(entry: Entry, when: str, full: str) -> str:
    if entry.published == UNDATED:
        return ""
    return f'<time datetime="{entry.published.isoformat()}" title="{escape(full)}">{escape(when)}</time> '


def _avatar(entry: Entry, place: Place) -> str:
    url = escape(picture(place.site, place.source, entry.avatar))
    drawn = f'<img class="social-entry-avatar" alt="" height="40" loading="lazy" src="{url}" width="40" />'
    return drawn if url else ""


def _image(entry: Entry, place: Place) -> str:
    image = entry.images[0] if entry.images and place.layout != "compact" else Image("")
    url, alt = escape(picture(place.site, place.source, image.url)), escape(image.alt)
    width, height = pictures.size(image.url)
    size = f' width="{width}" height="{height}"' if width else ""
    return f'<img class="social-entry-image" alt="{alt}" loading="lazy" src="{url}"{size} />' if url else ""

"""Every surface of a site on which a comment's text, or how many there are, could come to light.

Each takes a client of rest.py and the page with comments, and gives what that person reads.
"""

from commenting import news
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.base.interfaces.syndication import IFeedSettings
from plone.base.interfaces.syndication import ISiteSyndicationSettings
from plone.registry.interfaces import IRegistry
from zope.component import getUtility

import gzip


HTML = {"Accept": "text/html"}
XML = {"Accept": "*/*"}


def html(path):
    def read(client, page):
        return client.session.get(f"{client.url}/{path}", headers=HTML, timeout=30).text

    return read


def xml(path):
    def read(client, page):
        return client.session.get(f"{client.url}/{path}", headers=XML, timeout=30).text

    return read


def rest(path, **params):
    def read(client, page):
        return client.get(path, **params).text

    return read


def each(pattern, headers=None):
    """Of each comment by itself, whatever its state; `pattern` has its id."""

    def read(client, page):
        ids = list(IConversation(page))
        asked = headers or {"Accept": "application/json"}
        found = [client.session.get(f"{client.url}/{pattern.format(id)}", headers=asked, timeout=30) for id in ids]
        return "\n".join(answer.text for answer in found if answer.status_code == 200)

    return read


def query(client, page):
    rules = [{"i": "SearchableText", "o": "plone.app.querystring.operation.string.contains", "v": "marque"}]
    body = {"query": rules, "metadata_fields": "_all", "fullobjects": True}
    return client.post("@querystring-search", body).text


def sitemap(client, page):
    packed = client.session.get(f"{client.url}/sitemap.xml.gz", headers=XML, timeout=30).content
    return gzip.decompress(packed).decode()


TEXTS = {
    "the page": html("sport/bancs"),
    "its pages of comments": html("sport/bancs?comments=1"),
    "one of its comments": each("sport/bancs?comment={0}", HTML),
    "the form": html("sport/bancs/@@social-comment"),
    "the form of an answer": each("sport/bancs/@@social-comment?answer={0}", HTML),
    "@comments": rest("sport/bancs/@comments", b_size=100),
    "@comments of one": each("sport/bancs/@comments/{0}"),
    "the page as JSON": rest("sport/bancs", expand="actions,breadcrumbs,workflow"),
    "the conversation as JSON": rest("sport/bancs/++conversation++default"),
    "a comment as JSON": each("sport/bancs/++conversation++default/{0}"),
    "a comment's address": each("sport/bancs/++conversation++default/{0}", HTML),
    "its view": each("sport/bancs/++conversation++default/{0}/view", HTML),
    "its text": each("sport/bancs/++conversation++default/{0}/getText", HTML),
    "its attribute": each("sport/bancs/++conversation++default/{0}/text", HTML),
    "its title": each("sport/bancs/++conversation++default/{0}/Title", HTML),
    "its author": each("sport/bancs/++conversation++default/{0}/Creator", HTML),
    "its edit form": each("sport/bancs/++conversation++default/{0}/@@edit-comment", HTML),
    "its states": each("sport/bancs/++conversation++default/{0}/@workflow"),
    "its history": each("sport/bancs/++conversation++default/{0}/@history"),
    "its history page": each("sport/bancs/++conversation++default/{0}/@@historyview", HTML),
    "its states page": each("sport/bancs/++conversation++default/{0}/content_status_history", HTML),
    "its export": each("sport/bancs/++conversation++default/{0}/manage_FTPget", HTML),
    "its WebDAV": each("sport/bancs/++conversation++default/{0}/manage_DAVget", HTML),
    "its main page": each("sport/bancs/++conversation++default/{0}/manage_main", HTML),
    "the conversation's threads": html("sport/bancs/++conversation++default/getThreads"),
    "the conversation's comments": html("sport/bancs/++conversation++default/getComments"),
    "the conversation's values": html("sport/bancs/++conversation++default/values"),
    "the conversation's items": html("sport/bancs/++conversation++default/items"),
    "the conversation's commentators": html("sport/bancs/++conversation++default/commentators"),
    "search": html("@@search?SearchableText=marque"),
    "search of comments": html("@@search?portal_type=Discussion%20Item&SearchableText=marque"),
    "search as one types": xml("@@ajax-search?SearchableText=marque"),
    "old search": html("livesearch_reply?q=marque"),
    "@search": rest("@search", SearchableText="marque", metadata_fields="_all"),
    "@search in full": rest("@search", portal_type="Discussion Item", fullobjects=1),
    "@search for states": rest("@search", review_state="pending", metadata_fields="_all"),
    "@search for what the desk knows": rest("@search", social_comment="source:site", metadata_fields="_all"),
    "@querystring-search": query,
    "@site": rest("@site"),
    "@types": rest("@types"),
    "@navigation": rest("@navigation", **{"expand.navigation.depth": 3}),
    "@contextnavigation": rest("sport/@contextnavigation"),
    "the section": html("sport"),
    "the section as JSON": rest("sport", fullobjects=1),
    "the section's contents": html("sport/folder_contents"),
    "the section's summary": html("sport/summary_view"),
    "a collection": html("avis"),
    "a collection in full": html("avis/full_view"),
    "a collection as JSON": rest("avis"),
    "a collection's RSS": xml("avis/rss.xml"),
    "a collection's Atom": xml("avis/atom.xml"),
    "the section's RSS": xml("sport/RSS"),
    "the section's Atom": xml("sport/atom.xml"),
    "the section's other feed": xml("sport/itunes.xml"),
    "the page's RSS": xml("sport/bancs/RSS"),
    "the page's feed": xml("sport/bancs/rss.xml"),
    "the search's feed": xml("search_rss?SearchableText=marque"),
    "the search's other feed": xml("@@search_rss?portal_type=Discussion%20Item"),
    "the site's feed": xml("RSS"),
    "the sitemap": sitemap,
    "the sitemap's page": html("sitemap"),
    "the front page, with what is recent": html(""),
    "its own list of what is recent": html("recently_modified"),
    "the desk of Plone": html("@@moderate-comments?review_state=all"),
    "the desk": html("@@social-moderation?state=all"),
    "an author's page": html("author/paul"),
    "the catalogue": html("portal_catalog/searchResults?portal_type=Discussion%20Item"),
    "the catalogue's brains": html("portal_catalog?portal_type=Discussion%20Item"),
    "own comments": html("@@social-my-comments"),
}


def settle(site):
    """A section with a page, comments in every state, and where they could come out."""
    with api.env.adopt_roles(["Manager"]):
        section = api.content.create(site, "Folder", id="sport", title="Sport")
        api.content.transition(section, to_state="published")
        page = news(section)
        rules = {"i": "portal_type", "o": "plone.app.querystring.operation.selection.any", "v": ["Discussion Item"]}
        collection = api.content.create(site, "Collection", id="avis", title="Avis", query=[rules])
        api.content.transition(collection, to_state="published")
        api.portal.set_registry_record("plone.enable_sitemap", True)
        # Themed pages take three times as long, and a theme adds no text.
        api.portal.set_registry_record("plone.app.theming.interfaces.IThemeSettings.enabled", False)
        feeds = getUtility(IRegistry).forInterface(ISiteSyndicationSettings, check=False)
        feeds.allowed = feeds.search_rss_enabled = feeds.default_enabled = True
        for place in (site, section, collection):
            IFeedSettings(place).enabled = True
            IFeedSettings(place).feed_types = ("RSS", "rss.xml", "atom.xml", "itunes.xml")
    return page

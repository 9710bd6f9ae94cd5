"""Feeds of all kinds and conditions in, what people would read out."""

from collective.socialterritory.errors import ContentError
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.entries import UNDATED
from datetime import datetime
from datetime import UTC
from feeds import check
from feeds import described
from feeds import one
from feeds import rss
from feeds import told
from feeds import URL

import pytest


MASTODON = rss(
    '<item><guid isPermaLink="true">https://m.example/@ville/1</guid><link>https://m.example/@ville/1</link>'
    "<pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate><description>&lt;p&gt;Ce soir "
    '&lt;a href="https://m.example/tags/fete" class="mention hashtag"&gt;#&lt;span&gt;fête&lt;/span&gt;&lt;/a&gt;, '
    '&lt;a href="https://town.example/fete"&gt;programme&lt;/a&gt;&lt;/p&gt;&lt;p&gt;À tous&lt;/p&gt;</description>'
    '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://m.example/1.jpg" type="image/jpeg" '
    'medium="image"><media:description type="plain">Un stand décoré</media:description></media:content>'
    "<category>fête</category><category>Fête</category></item>",
    "<title>Ville</title><link>https://m.example/@ville</link><language>fr_FR</language>"
    "<image><url>https://m.example/a.png</url><title>Ville</title></image>",
)

YOUTUBE = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns="http://www.w3.org/2005/Atom"><title>Ville TV</title><id>yt:channel:1</id>
 <link rel="alternate" href="https://www.youtube.com/channel/UC1"/>
 <entry><id>yt:video:a</id><title>Vœux &amp; projets</title><author><name>Ville TV</name></author>
  <link rel="alternate" href="https://www.youtube.com/watch?v=a"/>
  <published>2026-01-08T18:00:00+00:00</published><updated>2026-02-08T18:00:00+00:00</updated>
  <media:group><media:title>Vœux</media:title>
   <media:content url="https://www.youtube.com/v/a?version=3" type="application/x-shockwave-flash"/>
   <media:thumbnail url="https://i1.ytimg.com/vi/a/hqdefault.jpg" width="480" height="360"/>
   <media:description>Le maire
présente ses vœux</media:description></media:group></entry></feed>"""


def test_mastodon():
    feed = told(MASTODON)
    assert (feed.title, feed.url, feed.avatar) == ("Ville", "https://m.example/@ville", "https://m.example/a.png")
    entry = one(MASTODON)
    assert entry.id == entry.url == "https://m.example/@ville/1"
    assert entry.published == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert entry.text == "Ce soir #fête, programme\n\nÀ tous"
    assert entry.html.startswith('<p>Ce soir <a href="https://m.example/tags/fete" rel="nofollow noopener">#fête</a>')
    assert entry.link == "https://town.example/fete"  # neither a hashtag's nor a mention's
    assert entry.images == (Image("https://m.example/1.jpg", "Un stand décoré"),)
    assert (entry.title, entry.language, entry.tags) == ("", "fr-fr", ("Fête",))
    check(feed)


def test_a_picture_alone_is_not_said_by_its_description():
    body = MASTODON[: MASTODON.index(b"<description>")] + b"<description/>" + MASTODON[MASTODON.index(b"<media:con") :]
    assert (one(body).text, one(body).images[0].alt) == ("", "Un stand décoré")


def test_youtube():
    entry = one(YOUTUBE)
    assert (entry.title, entry.author, entry.url) == ("Vœux & projets", "Ville TV", "https://www.youtube.com/watch?v=a")
    assert entry.text == "Le maire\nprésente ses vœux"
    assert entry.html == ""
    assert entry.images == (Image("https://i1.ytimg.com/vi/a/hqdefault.jpg", "", 480, 360),)
    assert entry.published == datetime(2026, 1, 8, 18, tzinfo=UTC)


def test_rdf_and_atom():
    rdf = (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Ville</title></channel>'
        '<item rdf:about="https://town.example/1"><title>Un</title><link>https://town.example/1</link>'
        "<dc:date>2026-11-02</dc:date><dc:creator>Mairie</dc:creator><dc:language>fr</dc:language></item></rdf:RDF>"
    )
    entry = one(rdf)
    assert (entry.title, entry.author, entry.language, entry.published.day) == ("Un", "Mairie", "fr", 2)
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://town.example/blog/">'
        "<title>Ville</title><author><name>Mairie</name><email>a@town.example</email></author><entry>"
        '<title type="html">&lt;b&gt;Un&lt;/b&gt; &amp;amp; deux</title><link href="un"/><updated>2026-11-02T10:00:00Z'
        '</updated><thr:in-reply-to xmlns:thr="http://purl.org/syndication/thread/1.0" ref="x"/>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Bon<br/>jour '
        '<img src="i.png" alt="Place"/></p></div></content></entry></feed>'
    )
    entry = one(atom)
    assert (entry.title, entry.author, entry.language, entry.is_reply) == ("Un & deux", "Mairie", "fr", True)
    assert (entry.url, entry.text) == ("https://town.example/blog/un", "Bon\njour")
    assert entry.images == (Image("https://town.example/blog/i.png", "Place"),)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   ",
        "Bonjour",
        "<!doctype html><html><head><title>Ville</title><link rel=alternate href=/feed></head><p>Bonjour</html>",
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Bonjour</p></body></html>',
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "%PDF-1.7",
        "{",
        "{}",
        '{"version": 1, "items": []}',
        '{"error": {"code": 404}}',
        '{"list": []}',
        "{" * 100_000,
        '{"a":' + "[" * 200_000,
        b"\x1f\x8b\x08\x00",
        b"\xff\xfe\x00\xd8",
        "<rss><channel><item><title>&#xD800;&#1114112;",
    ],
)
def test_what_is_no_feed_is_told_with_its_host(body):
    with pytest.raises(ContentError) as caught:
        told(body)
    assert (caught.value.code, caught.value.params) == ("not_a_feed", {"host": "town.example"})


def test_an_empty_feed_is_a_feed():
    assert (told(rss("")).entries, told(rss("")).title) == ((), "Ville")


def test_rss_written_with_a_capital():
    entry = one('<?xml version="1.0"?><Rss version="2.0"><Channel><Item><Title>Un</Title></Item></Channel></Rss>')
    assert entry.title == "Un"


@pytest.mark.parametrize("head", ['<?xml version="1.0" encoding="utf-8"?>', "", '<?xml version="1.0"?>'])
@pytest.mark.parametrize("written, header", [("cp1252", "utf-8"), ("utf-8", "iso-8859-1"), ("utf-8", "klingon")])
def test_wrong_charset(head, written, header):
    body = f"{head}<rss version='2.0'><channel><item><title>Été à l’hôtel</title></item></channel></rss>"
    assert (
        one(body.encode(written), **{"Content-Type": f"application/rss+xml; charset={header}"}).title == "Été à l’hôtel"
    )


def test_malformed_xml_gives_what_can_be_read():
    feed = told(rss("<item><title>Un & deux</title><link>/1</link></item><item><title>Trois</tit"))
    assert [entry.title for entry in feed.entries][:1] == ["Un & deux"]


def test_internal_entities_are_no_bomb_and_external_ones_are_not_fetched():
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    bomb += "".join(f'<!ENTITY a{n} "{(f"&a{n - 1};" if n else "&a;") * 10}">' for n in range(9))
    feed = told(f"{bomb}]><rss><channel><item><title>Un &a8;</title></item></channel></rss>")
    assert len(feed.entries[0].title) < 300
    file = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><title>Un &f;</title></item>'
    assert "root" not in str(told(file))


def test_of_20000_entries_the_newest_are_kept_at_either_end():
    item = "<item><title>{0}</title><link>/{0}</link><pubDate>{1}</pubDate></item>"
    days = [f"{n % 28 + 1} Nov {2026 - n // 28} 10:00 GMT" for n in range(700)]
    first = rss("".join(item.format(n, day) for n, day in enumerate(days)))
    last = rss("".join(item.format(n, day) for n, day in reversed(list(enumerate(days)))))
    assert len(told(first).entries) == 50
    assert told(first).entries[0].published == told(last).entries[0].published == datetime(2026, 11, 28, 10, tzinfo=UTC)
    many = told(rss("".join(item.format(n, "") for n in range(20_000))))
    assert [entry.title for entry in many.entries] == [str(n) for n in range(50)]


def test_without_dates_the_order_of_the_feed_is_kept_and_none_is_made_up():
    items = "<item><link>/b</link></item><item><link>/a</link><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate></item>"
    feed = told(rss(items))
    assert [entry.url[-1] for entry in feed.entries] == ["b", "a"]
    assert feed.entries[0].published == UNDATED


def test_with_dates_the_newest_is_first():
    item = "<item><link>/{0}</link><pubDate>{0} Nov 2026 10:00 GMT</pubDate></item>"
    assert [entry.published.day for entry in told(rss("".join(map(item.format, (3, 9, 5))))).entries] == [9, 5, 3]


def test_ids_that_change_each_time_do_not_matter():
    item = "<item><guid isPermaLink='false'>{}</guid><title>Un</title>{}<description>Texte</description></item>"
    for link in ("<link>/un</link>", ""):
        first, second = (one(rss(item.format(guid, link))) for guid in ("a-1", "b-2"))
        assert first == second
    other = one(rss(item.format("a-1", "").replace("Texte", "Autre")))
    assert other.id != second.id


def test_entries_that_all_lead_to_one_page_stay_apart_and_the_same_twice_is_once():
    item = "<item><title>{}</title><link>/alertes</link></item>"
    feed = told(rss("".join(map(item.format, ("Crue", "Vent", "Crue")))))
    assert [entry.title for entry in feed.entries] == ["Crue", "Vent"]
    check(feed)
    items = "<item><description>{}</description></item>"
    assert len(told(rss("".join(map(items.format, ("Un", "&lt;b&gt;Un&lt;/b&gt;"))))).entries) == 1


@pytest.mark.parametrize(
    "link, url",
    [
        ("/a", "https://town.example/a"),
        ("//other.example/a", "https://other.example/a"),
        ("un fichier.pdf", "https://town.example/news/un%20fichier.pdf"),
        ("HTTPS://Town.example/a?b=1&amp;c=2#d", "https://Town.example/a?b=1&c=2#d"),
        ("https://été.example/é", "https://été.example/é"),
        ("https://[2001:db8::1]:8080/", "https://[2001:db8::1]:8080/"),
        ("javascript:alert(1)", ""),
        (" java\tscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("https://user:word@town.example/", ""),
        ("https://town.example@evil.example/", ""),
        ("https://town.example\\@evil.example/", ""),
        ("https://[::1/", ""),
        ("https://town.example:port/", ""),
        (f"https://town.example/{'a' * 3000}", ""),
    ],
)
def test_links_lead_to_the_web_or_nowhere(link, url):
    entry = one(rss(f"<item><title>Un</title><link>{link}</link></item>"))
    assert entry.url == (url or "https://town.example/")
    assert (entry.id == url) is bool(url)


@pytest.mark.parametrize(
    "written, title",
    [
        ("Fête &lt;b&gt;des&lt;/b&gt; voisins", "Fête des voisins"),
        ("Un &lt;img src=x onerror=alert(1)&gt;", "Un"),
        ("<![CDATA[Un <em>jour</em>]]>", "Un jour"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Un", "Un"),
        ("1 &lt; 2 &amp;amp; 3", "1 < 2 & 3"),
        ("J'&lt;3 la ville", "J'<3 la ville"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Un\n   deux\u202etrois", "Un deuxtrois"),
        ("a" * 1000, f"{'a' * 299}…"),
    ],
)
def test_titles_are_plain(written, title):
    assert one(rss(f"<item><title>{written}</title></item>")).title == title


@pytest.mark.parametrize(
    "title, text, kept",
    [
        ("Bonjour à tous", "Bonjour à tous", ""),
        ("Bonjour à…", "Bonjour à tous", ""),
        ("Bonjour à...", "Bonjour à tous", ""),
        ("Fête", "Fête de la musique demain", "Fête"),
        ("Fête…", "", "Fête…"),
    ],
)
def test_a_title_that_repeats_the_text_is_none(title, text, kept):
    assert one(rss(f"<item><title>{title}</title><description>{text}</description></item>")).title == kept


@pytest.mark.parametrize(
    "said, author",
    [
        ("<author>web@town.example (Mairie de Ville)</author>", "Mairie de Ville"),
        ("<author>web@town.example</author>", ""),
        ("<author>Jeanne (presse)</author>", "Jeanne (presse)"),
        ("<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>Mairie</dc:creator>", "Mairie"),
    ],
)
def test_authors_keep_their_mail_address(said, author):
    assert one(rss(f"<item><title>Un</title>{said}</item>")).author == author


@pytest.mark.parametrize(
    "title, is_reply, is_repost",
    [
        ("RT by @ville: Un", False, True),
        ("R to @ville: Un", True, False),
        ("Un", False, False),
    ],
)
def test_replies_and_reposts_as_services_write_them(title, is_reply, is_repost):
    entry = one(rss(f"<item><title>{title}</title></item>"))
    assert (entry.is_reply, entry.is_repost) == (is_reply, is_repost)


def test_a_share_of_activity_streams_is_a_repost():
    verb = "<activity:verb>http://activitystrea.ms/schema/1.0/{}</activity:verb>"
    body = rss(f"<item><title>Un</title>{verb}</item>").replace(
        b"<rss", b"<rss xmlns:activity='http://activitystrea.ms/'"
    )
    assert one(body.replace(b"{}", b"share")).is_repost
    assert not one(body.replace(b"{}", b"post")).is_repost


def pictures(*parts):
    media = '<item xmlns:media="http://search.yahoo.com/mrss/"><title>Un</title>{}</item>'
    return one(rss(media.format("".join(parts)))).images


def test_pictures_beside_the_text_and_in_it():
    content = '<media:content url="/1.jpg" width="800" height="600" medium="image"/>'
    video = '<media:content url="/v.mp4" type="video/mp4"/><enclosure url="/s.mp3" type="audio/mpeg"/>'
    assert pictures(content, video) == (Image("https://town.example/1.jpg", "", 800, 600),)
    assert pictures('<enclosure url="/2.PNG?x=1"/>') == (Image("https://town.example/2.PNG?x=1"),)
    inside = '<description>&lt;img src="/small.jpg" alt="Place"&gt;</description>'
    assert pictures(content, inside) == (Image("https://town.example/1.jpg", "Place", 800, 600),)
    several = "<description>" + "".join(f'&lt;img src="/{n}.jpg" alt="{n}"&gt;' for n in range(9)) + "</description>"
    assert [image.url[-5] for image in pictures(content, several)] == ["1", "0", "2", "3"]
    assert pictures(content, several)[0].alt == "1"
    thumbnail = '<media:thumbnail url="/t.jpg" width="x"/>'
    assert pictures(thumbnail) == (Image("https://town.example/t.jpg"),)
    assert len(pictures(thumbnail, content)) == 1
    assert pictures('<media:content url="data:image/png;base64,xx" medium="image"/>') == ()


def test_descriptions_of_pictures_are_left_out_where_the_xml_is_unsound():
    torn = MASTODON.replace(b"</channel></rss>", b"<")
    assert one(torn).images == (Image("https://m.example/1.jpg"),)
    declared = MASTODON.replace(b'<?xml version="1.0"?>', b'<!DOCTYPE r [<!ENTITY e "x">]>')
    assert one(declared).images[0].url == "https://m.example/1.jpg"


def test_html_wins_over_plain_text_and_unknown_content_is_not_read():
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><summary type="html">&lt;p&gt;Riche&lt;/p&gt;</summary>'
        '<content type="{}">{}</content></entry></feed>'
    )
    assert one(atom.format("text", "Pauvre")).text == "Riche"
    assert one(atom.format("image/png", "aGVsbG8=")).text == "Riche"


def test_tags():
    tags = "".join(f"<category>{tag}</category>" for tag in ("#Fête", "http://x.example/cat", "", *map(str, range(30))))
    assert one(rss(f"<item>{tags}</item>")).tags == ("Fête", *map(str, range(19)))


def test_markup_of_entries_is_clean():
    entry = described('<div onclick="x">un</div><div>deux <a href="/b" target=_blank>ici</a></div><script>x</script>')
    assert entry.html == '<p>un</p><p>deux <a href="https://town.example/b" rel="nofollow noopener">ici</a></p>'
    assert entry.text == "un\n\ndeux ici"


def test_a_feed_that_names_no_page_is_its_own():
    assert told(rss("", head="")).url == URL

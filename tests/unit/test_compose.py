"""What an account says: always fitting, the link whole, nothing cut that must stay whole."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.rules.compose import LINK_SHARE
from collective.socialterritory.crosspost.rules.compose import own_text
from collective.socialterritory.text import graphemes
from collective.socialterritory.text import spans
from collective.socialterritory.text import utf8
from collective.socialterritory.text import weighted
from composing import item
from composing import limits
from composing import PICTURE
from composing import said
from composing import URL
from hypothesis import assume
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import pytest
import unicodedata


def test_the_template_is_filled():
    rendition = said(template="{title} ({date})\n\n{description}\n\n{link}\n{subjects}")
    assert rendition.text == (
        "Fête de la musique (12 mars 2026)\n\nTrente concerts gratuits dans toute la ville.\n\n"
        f"{URL}\n#FêteDeLaMusique #Culture"
    )
    assert (rendition.used, rendition.limit) == (graphemes(rendition.text), 300)
    assert (rendition.link, rendition.language) == (URL, "fr")


def test_braces_are_text_when_doubled_and_values_are_never_templates():
    assert said(item(title="{link} {0.x}"), "{{{title}}} {link}").text == f"{{{{link}} {{0.x}}}} {URL}"


def test_empty_values_leave_no_hole():
    bare = item(description="", subjects=("2026",))
    assert said(bare).text == f"Fête de la musique\n\n{URL}"
    assert said(bare, "{title} {description} {link}").text == f"Fête de la musique {URL}"
    assert said(bare, "{title}\nMots-clés : {subjects}\n{link}").text == f"Fête de la musique\n{URL}"
    assert said(bare, "{description}\n\n\n\n{title}").text == "Fête de la musique"


def test_links_and_hashtags_keep_clear_of_words():
    glued = said(template="{title}{link}{subjects}{title}{link}. ({link})").text
    assert glued == f"Fête de la musique {URL} #FêteDeLaMusique #Culture Fête de la musique {URL}. ({URL})"
    assert [span.kind for span in spans(glued)] == ["link", "hashtag", "hashtag", "link", "link"]


@pytest.mark.parametrize(("subject", "tag"), [
    ("Fête de la musique", "#FêteDeLaMusique"),
    ("musique", "#Musique"),
    ("COVID-19", "#COVID19"),
    ("14 juillet", "#14Juillet"),
    ("l'été à l’école", "#LÉtéÀLÉcole"),
    ("iPhone", "#iPhone"),
    ("snake_case", "#SnakeCase"),
    ("e\u0301cole", "#École"),
    ("हिन्दी", "#हिन्दी"),
    ("2026", ""),
    ("20/26", ""),
    ("🎉", ""),
    ("", ""),
])  # fmt: skip
def test_hashtags(subject, tag):
    text = said(item(subjects=(subject,)), "x {subjects}").text
    assert text == f"x {tag}".strip() if tag else text == ""
    assert [span.value for span in spans(text)] == [tag[1:]] * bool(tag)


def test_no_hashtag_twice():
    assert said(item(subjects=("musique", "Musique", "sport")), "{subjects}").text == "#Musique #Sport"


def test_own_text_is_literal_and_gets_the_link():
    assert said(text="Venez {title} !").text == f"Venez {{title}} !\n{URL}"
    assert said(text="Venez !", template="{title}").text == "Venez !"
    assert said(text=f"Voyez {URL}.").text == f"Voyez {URL}."
    assert said(text=f"Voyez {URL}/ !").text == f"Voyez {URL}/ !"
    assert said(text=f"Voyez {URL}2").text == f"Voyez {URL}2\n{URL}"
    assert said(text=f"Voyez {URL}", campaign="utm_source=b").text == f"Voyez {URL}"
    assert said(item(url=""), text="Venez !").text == "Venez !"


def test_placeholders_in_own_text_are_told():
    assert "literal_braces" in said(text="{title} {link}").warnings
    assert "literal_braces" not in said(text="Des {accolades}").warnings + said().warnings


def test_whose_own_text():
    account = Account("a", "A", "n")
    choice = Choice(text="pour tous", texts={"a": "pour A", "b": " "})
    assert own_text(item(choice=choice), account) == "pour A"
    assert own_text(item(choice=choice), Account("b", "B", "n")) == "pour tous"
    assert own_text(item(), account) == ""
    assert said(item(choice=choice)).text == f"pour A\n{URL}"
    assert said(item(choice=choice), text="autre").text == f"autre\n{URL}"
    assert said(item(choice=choice), "{title}", text="").text == "Fête de la musique"


def test_description_then_title_then_hashtags():
    news = item(description="mot " * 100, title="titre " * 20)
    full = said(news, most=limits(300)).text
    assert full.startswith("titre titre") and "#FêteDeLaMusique #Culture" in full and URL in full and "mot…" in full
    tight = said(news, most=limits(150)).text
    assert "mot" not in tight and "titre…" in tight and tight.endswith(f"{URL}\n#FêteDeLaMusique #Culture")
    tighter = said(news, most=limits(90)).text
    assert tighter.endswith(f"{URL}\n#FêteDeLaMusique")
    tightest = said(news, most=limits(70)).text
    assert tightest.endswith(URL) and "#" not in tightest and tightest.startswith("titre")
    assert "cut" in said(news).warnings
    assert "cut" not in said().warnings


def test_a_thousand_subjects_are_not_tried_one_by_one():
    measured = []

    def measure(text):
        measured.append(text)
        return graphemes(text)

    news = item(title="titre " * 66, subjects=tuple(f"sujet {n}" for n in range(1000)))
    made = said(news, most=limits(300, measure))
    assert "titre…" in made.text and "#Sujet0 #Sujet1 " in made.text
    assert len(measured) < 500


def test_a_network_without_a_limit_carries_everything():
    assert said(text="#a " * 10_000, most=limits(0)).text == ("#a " * 10_000).strip() + f"\n{URL}"


def test_a_link_is_whole_or_absent():
    assert URL in said(most=limits(len(URL) * 2)).text
    for length in (len(URL), 20):
        short = said(item(images=(PICTURE,)), most=limits(length))
        assert URL[:8] not in short.text
        assert short.used <= length
        assert short.card_title, "the card has it"
        assert {"link_in_card"} == {"link_in_card", "link_missing"} & {*short.warnings}


def test_a_link_inside_own_text_that_would_be_cut_goes_to_the_end():
    text = said(text="mot " * 80 + URL).text
    assert text.endswith(f"…\n{URL}") and graphemes(text) <= 300
    text = said(text=f"{URL} " + "mot " * 80).text
    assert text.startswith(URL) and text.endswith("mot…")


def test_long_words_of_the_template_itself():
    text = said(template="blabla " * 60 + "{link}").text
    assert text.endswith(f"…\n{URL}") and graphemes(text) <= 300


def test_bytes_count_too():
    text = said(item(title="é" * 200, description=""), most=limits(300, text_bytes=200)).text
    assert utf8(text) <= 200 and URL in text


def test_what_cannot_be_seen_is_not_posted():
    hidden = "Fe\u0302te\u202e de\u2066 la\x00\x1b mu\ufeffsique\u200e\ud800"
    assert said(item(title=hidden), "{title}").text == "Fête de la musique"
    assert said(text="un\r\ndeux\u2028trois\tquatre\x07", template="{title}").text == "un\ndeux\ntrois quatre"
    family = "👩‍👩‍👧 Ville\u202f: «\u00a0oui\u00a0»"
    assert said(item(title=f"{family}\nsuite"), "{title}").text == f"{family} suite"


@pytest.mark.parametrize("own", [None, "Venez nombreux"])
def test_a_very_long_address_goes_into_the_card_and_leaves_the_words(own):
    news = item(title="Fête " * 80, url=f"{URL}-{'x' * 250}", images=(PICTURE,))
    rendition = said(news, text=own)
    assert rendition.text.startswith(own or "Fête Fête")
    assert "https:" not in rendition.text
    assert (rendition.card_title, rendition.link, rendition.images) == (("Fête " * 80).strip(), news.url, ())
    assert "link_in_card" in rendition.warnings
    assert said(news, template="{title}", text=own).images[0].digest == PICTURE.digest


@pytest.mark.parametrize("own", [None, "Venez nombreux"])
def test_where_a_link_can_hide_the_picture_stays(own):
    news = item(title="Fête " * 80, url=f"{URL}-{'x' * 250}", images=(PICTURE,))
    rendition = said(news, text=own, most=limits(link=40))
    shown = f"{news.url[8:47]}…"
    assert rendition.text.count(shown) == 1
    assert rendition.text.startswith("Fête Fête" if own is None else "Venez nombreux")
    assert (rendition.link, rendition.images[0].digest, rendition.card_title) == (news.url, PICTURE.digest, "")
    assert set(rendition.warnings) <= {"cut"}
    assert said(item(images=(PICTURE,)), most=limits(link=40)).text == said(item(images=(PICTURE,))).text


def test_where_no_card_goes_along_the_link_is_in_the_text_however_long():
    url = "https://www.town.example/" + "tres-long/" * 25
    rendition = said(item(url=url, images=()), "{title}\n\n{link}", most=limits(card=False))
    assert rendition.text.endswith(url)
    assert (rendition.card_title, rendition.warnings) == ("", ("no_image",))
    assert (
        "link_missing" in said(item(url=f"{url}{url}", images=()), "{title} {link}", most=limits(card=False)).warnings
    )


WHOLES = ["👩‍👩‍👧", "🇫🇷", "#Tag ", "@mairie@mastodon.example ", " https://a.example/b?c=d ", "Fête ", "à l’école ", "…"]
PIECES = st.one_of(st.text(max_size=30), st.sampled_from([*WHOLES, "mot " * 30]))
WORDS = st.lists(PIECES, max_size=8).map("".join)
TEMPLATES = st.lists(
    st.sampled_from(["{title}", "{description}", "{link}", "{subjects}", "{date}", "\n", " ", "Info : ", "{{x}}"]),
    min_size=1,
    max_size=9,
).map("".join)
MEASURES = st.sampled_from([graphemes, len, weighted, utf8])


@settings(max_examples=400, deadline=None)
@example(
    title="",
    description=".0",
    subjects=[],
    template="{link}{description}",
    text="",
    most=500,
    most_bytes=0,
    measure=graphemes,
    campaign="",
)
@example(
    title=".0",
    description="",
    subjects=[],
    template="{link}{title}",
    text="",
    most=62,
    most_bytes=0,
    measure=graphemes,
    campaign="",
)
@given(
    title=WORDS,
    description=WORDS,
    subjects=st.lists(st.text(max_size=25), max_size=5),
    template=TEMPLATES,
    text=WORDS,
    most=st.integers(1, 500),
    most_bytes=st.one_of(st.just(0), st.integers(1, 600)),
    measure=MEASURES,
    campaign=st.sampled_from(["", "utm_source=b"]),
)
def test_always_fits_with_the_link_whole(
    title, description, subjects, template, text, most, most_bytes, measure, campaign
):
    assume(template.strip())
    news = item(title=title, description=description, subjects=tuple(subjects))
    made = said(news, template, limits(most, measure, text_bytes=most_bytes), text, campaign=campaign)
    assert measure(made.text) <= most and (not most_bytes or utf8(made.text) <= most_bytes)
    assert made.used == measure(made.text)
    assert unicodedata.is_normalized("NFC", made.text)
    free = said(news, template, limits(0, measure), text, campaign=campaign)
    assert "cut" not in free.warnings
    # A link that runs into the next word is none, with a limit or without: it goes into the card both times.
    assert bool({"cut", "link_in_card"} & {*made.warnings} - {*free.warnings}) == (made.text != free.text)
    whole = {(span.kind, span.value) for span in spans(free.text)} | {("link", made.link)}
    assert {(span.kind, span.value) for span in spans(made.text)} <= whole
    has_link = any(span.kind == "link" and span.value in (URL, made.link) for span in spans(free.text))
    room = measure(made.link) <= most * LINK_SHARE and (not most_bytes or utf8(made.link) <= most_bytes)
    if has_link and room:
        assert any(span.kind == "link" and span.value in (URL, made.link) for span in spans(made.text))

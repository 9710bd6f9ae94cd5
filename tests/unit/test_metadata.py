from collective.socialterritory.share.rules import metadata
from collective.socialterritory.share.rules.described import Described
from collective.socialterritory.share.rules.described import Happening
from collective.socialterritory.share.rules.described import Kind
from collective.socialterritory.share.rules.described import Picture
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from datetime import UTC

import json
import pytest


HOME = "https://www.town.example"
PICTURE = Picture(f"{HOME}/cantine/@@images/image/great", "image/jpeg", 1200, 800, "Assiettes")
NEWS = Described(
    kind=Kind.NEWS,
    url=f"{HOME}/cantine",
    title="Menu de la cantine",
    description="Du lundi au vendredi",
    site="Saint-Aubin",
    home=HOME,
    picture=PICTURE,
    language="fr",
    published=datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=1))),
    modified=datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=UTC),
    section="Actualités",
    subjects=("École", "Cantine"),
)


def said(page, name):
    return [content for _kind, known, content in metadata.meta(page) if known == name]


@pytest.mark.parametrize(
    ("language", "locale"),
    [("fr", "fr_FR"), ("fr-be", "fr_BE"), ("en", "en_US"), ("it", "it_IT"), ("nb", "nb_NO"), ("br", "br_FR"), ("", "")],
)
def test_a_language_with_its_territory(language, locale):
    assert metadata.locale(language) == locale


def test_news_is_an_article():
    tags = {name: content for _kind, name, content in metadata.meta(NEWS) if name.startswith(("og:", "article:"))}
    assert tags == {
        "og:type": "article",
        "og:title": "Menu de la cantine",
        "og:description": "Du lundi au vendredi",
        "og:url": f"{HOME}/cantine",
        "og:site_name": "Saint-Aubin",
        "og:locale": "fr_FR",
        "og:image": PICTURE.url,
        "og:image:type": "image/jpeg",
        "og:image:width": "1200",
        "og:image:height": "800",
        "og:image:alt": "Assiettes",
        "article:published_time": "2026-11-20T08:00:00+00:00",
        "article:modified_time": "2026-11-21T09:00:00+00:00",
        "article:section": "Actualités",
        "article:tag": "Cantine",  # the last of two
    }
    assert said(NEWS, "article:tag") == ["École", "Cantine"]
    kinds = {name.partition(":")[0]: kind for kind, name, _content in metadata.meta(NEWS)}
    assert kinds == {"og": "property", "article": "property", "twitter": "name"}


@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.IMAGE, Kind.OTHER])
def test_what_is_no_article_has_none_of_its_tags(kind):
    page = replace(NEWS, kind=kind)
    assert said(page, "og:type") == ["website"]
    assert not [name for _kind, name, _content in metadata.meta(page) if name.startswith("article:")]


def test_only_tags_of_several_values_come_twice():
    names = [name for _kind, name, _content in metadata.meta(replace(NEWS, translations=("en", "fr", "nl")))]
    several = {"article:tag", "og:locale:alternate"}
    assert sorted({name for name in names if names.count(name) > 1}) == sorted(several)


def test_translations_are_other_locales():
    assert said(replace(NEWS, translations=("nl", "fr", "en")), "og:locale:alternate") == ["en_US", "nl_NL"]


def test_nothing_is_said_of_what_is_not_known():
    bare = replace(NEWS, description="", language="", published=None, section="", subjects=(), picture=Picture("/x"))
    assert not [tag for tag in metadata.meta(bare) if not tag[2]]
    names = {name for _kind, name, _content in metadata.meta(bare)}
    assert not names & {"og:image:width", "og:image:height", "og:image:type", "og:locale", "article:published_time"}
    assert said(bare, "og:image:alt") == ["Menu de la cantine"], "the title stands in"


@pytest.mark.parametrize(
    ("size", "card"),
    [((1200, 800), "summary_large_image"), ((599, 400), "summary"), ((900, 1200), "summary"), ((0, 0), "summary")],
)
def test_the_card_fits_the_image(size, card):
    picture = replace(PICTURE, width=size[0], height=size[1])
    assert said(replace(NEWS, picture=picture), "twitter:card") == [card]


def test_authors_and_settings():
    page = replace(NEWS, credits=(("fediverse:creator", "@town@town.example"),), properties=(("fb:app_id", "12"),))
    assert ("name", "fediverse:creator", "@town@town.example") in metadata.meta(page)
    assert ("property", "fb:app_id", "12") in metadata.meta(page)


def test_linked_data_of_news():
    data = metadata.linked(NEWS)
    publisher = {"@type": "Organization", "name": "Saint-Aubin", "url": HOME}
    assert data == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Menu de la cantine",
        "name": "Menu de la cantine",
        "url": f"{HOME}/cantine",
        "mainEntityOfPage": f"{HOME}/cantine",
        "description": "Du lundi au vendredi",
        "inLanguage": "fr",
        "datePublished": "2026-11-20T08:00:00+00:00",
        "dateModified": "2026-11-21T09:00:00+00:00",
        "articleSection": "Actualités",
        "keywords": ["École", "Cantine"],
        "image": {
            "@type": "ImageObject",
            "url": PICTURE.url,
            "width": 1200,
            "height": 800,
            "caption": "Assiettes",
        },
        "author": publisher,
        "publisher": publisher,
    }


def test_linked_data_of_an_event():
    begins = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
    event = replace(NEWS, kind=Kind.EVENT, happening=Happening(begins, begins + timedelta(hours=2), "Salle des fêtes"))
    data = metadata.linked(event)
    assert (data["@type"], data["name"]) == ("Event", "Menu de la cantine")
    assert (data["startDate"], data["endDate"]) == ("2026-12-01T18:00:00+00:00", "2026-12-01T20:00:00+00:00")
    assert data["location"] == {"@type": "Place", "name": "Salle des fêtes", "address": "Salle des fêtes"}
    there = replace(event, happening=Happening(begins.astimezone(timezone(timedelta(hours=1)))))
    assert metadata.linked(there)["startDate"] == "2026-12-01T19:00:00+01:00"
    whole = metadata.linked(replace(event, happening=Happening(date(2026, 12, 1))))
    assert whole["startDate"] == "2026-12-01"
    assert not whole.keys() & {"endDate", "location", "datePublished"}


def test_linked_data_of_an_image():
    original = Picture(f"{HOME}/plan/@@images/image", "image/png", 4000, 3000)
    data = metadata.linked(replace(NEWS, kind=Kind.IMAGE, original=original))
    assert data["@type"] == "ImageObject"
    assert (data["contentUrl"], data["encodingFormat"]) == (original.url, "image/png")
    assert (data["width"], data["height"]) == (4000, 3000)


@pytest.mark.parametrize("kind", [Kind.DOCUMENT, Kind.OTHER, Kind.EVENT, Kind.IMAGE])
def test_linked_data_of_other_pages(kind):
    data = metadata.linked(replace(NEWS, kind=kind))
    assert data["isPartOf"] == {"@type": "WebSite", "name": "Saint-Aubin", "url": HOME}
    assert data["@type"] == ("WebPage" if kind is Kind.DOCUMENT else kind.value)
    assert data["primaryImageOfPage"]["url"] == PICTURE.url
    assert "primaryImageOfPage" not in metadata.linked(replace(NEWS, kind=kind, picture=replace(PICTURE, own=False)))


HOSTILE = "</script><script>alert(1)</script> <!-- & \u2028 \" ' ]]>"


def test_a_script_ends_where_it_should():
    written = metadata.script(metadata.linked(replace(NEWS, title=HOSTILE)))
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written)["headline"] == HOSTILE

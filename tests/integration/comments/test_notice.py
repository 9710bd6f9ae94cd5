"""What people are told of their data is what the settings say."""

from collective.socialterritory.comments import notice
from collective.socialterritory.comments.settings import ICommentOptions
from collective.socialterritory.comments.settings import settings
from zope.schema import getFieldNames

import pytest
import re


def test_the_notice_follows_the_settings(portal):
    settings().keep_email, settings().keep_origin, settings().keep_rejected = 90, 1, 45
    text = notice.notice("en")
    assert "kept for 90 days at most" in text
    assert "kept for 1 day;" in text
    assert "deleted after 45 days" in text
    assert "department" not in text
    assert f"{portal.absolute_url()}/@@social-my-data" in text
    assert "${" not in text
    settings().departments = ["Roads: roads@town.example"]
    assert "the department that it concerns" in notice.notice("en")


def test_the_body_s_own_words_win_in_their_language(portal):
    settings().privacy_fr = " Nos mots. \n"
    settings().privacy_en = "  "
    assert notice.notice("fr") == notice.notice("fr-be") == "Nos mots."
    assert "kept for 365 days" in notice.notice("en")


@pytest.mark.parametrize("language", notice.LANGUAGES)
def test_the_record_of_processing_has_all_that_article_30_asks_for(portal, language):
    settings().departments = ["Roads: roads@town.example", "nonsense"]
    kept = [name for name in getFieldNames(ICommentOptions) if name.startswith("keep_")] + ["ban_days"]
    for position, name in enumerate(kept):
        setattr(settings(), name, 27 + position)
    text = notice.as_text(language)
    assert len(notice.register(language)) == 10
    assert all(lines and all(lines) for _heading, lines in notice.register(language))
    assert {str(27 + position) for position in range(len(kept))} <= set(re.findall(r"\d+", text))
    assert "Roads" in text and "nonsense" not in text and "roads@" not in text
    assert "${" not in text

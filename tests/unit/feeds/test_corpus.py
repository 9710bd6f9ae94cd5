"""Whatever feedparser's authors ever met goes through our normaliser."""

from collective.socialterritory.errors import ContentError
from feeds import check
from feeds import told


def test_nothing_breaks_nothing_is_unsafe(corpus):
    refused = []
    for path in corpus:
        try:
            check(told(path.read_bytes()))
        except ContentError as error:
            refused.append((path.name, error))
        except AssertionError as error:
            raise AssertionError(path) from error
    assert len(corpus) > 2000
    assert {error.code for _, error in refused} == {"not_a_feed"}
    # They are compressed, which is for http to undo, or have no element of a feed at all.
    assert len(refused) < 20, refused

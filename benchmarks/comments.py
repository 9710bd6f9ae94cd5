"""A news page with 1,000 approved comments against the same page with none, for a visitor and for a moderator.

Both pages are of one site in one process and take turns. The comments are conversations of four; the page shows the
first twenty. Timed is the whole request through the publisher, which may write nothing.
"""

from statistics import median
from town import news
from town import town
from town.figures import in_turn
from town.figures import ratio
from town.figures import tell

import os
import sys
import time


COMMENTS = 1000
GOALS = {"visitor": 1.2, "moderator": 1.3}
ROUNDS = 150
WARM = 10
MODERATOR = ("camille", "A-long-one-1")
TEXT = "La circulation sera interdite de 8 h à 17 h 30, sauf pour les riverains et les véhicules de secours. " * 2


def prepared(place):
    import transaction

    place.site("ours")
    with place.opened("ours") as site:
        from commenting import many
        from plone import api
        from plone.app.textfield.value import RichTextValue

        api.user.create(email="camille@town.example", username=MODERATOR[0], password=MODERATOR[1])
        api.user.grant_roles(username=MODERATOR[0], roles=["Member", "Social Moderator"])
        for title in ("Empty", "Full"):
            item = news(site, title, text=RichTextValue(f"<p>{TEXT}</p>" * 3, "text/html", "text/x-html-safe"))
            api.content.transition(item, to_state="published")
        many(item, COMMENTS, index=True)
        transaction.commit()


def page(place, path, user, shown):
    """Wall seconds of one request."""

    def get():
        start = time.perf_counter()
        status, body = place.get(f"/ours/{path}", user)
        took = time.perf_counter() - start
        assert status == 200 and body.count(b'<article class="social-comment') == shown, (status, path)
        return took

    return get


def last(place):
    with place.opened() as app:
        return app._p_jar.db().lastTransaction()


def main():
    with town() as place:
        prepared(place)
        said, met, written = [], True, False
        for who, user in {"visitor": None, "moderator": MODERATOR}.items():
            full, empty = page(place, "full", user, 20), page(place, "empty", user, 0)
            in_turn(WARM, full, empty)
            before = last(place)
            columns = in_turn(ROUNDS, full, empty)
            written = written or last(place) != before
            found = ratio(*columns)
            met = met and found <= GOALS[who]
            took = " against ".join(f"{median(column) * 1000:.1f}" for column in columns)
            said.append(f"{who} {found:.2f} times as long ({took} ms), goal {GOALS[who]}")
    tell(
        "comments",
        met and not written,
        f"{'; '.join(said)}; {'written to' if written else '0 writes'}",
        f"A news page with {COMMENTS:,} approved comments against one with none, {ROUNDS} requests of each in turn.",
    )


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)

"""Posting a comment with all checks on, against plone.app.discussion's own bare posting; and what a refused bot costs.

Two sites of one database in one process: one with the add-on, one with plone.app.discussion under its review workflow
and plone.restapi alone. Both take comments of visitors through plone.restapi's @comments, the leanest door that Plone
has, each time another text, on pages that have few comments; timed is the request with its commit. Ours has the form's
token, the trap, limits, duplicates, bans, word rules and hosts on. The bot sends what bots send: no token, or one that
was not made for this page; ten come in a row, in turn with comments.
"""

from datetime import datetime
from datetime import timedelta
from datetime import UTC
from io import BytesIO
from statistics import median
from town import news
from town import town
from town.figures import in_turn
from town.figures import ratio
from town.figures import tell
from wsgiref.util import setup_testing_defaults

import json
import time


RATE, COST = 0.8, 0.1
ROUNDS, WARM, PAGES, BOTS = 200, 20, 20, 10
WORDS = [f"mot{number}*" for number in range(100)]
HOSTS = [f"host{number}.example" for number in range(100)]
TEXT = "Merci pour les nouveaux bancs du parc, les enfants en sont ravis. Avis numéro {0} : https://www.ville.fr/{0}"


class Posting:
    """`addon`: ours, with a token made a minute ago for each comment."""

    def __init__(self, place, name, addon):
        self.place, self.name, self.addon, self.number = place, name, addon, 0
        place.site(name, addon)
        with place.opened(name) as site:
            from plone import api

            import transaction

            if not addon:
                bare(site)
            pages = [news(site, f"News {number}") for number in range(PAGES)]
            for page in pages:
                page.allow_discussion = True
                api.content.transition(page, to_state="published")
            self.pages = [f"/{name}/{page.getId()}" for page in pages]
            self.tokens = hurried(pages) if addon else []
            transaction.commit()

    def __call__(self):
        """Seconds of a comment that is taken."""
        number, self.number = self.number, self.number + 1
        said = {"text": TEXT.format(number), "author_name": "Jeanne", "author_email": "jeanne@ville.fr"}
        if self.addon:
            said["token"] = self.tokens[number]
        status, took = self.post(self.pages[number % PAGES], said)
        assert status in (201, 204), status
        return took

    def flood(self):
        """Seconds of each of some bots' requests in a row: that is how they come."""
        return sum(self.refused() for _ in range(BOTS)) / BOTS

    def refused(self):
        """Seconds of a bot's."""
        self.number += 1
        token = "" if self.number // 2 % 2 else self.tokens[self.number % PAGES + 1]
        said = {"text": TEXT.format(self.number), "author_name": "Bot", "token": token}
        status, took = self.post(self.pages[self.number % PAGES], said)
        assert status == 400, status
        return took

    def post(self, path, said):
        body = json.dumps(said).encode()
        environ = {"PATH_INFO": f"{path}/@comments", "REQUEST_METHOD": "POST", "wsgi.input": BytesIO(body)}
        environ |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json"}
        environ |= {"HTTP_ACCEPT": "application/json", "REMOTE_ADDR": "93.184.216.34"}
        setup_testing_defaults(environ)
        got = []
        start = time.perf_counter()
        b"".join(self.place.publish(environ, lambda status, headers, exc_info=None: got.append(status)))
        return int(got[0].split()[0]), time.perf_counter() - start


def bare(site):
    """What a Plone site has that lets visitors comment."""
    from plone import api

    for profile in ("plone.app.discussion", "plone.restapi"):
        site.portal_setup.runAllImportStepsFromProfile(f"profile-{profile}:default")
    for name in ("globally_enabled", "anonymous_comments", "moderation_enabled"):
        api.portal.set_registry_record(f"plone.app.discussion.interfaces.IDiscussionSettings.{name}", True)
    site.portal_workflow.setChainForPortalTypes(("Discussion Item",), ("comment_review_workflow",))


def hurried(pages):
    """Tokens, in the order in which pages take their turns. Limits are as wide as can be; there are many rules."""
    from collective.socialterritory.comments import posting
    from collective.socialterritory.comments.settings import settings

    known = settings()
    known.per_network = known.per_site = 100_000
    known.words, known.hosts = WORDS, HOSTS
    made = datetime.now(UTC) - timedelta(minutes=1)
    return [posting.form_token(pages[number % PAGES], made) for number in range((BOTS + 1) * (ROUNDS + WARM) + PAGES)]


def main():
    with town() as place:
        ours, theirs = Posting(place, "ours", True), Posting(place, "theirs", False)
        in_turn(WARM, ours, theirs, ours.flood)
        with_it, without, bots = in_turn(ROUNDS, ours, theirs, ours.flood)
    rate, cost = ratio(without, with_it), ratio(bots, with_it)
    tell(
        "commenting",
        rate >= RATE and cost <= COST,
        f"{rate:.2f} of the rate ({1 / median(with_it):.0f} against {1 / median(without):.0f} comments a second), "
        f"goal {RATE}; a refused bot costs {cost:.3f} of a comment that is taken ({median(bots) * 1000:.2f} ms), "
        f"goal {COST}",
        f"Visitors' comments through @comments, all checks on, against plone.app.discussion; medians of {ROUNDS}.",
    )


if __name__ == "__main__":
    main()

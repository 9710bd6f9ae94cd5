"""Publishing a news item with an image for eight accounts, against publishing it without the add-on.

Both are sites of one database in one process, one with the add-on's profile, one without: the code is loaded for both
and asks the request's browser layer first, so a site that has not installed it pays nothing that could be measured,
and two sites that take turns share every disturbance.

Timed is what the editor waits for after "Publish" in the menu: the request that publishes, commit included, and the
page it leads to. The first of the two is told on its own as well: there the add-on reads the image once and writes
eight records into the transaction. Every account asks for one approval. The ratio is of wall time; the CPU's is beside.
"""

from datetime import datetime
from datetime import timedelta
from datetime import UTC
from io import BytesIO
from PIL import Image
from statistics import median
from town import connected
from town import news
from town import town
from town.figures import in_turn
from town.figures import ratio
from town.figures import tell

import os
import re
import sys
import time


GOAL = 1.15
ROUNDS = 60
WARM = 5
ACCOUNTS = 8
FORM = {"social_post": True, "social_accounts": [], "social_text": "", "social_texts": {}, "social_at": None}
"""What the add-on's part of the edit form stores with every item"""
EDITOR = ("editor", "publishing-benchmark")
LINK = re.compile(rb'href="[^"]*(/content_status_modify\?workflow_action=publish[^"]*)"')


class Publishing:
    def __init__(self, town, name):
        self.town, self.name = town, name
        self.number = 0
        self.watched = False
        self.sockets = []
        sys.addaudithook(self._watch)

    def _watch(self, event, args):
        if self.watched and event.startswith("socket."):
            self.sockets.append(event)

    def prepare(self, count, **fields):
        import transaction

        with self.town.opened(self.name) as site:
            from plone import api

            api.user.create(email="editor@ville.fr", username=EDITOR[0], password=EDITOR[1])
            api.user.grant_roles(username=EDITOR[0], roles=["Member", "Contributor", "Editor", "Reviewer"])
            for number in range(count):
                news(site, f"News {number}", photograph(), image_caption="A street", **fields)
            transaction.commit()

    def __call__(self):
        """Wall and CPU seconds of publishing with the page it leads to, then of the publishing request alone."""
        item = f"/{self.name}/news-{self.number}"
        self.number += 1
        page = self.town.get(item, EDITOR)[1]
        link = LINK.search(page).group(1).decode().replace("&amp;", "&")
        start = now()
        self.watched = True
        status, _ = self.town.get(item + link, EDITOR)
        self.watched = False
        middle = now()
        shown, page = self.town.get(item, EDITOR)
        end = now()
        assert (status, shown) == (302, 200) and b"state-published" in page
        return [*since(start, end), *since(start, middle)]


def now():
    return time.perf_counter(), time.process_time()


def since(start, end):
    return [after - before for before, after in zip(start, end, strict=True)]


def photograph():
    """A JPEG of the size editors upload, some 2 MB, every one another."""
    noise = Image.frombytes("RGB", (500, 375), os.urandom(500 * 375 * 3)).resize((2400, 1800))
    out = BytesIO()
    noise.save(out, "JPEG", quality=90)
    return out.getvalue()


def prepared(town, name, addon):
    import transaction

    town.site(name, addon)
    publishing = Publishing(town, name)
    publishing.prepare(ROUNDS + WARM, **(FORM if addon else {}))
    if addon:
        with town.opened(name) as site:
            for number in range(ACCOUNTS):
                connected(site, f"Account {number}")
            beating(site)
            transaction.commit()
    return publishing


def beating(site):
    """A worker at work, which here would only disturb: a site without one would warn its editors on every page."""
    from collective.socialterritory.crosspost.store import Outbox

    Outbox(site).worker["beat"] = (datetime.now(UTC) + timedelta(hours=1)).isoformat()


def deliveries(town, name):
    from collective.socialterritory.crosspost.store import Outbox

    with town.opened(name) as site:
        return len(list(Outbox(site).live()))


def main():
    with town() as place:
        ours, theirs = prepared(place, "ours", True), prepared(place, "theirs", False)
        in_turn(WARM, ours, theirs)
        with_it, without = in_turn(ROUNDS, ours, theirs)
        assert deliveries(place, "ours") == (ROUNDS + WARM) * ACCOUNTS
    columns = list(zip(zip(*with_it, strict=True), zip(*without, strict=True), strict=True))
    wall, cpu, alone, alone_cpu = (ratio(*pair) for pair in columns)
    took = [" against ".join(f"{median(times) * 1000:.1f}" for times in pair) + " ms" for pair in columns]
    tell(
        "publishing",
        wall <= GOAL and not ours.sockets,
        f"{wall:.2f} times as long ({took[0]}; CPU {cpu:.2f}), {len(ours.sockets)} sockets opened, goal {GOAL} and 0; "
        f"the request alone {alone:.2f} ({took[2]}; CPU {alone_cpu:.2f})",
        f"From the click on Publish to the page, a news item with an image for {ACCOUNTS} accounts, against a site "
        f"without the add-on; medians of {ROUNDS} in turn.",
    )


if __name__ == "__main__":
    main()

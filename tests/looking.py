"""Pages of a town, as somebody's browser gets them."""

from bs4 import BeautifulSoup

import transaction


HTML = {"Accept": "text/html"}


def look(town, path="bancs", who="anonymous", status=200):
    transaction.commit()
    answer = getattr(town, who).session.get(f"{town.url}/{path}", headers=HTML, timeout=30)
    assert answer.status_code == status, answer.status_code
    return BeautifulSoup(answer.text, "html.parser")

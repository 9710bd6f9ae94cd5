"""Lines of departments, as people write them."""

from collective.socialterritory.departments import department
from collective.socialterritory.departments import departments

import pytest


@pytest.mark.parametrize(
    "line",
    [
        "Service des routes: routes@ville.example",
        "Service des routes : routes@ville.example",
        "Service des routes <routes@ville.example>",
        "  Service des routes  routes@ville.example ",
    ],
)
def test_a_name_and_an_address(line):
    assert department(line) == ("Service des routes", "routes@ville.example")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "routes@ville.example",
        "Routes",
        "Routes: routes@ville",
        "Routes: a@b.example,c@d.example",
        "Routes: a@b.example\nBcc: c@d.example c",
        "Routes: é@ville.example",
        "R" * 200 + ": a@b.example",
    ],
)
def test_what_is_neither(line):
    assert department(line) is None


def test_good_lines_make_the_list_in_their_order():
    assert list(departments(["B: b@x.example", "nonsense", "A: a@x.example"])) == ["B", "A"]

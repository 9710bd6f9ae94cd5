"""Charts that any page may show: no style, no script, no word of somebody else's as markup."""

from collective.socialterritory.measures.rules.charts import bars
from collective.socialterritory.measures.rules.charts import ceiling
from collective.socialterritory.measures.rules.charts import Column
from collective.socialterritory.measures.rules.charts import HEIGHT
from collective.socialterritory.measures.rules.charts import line
from collective.socialterritory.measures.rules.charts import WIDTH
from xml.etree import ElementTree

import pytest


def drawn(*columns):
    return ElementTree.fromstring(bars(columns, "name"))


def test_bars_stand_on_the_line_one_part_above_the_other_and_fit():
    chart = drawn(Column("1", (6, 2), "1: 6, 2"), Column("", (0, 0)), Column("3", (10, 0)))
    assert (chart.get("role"), chart.get("aria-labelledby")) == ("img", "name")
    rects = chart.findall(".//rect")
    assert [rect.get("class") for rect in rects] == ["social-part-0", "social-part-1", "social-part-0"]
    low, high, full = ({key: float(rect.get(key)) for key in ("x", "y", "width", "height")} for rect in rects)
    assert low["y"] == pytest.approx(high["y"] + high["height"], abs=0.2)
    assert low["y"] + low["height"] == pytest.approx(full["y"] + full["height"], abs=0.2)
    assert low["height"] == pytest.approx(3 * high["height"], abs=0.2)
    assert all(0 <= one["x"] and one["x"] + one["width"] <= WIDTH and 0 <= one["y"] < HEIGHT for one in (low, full))
    texts = [text.text for text in chart.findall(".//text")]
    assert texts == ["0", "5", "10", "1", "3"]


@pytest.mark.parametrize("columns", [(), (Column("", (0,)),), (Column("", (0.4,)),)])
def test_nothing_and_little(columns):
    assert [text.text for text in drawn(*columns).findall("text")] == ["0", "1", "2"]


def test_words_are_no_markup_and_nothing_is_styled_in_place():
    html = bars([Column("<b>", (1,), '"><script>alert(1)</script>')], 'a" onload="alert(1)')
    assert "<script" not in html and "<b>" not in html and "style=" not in html and ' onload="' not in html
    ElementTree.fromstring(html)


@pytest.mark.parametrize("values", [(0,), (0, 0), (3, 7, 12, 12)])
def test_a_course_goes_from_left_to_right_and_fits(values):
    drawing = ElementTree.fromstring(line(values, "3 <b> 7"))
    places = [tuple(map(float, place.split(","))) for place in drawing.find("polyline").get("points").split()]
    assert len(places) == len(values) and places == sorted(places, key=lambda place: place[0])
    assert all(0 <= x <= 64 and 0 <= y <= 20 for x, y in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    assert (drawing.find("title").text, drawing.get("role")) == ("3 <b> 7", "img")


@pytest.mark.parametrize("value, top", [(0, 2), (2, 2), (3, 4), (11, 20), (21, 40), (401, 1000), (10**9, 10**9)])
def test_the_scale_ends_at_a_round_number(value, top):
    assert ceiling(value) == top

from collective.socialterritory.accounts.template import parse
from collective.socialterritory.errors import ContentError

import pytest


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        ("{title}\n\n{link}", ((("", "title"),), (), (("", "link"),))),
        ("Lire {title} : {link}!", ((("Lire ", "title"), (" : ", "link"), ("!", "")),)),
        ("Sans rien", ((("Sans rien", ""),),)),
        ("{{title}} {date}", ((("{", ""), ("title}", ""), (" ", "date")),)),
    ],
)
def test_a_template_is_read_line_by_line_and_doubled_braces_are_text(template, lines):
    assert parse(template) == lines


@pytest.mark.parametrize(
    "template",
    ["{titel}", "{Title}", "{}", "{0}", "{title.__class__}", "{title[0]}", "{title!r}", "{title:>9}", "{title:{link}}"],
)
def test_what_is_no_placeholder_is_refused_and_named_as_typed(template):
    with pytest.raises(ContentError) as caught:
        parse(f"{{title}} {template} {{x}}")
    assert (caught.value.code, caught.value.params) == ("unknown_placeholder", {"name": template})


@pytest.mark.parametrize(
    ("template", "code"),
    [("{title", "open_brace"), ("title}", "open_brace"), ("{ti\ntle}", "open_brace"), (" \n", "no_template")],
)
def test_a_template_that_cannot_be_read_is_refused(template, code):
    with pytest.raises(ContentError, match=code):
        parse(template)

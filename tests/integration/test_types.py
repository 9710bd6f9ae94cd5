"""Any type of content takes part once it has the behaviour: set through the web, posted like news."""

from collective.socialterritory.accounts.content import BEHAVIOUR
from collective.socialterritory.crosspost.model import State
from datetime import datetime
from follow import HTML
from follow import page
from follow import said_yes
from follow import tab
from io import BytesIO
from PIL import Image
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.dexterity.fti import DexterityFTI
from plone.namedfile.file import NamedBlobFile
from plone.namedfile.file import NamedBlobImage
from rest import Client

import pytest
import pytz
import transaction


BARE = """<model xmlns="http://namespaces.plone.org/supermodel/schema"><schema>
<field name="title" type="zope.schema.TextLine"><title>Title</title></field></schema></model>"""


def picture():
    stream = BytesIO()
    Image.new("RGB", (1200, 800), "navy").save(stream, "PNG")
    return stream.getvalue()


def fields(name):
    return {
        "Event": {
            "start": datetime(2030, 6, 21, 18, tzinfo=pytz.utc),
            "end": datetime(2030, 6, 21, 23, tzinfo=pytz.utc),
        },
        "File": {"file": NamedBlobFile(b"%PDF-1.4", "application/pdf", "menu.pdf")},
        "Image": {"image": NamedBlobImage(picture(), "image/png", "fete.png")},
    }.get(name, {})


@pytest.fixture
def bare(town):
    """A type of the site's own: it has a title and nothing else."""
    fti = DexterityFTI("Alert", title="Alert", klass="plone.dexterity.content.Item", model_source=BARE)
    fti.behaviors = ("plone.namefromtitle",)
    town.site.portal_types._setObject("Alert", fti)
    transaction.commit()


def enable(town, name):
    """As a manager does, in the control panel: Plone does not open it to site administrators."""
    manager = Client(town.url, SITE_OWNER_NAME)
    manager.session.auth = (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    form = page(manager, f"dexterity-types/{name}/@@behaviors").find("form", method="post")
    (ours,) = form.find_all("input", type="checkbox", attrs={"name": lambda value: BEHAVIOUR in value})
    ticked = [*form.find_all("input", type="checkbox", checked=True), ours]
    data = [(field["name"], field["value"]) for field in [*form.find_all("input", type="hidden"), *ticked]]
    data.append(("form.buttons.apply", "Save"))
    answer = manager.session.post(form["action"], data=data, headers=HTML, timeout=30)
    assert answer.status_code == 200
    transaction.begin()
    assert BEHAVIOUR in town.site.portal_types[name].behaviors
    town.account.types = [name]
    transaction.commit()


@pytest.mark.parametrize("name", ["Document", "Event", "File", "Image", "Alert"])
def test_a_type_that_got_the_behaviour_is_posted_like_news(town, bare, name):
    enable(town, name)
    assert "Post on social networks when this is published" in page(town.webmaster, f"++add++{name}").get_text()
    with api.env.adopt_user(username="editor"):
        item = api.content.create(town.site, name, title="Fête de la musique", id="fete", **fields(name))
        if town.site.portal_workflow.getChainFor(item):
            api.content.transition(item, to_state="published")
    transaction.commit()
    (made,) = town.stored(item)
    assert made.state is State.PENDING
    assert made.rendition.text.startswith("Fête de la musique")
    bare_file = "/view" if name in ("File", "Image") else ""
    assert made.rendition.link == f"https://www.town.example/fete{bare_file}"
    assert bool(made.rendition.images) is (name == "Image")
    assert "Fête de la musique" in tab(town.editor, item).get_text()
    assert "To approve" in page(town.editor, f"fete{bare_file}").get_text()
    assert page(town.editor, "fete/edit").find(attrs={"name": "form.widgets.ISocialPosting.social_text"})
    said_yes(town)
    assert town.stored(item)[0].state is State.DELIVERED


@pytest.mark.parametrize("name", ["Event", "Alert"])
def test_what_was_there_before_the_type_had_the_behaviour(town, bare, name):
    with api.env.adopt_user(username="editor"):
        item = api.content.create(town.site, name, title="Conseil", id="conseil", **fields(name))
        api.content.transition(item, to_state="published")
    transaction.commit()
    enable(town, name)
    assert "Conseil" in page(town.editor, "@@social-bulk").find(id="social-list").find_parent("section").get_text()
    assert tab(town.editor, item)

"""Make the demo site: a town's news in French, its people, and one account on the training network.

Run by scripts/start.py: bin/instance run scripts/demo_site.py FILE-WITH-PASSWORDS URL [again]
An existing site only learns its URL; with "again" a half-made one is made anew.
"""

from datetime import datetime
from datetime import timedelta
from datetime import UTC
from pathlib import Path

import sys
import transaction


SITE = "Plone"
ANSWERS = {
    "site_id": SITE,
    "title": "Ville de Saint-Aubin-les-Prés",
    "description": "Le site de démonstration d'une ville et de ses réseaux sociaux",
    "default_language": "fr",
    "portal_timezone": "Europe/Paris",
    "setup_content": False,
}
PEOPLE = {
    "editor": ("Élodie Martin, communication", ["Member", "Contributor", "Editor", "Reviewer"]),
    "validator": ("Camille Bernard, cabinet du maire", ["Member", "Reader"]),
    "moderator": ("Inès Petit, accueil et participation", ["Member", "Reader"]),
    "webmaster": ("Karim Roux, systèmes d'information", ["Member", "Site Administrator"]),
}


def main(app, passwords, url, again):
    from AccessControl.SecurityManagement import newSecurityManager
    from demo_comments import add_comments
    from plone.distribution.api import site as sites
    from Testing.makerequest import makerequest
    from zope.globalrequest import setRequest

    app = makerequest(app)
    setRequest(app.REQUEST)
    newSecurityManager(None, app.acl_users.getUser("admin").__of__(app.acl_users))
    if SITE in app and not again:
        set_address(app[SITE], url)
        return
    if SITE in app:
        app._delObject(SITE)
        transaction.commit()  # what makes a site begins a transaction, and forgets what was not stored
    site = sites.create(app, "classic", ANSWERS)
    site.portal_workflow.setDefaultChain("simple_publication_workflow")
    add_people(site, passwords)
    # News first: what was published before the account was linked never leaves by itself.
    add_news(site)
    site.portal_setup.runAllImportStepsFromProfile("profile-collective.socialterritory:default")
    set_address(site, url)
    training = add_account(site)
    add_profile(site)
    add_feed(site, training, url)
    add_charter()
    add_listening(site)
    add_posts(site)
    add_comments(site, url)
    transaction.commit()


def add_people(site, passwords):
    from plone import api

    for name, (full, roles) in PEOPLE.items():
        properties = {"fullname": full, "description": "Compte de démonstration"}
        email = f"{name}@saint-aubin.example"
        api.user.create(email=email, username=name, password=passwords[name], properties=properties)
        api.user.grant_roles(username=name, roles=roles)
    settings = {
        "plone.email_from_name": ANSWERS["title"],
        "plone.email_from_address": "site@saint-aubin.example",
        "plone.smtp_host": "localhost",
    }
    for record, value in settings.items():
        api.portal.set_registry_record(record, value)


def add_news(site):
    from demo_images import draw
    from demo_news import NEWS
    from plone import api
    from plone.app.textfield.value import RichTextValue
    from plone.namedfile.file import NamedBlobImage

    editor = api.user.get(username="editor")
    with api.env.adopt_user(user=editor):
        folder = api.content.create(site, "Folder", "actualites", title="Actualités", language="fr")
        for position, news in enumerate(NEWS):
            item = api.content.create(
                folder,
                "News Item",
                title=news.title,
                description=news.description,
                text=RichTextValue(news.text, "text/html", "text/x-html-safe"),
                subject=news.subjects,
                image=NamedBlobImage(draw(news.picture), "image/jpeg", f"{news.picture}.jpg"),
                image_caption=news.caption,
                language="fr",
            )
            if news.published:
                api.content.transition(item, "publish")
                item.setEffectiveDate(datetime.now(UTC) - timedelta(days=3 * position + 1))
                item.reindexObject()
        api.content.transition(folder, "publish")
    folder.setLayout("summary_view")
    add_front_page(site)
    add_video_page(site)


def add_front_page(site):
    from plone import api

    news = [{"i": "portal_type", "o": "plone.app.querystring.operation.selection.any", "v": ["News Item"]}]
    page = api.content.create(
        site,
        "Collection",
        "accueil",
        title=f"Bienvenue à {ANSWERS['title'].removeprefix('Ville de ')}",
        description="Une ville de démonstration : tout ce qui est publié ici reste sur ce site.",
        query=news,
        sort_on="effective",
        sort_reversed=True,
        exclude_from_nav=True,
        language="fr",
    )
    page.setLayout("summary_view")
    api.content.transition(page, "publish")
    site.setDefaultPage("accueil")


def add_video_page(site):
    """A pasted address, which becomes a box that loads when a visitor asks."""
    from plone import api
    from plone.app.textfield.value import RichTextValue

    text = (
        "<p>Samedi à la tombée de la nuit, le ciné-club installe son écran au jardin des Tilleuls. Au programme, un "
        "film d'animation libre de droits, pour tous les âges&nbsp;:</p>"
        "<p>https://www.youtube.com/watch?v=aqz-KE-bpKQ</p>"
        "<p>Entrée libre, repli salle des fêtes en cas de pluie.</p>"
    )
    page = api.content.create(
        site,
        "Document",
        "cine-plein-air",
        title="Ciné de plein air",
        text=RichTextValue(text, "text/html", "text/x-html-safe"),
        language="fr",
    )
    api.content.transition(page, "publish")


def set_address(site, url):
    """Posts link to this machine, which only the training network accepts; a real address stays as it is."""
    from collective.socialterritory.interfaces import PREFIX
    from plone import api
    from plone.registry.interfaces import IRegistry
    from zope.component import getUtility
    from zope.component.hooks import setSite

    setSite(site)
    if f"{PREFIX}.public_url" not in getUtility(IRegistry).records:  # uninstalled, to try that
        return
    known = api.portal.get_registry_record(f"{PREFIX}.public_url") or ""
    if not known or known.startswith("http://localhost:"):
        api.portal.set_registry_record(f"{PREFIX}.public_url", url)
        if charter := api.portal.get_registry_record(f"{PREFIX}.comments.charter_url"):
            api.portal.set_registry_record(f"{PREFIX}.comments.charter_url", charter.replace(known, url))
    transaction.commit()


def add_account(site):
    from collective.socialterritory.accounts import worker
    from collective.socialterritory.interfaces import PREFIX
    from plone import api
    from plone.dexterity.utils import createContentInContainer

    api.portal.set_registry_record(f"{PREFIX}.mail_to_page", True)
    account = createContentInContainer(
        site["social-accounts"],
        "SocialAccount",
        title="Réseau d'entraînement de la ville",
        network="sandbox",
        validation="other",
        trusted=[],
        template="{title}\n\n{description}\n\n{link} {subjects}",
    )
    account.manage_setLocalRoles("validator", ["Social Validator"])
    account.reindexObjectSecurity()
    worker.connect(site, account.UID(), {}, datetime.now(UTC))
    return account


def add_profile(site):
    """An account that is shown under "Follow us" and posts nothing."""
    from collective.socialterritory.accounts import worker
    from plone.dexterity.utils import createContentInContainer

    account = createContentInContainer(
        site["social-accounts"],
        "SocialAccount",
        title="LinkedIn de la ville",
        network="linkedin",
        types=["Event"],
        by_itself=False,
        template="{title}\n\n{link}",
    )
    worker.connect_by_hand(
        site, account.UID(), "https://www.linkedin.com/company/exemple-saint-aubin", datetime.now(UTC)
    )


def add_feed(site, training, url):
    """What the town posted, from the record: a page of it, and a box beside all other pages."""
    from collective.socialterritory.feeds.portlets import Assignment
    from collective.socialterritory.networks.sandbox import PAGE
    from plone import api
    from plone.app.textfield.value import RichTextValue
    from plone.dexterity.utils import createContentInContainer
    from plone.portlets.interfaces import IPortletAssignmentMapping
    from plone.portlets.interfaces import IPortletManager
    from zope.component import getMultiAdapter
    from zope.component import getUtility

    title = "La ville sur les réseaux"
    where = {"kind": "own", "where": training.UID(), "page": f"{url}/{PAGE}"}
    source = createContentInContainer(site["social-feeds"], "SocialSource", title=title, network="sandbox", **where)
    page = api.content.create(
        site,
        "Document",
        "reseaux",
        title="Nos réseaux sociaux",
        description="Ce que la ville publie ailleurs, à lire ici sans compte et sans traceur.",
        text=RichTextValue(
            "<p>Publiez une actualité, faites-la approuver : sa publication apparaît ici dans la minute.</p>",
            "text/html",
            "text/x-html-safe",
        ),
        social_feed=source.UID(),
        social_feed_layout="cards",
        social_feed_size=10,
        language="fr",
    )
    api.content.transition(page, "publish")
    column = getUtility(IPortletManager, name="plone.rightcolumn")
    getMultiAdapter((site, column), IPortletAssignmentMapping)["social-feed"] = Assignment(source.UID())


def add_posts(site):
    """What is public already goes out once the site is served: the feed, the listening and the kits have something."""
    from collective.socialterritory.crosspost import actions
    from collective.socialterritory.crosspost import several
    from plone import api

    with api.env.adopt_user(username="editor"):
        objs = [brain.getObject() for brain in api.content.find(portal_type="News Item", review_state="published")]
        seen = [one for _obj, here in several.outcomes(site, objs) for one in here if one.draft]
        made, _refused = several.post(site, {(one.item.uid, one.account.uid): one.draft.fingerprint for one in seen})
    with api.env.adopt_user(username="validator"):
        for post in made:
            actions.decide(site, post.id, "approve", fingerprint=post.fingerprint)


def add_charter():
    """What the town asks of those who pass its news on."""
    from collective.socialterritory.interfaces import settings

    settings().kit_charter = (
        "Merci de relayer les nouvelles de la ville !\n"
        "Restez factuels et courtois, et gardez le lien vers notre page : c'est là que nous corrigeons et répondons."
    )


def add_listening(site):
    """Somebody to listen, something to listen for in what the town says itself, and whom to forward it to."""
    from collective.socialterritory.feeds import content
    from collective.socialterritory.feeds.listening.store import Listening
    from collective.socialterritory.interfaces import settings
    from plone import api

    settings().departments = ["Cabinet du maire : cabinet@saint-aubin.example", "Voirie : voirie@saint-aubin.example"]
    sources = [source.UID() for source in content.feeds(site)]
    Listening(site).follow(
        "", "Travaux, cantine, météo", ["travaux", "cantine", "météo"], sources, ["Cabinet du maire"]
    )
    api.user.grant_roles(username="moderator", roles=["Member", "Social Listener"])


if __name__ == "__main__":
    # `bin/instance run` gives `app`, no __file__, and arguments of its own before ours.
    script, passwords, url, *more = sys.argv[sys.argv.index("scripts/demo_site.py") :]
    sys.path.insert(0, str(Path(script).parent))
    lines = Path(passwords).read_text(encoding="utf-8").splitlines()
    main(app, dict(line.split(" / ") for line in lines), url, "again" in more)  # noqa: F821

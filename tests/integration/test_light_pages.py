"""The style sheet and the script come with the pages that need them, and with no other page that staff open."""

pytest_plugins = ["editing"]
OURS = (
    "@@social-desk",
    "@@social-sandbox",
    "@@social-territory-controlpanel",
    "@@social-pause",
    "++add++News Item",
    "++add++Document",
    "social-accounts",
    "social-accounts/town-feed",
    "social-accounts/town-feed/edit",
    "social-accounts/town-feed/connect",
    "social-accounts/++add++SocialAccount",
    "menu-de-la-cantine/edit",
    "menu-de-la-cantine/@@social-networks",
)
OTHERS = ("", "menu-de-la-cantine", "folder_contents", "++add++Folder", "@@overview-controlpanel")


def test_what_pages_load(commune, feed, news, staff):
    loaded = {}
    for path in OURS + OTHERS:
        staff.open(f"{commune.absolute_url()}/{path}")
        loaded[path] = [name for name in ("social.css", "social.js") if f"/{name}" in staff.contents]
    assert loaded == {**dict.fromkeys(OURS, ["social.css", "social.js"]), **dict.fromkeys(OTHERS, [])}

"""What webmasters set about comments. No secret lives here."""

from collective.socialterritory import _
from collective.socialterritory.comments.rules import words as rules
from collective.socialterritory.comments.rules.lines import reason
from collective.socialterritory.options import good_department
from collective.socialterritory.options import Refused
from plone.registry.interfaces import IRegistry
from plone.supermodel import model
from typing import Any
from zope import schema
from zope.component import queryUtility
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


PREFIX = "collective.socialterritory.comments"
REASONS = [
    "insult | fr: Propos injurieux ou attaque contre une personne | en: Insult or attack on a person",
    "hate | fr: Propos haineux, discriminatoires ou contraires à la loi | en: Hateful, discriminatory or unlawful",
    "privacy | fr: Données personnelles ou vie privée d'autrui | en: Personal data or somebody's privacy",
    "off-topic | fr: Sans rapport avec le sujet | en: Off topic",
    "advertising | fr: Publicité ou message répété | en: Advertising or repetition",
    "election | fr: Propagande électorale | en: Election campaigning",
    "other | fr: Autre motif de la charte | en: Another article of the charter",
]
"""Articles of the charter until the body writes its own"""


MAILS = SimpleVocabulary(
    [
        SimpleTerm("none", "none", _("None")),
        SimpleTerm("each", "each", _("At once, a few comments in one mail")),
        SimpleTerm("digest", "digest", _("Once a day")),
    ]
)


def good_reason(value: str) -> bool:
    if reason(value) is None:
        raise Refused(_("Write “id | fr: French words | en: English words”."))
    return True


def good_word(value: str) -> bool:
    if rules.problem([value]):
        raise Refused(_("Write a word, or some, of 100 characters at most; a star alone holds everything."))
    return True


def good_host(value: str) -> bool:
    if rules.hosts_problem([value]):
        raise Refused(_("Write the name of a host, such as “example.com”."))
    return True


def number(title: str, default: int, description: str = "", min: int = 0, max: int = 100_000) -> schema.Int:
    return schema.Int(title=title, description=description, default=default, min=min, max=max)


def lines(
    title: str, description: str = "", default: Any = (), constraint: Any = None, most: int | None = None
) -> schema.List:
    """A field of lines, of `most` at most."""
    more = {"constraint": constraint} if constraint else {}
    return schema.List(
        title=title,
        description=description,
        value_type=schema.TextLine(**more),
        default=list(default),
        missing_value=[],
        required=False,
        max_length=most,
    )


class ICommentOptions(model.Schema):
    """The form's fields."""

    anonymous_wait = schema.Bool(
        title=_("Comments of visitors always wait for a moderator"),
        description=_("Unticked: those whose e-mail address was confirmed pass as members do."),
        default=True,
        required=False,
    )
    first_wait = number(_("Comments of a member that wait before the next ones pass by themselves"), 3, max=1000)
    depth = number(_("Levels of answers that are indented"), 3, min=1, max=10)
    page_size = number(_("Comments on one page"), 20, min=5, max=100)
    close_days = number(
        _("Days after publication during which people can comment"),
        90,
        _("0: without an end. What was said stays visible."),
    )
    grace = number(_("Minutes during which authors can change their comment"), 15, max=1440)
    longest = number(_("Characters of a comment at most"), 5000, min=100, max=20_000)
    charter_url = schema.TextLine(
        title=_("Address of the charter"),
        description=_("A page that says what is published and what is not. The form links to it."),
        required=False,
    )
    privacy_fr = schema.Text(
        title=_("Privacy notice under the form, in French"),
        description=_("Empty: a text made from these settings."),
        required=False,
    )
    privacy_en = schema.Text(title=_("Privacy notice under the form, in English"), required=False)
    notify_replies = schema.Bool(
        title=_("People may ask to be told of answers by e-mail"), default=True, required=False
    )
    replies_days = number(
        _("Days after a post during which replies to it at its network are read"),
        30,
        _("For accounts whose replies are shown here."),
        min=1,
        max=365,
    )

    model.fieldset(
        "rules",
        label=_("Rules"),
        fields=["words", "links", "hosts", "per_network", "per_site", "queue_most", "hide_reports", "ban_days"],
    )
    words = lines(
        _("Words that make a comment wait"),
        _("One a line. A star stands for any letters: “casino*”. Capitals, accents and tricks of spelling are seen."),
        constraint=good_word,
        most=rules.MOST,
    )
    links = number(_("Links that a comment may have without waiting"), 2, max=50)
    hosts = lines(
        _("Hosts that no link may lead to"),
        _("One a line, with all below it: “example.com”."),
        constraint=good_host,
        most=rules.MOST,
    )
    per_network = number(_("Comments that one network may send in ten minutes"), 5, min=1)
    per_site = number(_("Comments that all may send in ten minutes"), 60, min=1)
    queue_most = number(
        _("Comments that may wait at once"),
        10_000,
        _("Replies from networks fill half of it at most."),
        min=10,
        max=1_000_000,
    )
    hide_reports = number(
        _("Reports that hide a comment until somebody has looked"), 3, _("0: none hides by itself."), max=100
    )
    ban_days = number(_("Days that a ban lasts"), 30, min=1, max=365)

    model.fieldset(
        "moderation",
        label=_("Moderation"),
        fields=[
            "reasons",
            "tell_authors",
            "ready_answers",
            "departments",
            "undo_minutes",
            "mail_moderators",
            "digest_hour",
            "link_days",
            "figures_public",
        ],
    )
    reasons = lines(
        _("Articles of the charter that a refusal cites"),
        _("One a line: “id | fr: French words | en: English words”."),
        REASONS,
        good_reason,
    )
    tell_authors = schema.Bool(
        title=_("Authors who left an address are told what was decided"), default=True, required=False
    )
    ready_answers = lines(_("Ready answers"), _("One a line: “Title: the answer”."))
    departments = lines(
        _("Departments a comment can be forwarded to"),
        _("One a line, a name and an address: “Roads: roads@town.example”."),
        constraint=good_department,
    )
    undo_minutes = number(_("Minutes during which a decision can be undone"), 10, max=1440)
    mail_moderators = schema.Choice(
        title=_("Mails to moderators"),
        vocabulary=MAILS,
        default="each",
    )
    digest_hour = number(_("Hour of the daily mail"), 8, max=23)
    link_days = number(_("Days that the links in these mails work"), 3, min=1, max=30)

    figures_public = schema.Bool(
        title=_("Everybody may see the figures of moderation"),
        description=_("How many comments were approved and refused each month, and for which articles of the charter."),
        default=False,
        required=False,
    )

    model.fieldset(
        "retention",
        label=_("How long data is kept"),
        fields=["keep_email", "keep_origin", "keep_rejected", "keep_log"],
    )
    keep_email = number(_("Days that e-mail addresses are kept"), 365, min=1, max=3650)
    keep_origin = number(
        _("Days that the trace of a network is kept"),
        7,
        _("A salted hash, which tells two comments from one network. Its salt is destroyed with it."),
        min=1,
        max=30,
    )
    keep_rejected = number(_("Days that refused comments and spam are kept"), 180, min=1, max=3650)
    keep_log = number(_("Days that the log of decisions is kept"), 1095, min=30, max=3650)


class ICommentSettings(ICommentOptions):
    """All records; those beyond the form's are written by what they are about."""

    active = schema.Bool(title=_("Comments are kept as this add-on does"), default=False, required=False)


def settings() -> Any:
    """The ICommentSettings records of the current site, to read and to set."""
    registry = queryUtility(IRegistry)
    return registry.forInterface(ICommentSettings, prefix=PREFIX, check=False)


def active() -> bool:
    """Whether the site has the add-on, and asked it to look after comments."""
    registry = queryUtility(IRegistry)
    return bool(registry and registry.get(f"{PREFIX}.active"))

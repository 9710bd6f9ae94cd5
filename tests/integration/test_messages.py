"""Codes never reach the screen: each has a sentence, and no sentence shows a hole."""

from collections import Counter
from collective.socialterritory import errors
from collective.socialterritory import messages
from collective.socialterritory import sentences
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.model import Validation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules.states import TRANSITIONS
from collective.socialterritory.setuphandlers import ROLES
from itertools import chain
from pathlib import Path
from plone.app.workflow.interfaces import ISharingPageRole
from zope.component import getUtilitiesFor
from zope.i18n import translate

import ast
import pytest
import re


SOURCE = Path(messages.__file__).parent
RAISED = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}


def codes():
    """First arguments of every error made anywhere in the package, with the place."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in RAISED and node.args:
                for value in ast.walk(node.args[0]):
                    if isinstance(value, ast.Constant) and re.fullmatch("[a-z_]+", str(value.value)):
                        yield value.value, f"{path.name}:{node.lineno}"
            if name == "Verdict" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                yield node.args[1].value, f"{path.name}:{node.lineno}"


def test_every_code_that_the_source_raises_has_a_sentence():
    found = set(codes())
    assert len(found) > 30
    assert sorted((code, place) for code, place in found if code not in messages.SENTENCES) == []


def test_no_code_of_one_part_takes_the_sentence_of_another():
    parts = (sentences.NETWORK, sentences.POST, sentences.CARD, sentences.KIT, sentences.MODERATION)
    parts += (sentences.REFUSALS, sentences.VISITORS)
    assert [code for code, number in Counter(chain(*parts)).items() if number > 1] == []


def test_every_state_transition_and_setting_has_a_word():
    assert {state.value for state in State} <= set(messages.STATES)
    assert {name for name, transition in TRANSITIONS.items() if transition.human} - {"endorse"} <= set(
        messages.TRANSITIONS
    )
    assert {value.value for value in Link} | {"paused"} == set(messages.LINKS)
    assert {value.value for value in Validation} == set(messages.VALIDATIONS)


def test_every_role_has_a_french_title_on_plones_own_pages(portal):
    shared = [entry.title for name, entry in getUtilitiesFor(ISharingPageRole) if name in ROLES]
    assert len(shared) == 4
    titles = [*ROLES, *map(str, shared)]
    assert [title for title in titles if translate(title, domain="plone", target_language="fr") == title] == []


@pytest.mark.parametrize("code", [*messages.SENTENCES, "unknown-code"])
def test_missing_params_leave_no_hole(code):
    assert "${" not in translate(messages.sentence(code, {"host": None}))


@pytest.mark.parametrize("code", ["reset", "duplicate"])
def test_the_history_of_a_try_that_another_follows_asks_nobody_to_look_there(code):
    assert "then choose" in translate(messages.sentence(code))
    assert "choose" not in translate(messages.sentence(messages.past("retry", code)))


def test_a_doubt_is_spoken_of_only_where_there_is_one():
    asked = messages.problem_sentence(errors.Transient("read_timeout", host="pds.example"))
    assert translate(asked).startswith("pds.example did not answer in time. Nothing was published")
    sent = messages.problem_sentence(errors.OutcomeUnknown("read_timeout", host="pds.example"))
    assert "may be published" in translate(sent)


def test_who_decided_when_and_what(portal):
    said = {"by": "camille", "at": "2026-11-22T09:12:00+00:00", "decision": "approve"}
    assert translate(messages.sentence("already_decided", said)) == (
        "camille has already decided, on Nov 22, 2026 09:12 AM: Approved."
    )

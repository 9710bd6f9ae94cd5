"""Tokens that only this site can have made."""

from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.signing import BadToken
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from hypothesis import given
from hypothesis import strategies as st

import pytest
import re


NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
SECRET = b"s" * 32
SECOND = timedelta(seconds=1)


def refused(code, token, purpose="link", secret=SECRET, now=NOW):
    with pytest.raises(BadToken) as refusal:
        signing.read(secret, purpose, token, now)
    assert refusal.value.code == code
    return refusal.value


@given(st.lists(st.text(max_size=20), max_size=4).map(tuple), st.booleans())
def test_parts_come_back_as_they_were(parts, ends):
    token = signing.sign(SECRET, "link", parts, NOW + SECOND if ends else None)
    assert re.fullmatch(r"[\w-]+\.[\w-]{22}", token, re.ASCII)
    assert signing.read(SECRET, "link", token, NOW) == parts


def test_no_other_purpose_or_site():
    token = signing.sign(SECRET, "link", ("a",))
    refused("token_forged", token, purpose="form")
    refused("token_forged", token, secret=b"t" * 32)
    refused("token_forged", signing.sign(SECRET, "lin", ("k:a",)))


def test_an_end():
    token = signing.sign(SECRET, "link", ("a", "b"), NOW)
    assert signing.read(SECRET, "link", token, NOW - SECOND) == ("a", "b")
    assert refused("token_expired", token).params == {"parts": ("a", "b")}


@given(st.text(max_size=60))
def test_whatever_is_typed_is_no_token(typed):
    refused("token_forged", typed)


@pytest.mark.parametrize("token", ["", ".", "é.é", "a.b", "WzBd", "WzBd.", "." * 10_000, "W" * 1_000_000, "\ud800.a"])
def test_forged(token):
    refused("token_forged", token)


def test_one_changed_letter():
    token = signing.sign(SECRET, "link", ("a", "b"), NOW + SECOND)
    content, seal = token.split(".")
    other = signing.sign(SECRET, "link", ("a", "c"), NOW + SECOND).split(".")[0]
    refused("token_forged", f"{other}.{seal}")
    refused("token_forged", f"{content}.{'A' if seal[0] != 'A' else 'B'}{seal[1:]}")
    refused("token_forged", f"{content}.{seal[:-4]}")
    refused("token_forged", f"{content}.{seal}!")
    refused("token_forged", f"{content}!.{seal}")


def test_a_form_is_for_its_page_and_its_time():
    token = signing.form_token(SECRET, "page", "nonce", NOW)

    def code(page="page", after=timedelta(minutes=1)):
        try:
            return signing.read_form(SECRET, page, token, NOW + after)
        except BadToken as refusal:
            return refusal.code

    assert code() == "nonce"
    assert code(page="other") == "token_forged"
    assert code(after=timedelta(0)) == code(after=timedelta(seconds=2.9)) == "token_young"
    assert code(after=timedelta(seconds=3)) == "nonce"
    assert code(after=timedelta(hours=2) - SECOND) == "nonce"
    assert code(after=timedelta(hours=2)) == "token_expired"


def test_no_other_token_is_a_form():
    with pytest.raises(BadToken):
        signing.read_form(SECRET, "page", signing.sign(SECRET, "link", ("page", "nonce", "0")), NOW)

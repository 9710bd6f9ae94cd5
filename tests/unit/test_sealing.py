from collective.socialterritory.accounts import sealing
from collective.socialterritory.errors import ConfigurationError

import os
import pytest
import stat


CONTEXT = ("/Plone", "uid", "credentials")
SECRET = {"app_password": "canary-9f2c", "handle": "town.example"}
ONE, TWO = sealing.new_key(), sealing.new_key()


def code(function, *args):
    with pytest.raises(ConfigurationError) as caught:
        function(*args)
    assert caught.value.__cause__ is None  # a cause could quote a key in a traceback
    return caught.value.code


def test_what_is_sealed_comes_back_and_is_unreadable_meanwhile():
    keys = sealing.parse(ONE)
    sealed = keys.seal(CONTEXT, SECRET)
    assert b"canary" not in sealed and b"town" not in sealed
    assert keys.unseal(CONTEXT, sealed) == SECRET


@pytest.mark.parametrize(
    "context", [("/Copy", "uid", "credentials"), ("/Plone", "other", "credentials"), ("/Plone", "uid", "oauth-state")]
)
def test_another_site_account_or_purpose_cannot_read_it(context):
    keys = sealing.parse(ONE)
    assert code(keys.unseal, context, keys.seal(CONTEXT, SECRET)) == "unreadable_credentials"


def test_another_key_cannot_read_it():
    sealed = sealing.parse(ONE).seal(CONTEXT, SECRET)
    assert code(sealing.parse(TWO).unseal, CONTEXT, sealed) == "unreadable_credentials"
    assert code(sealing.parse(TWO).rotate, sealed) == "unreadable_credentials"


def test_a_new_first_key_reads_the_old_and_rotation_makes_the_old_needless():
    sealed = sealing.parse(ONE).seal(CONTEXT, SECRET)
    both = sealing.parse(f"{TWO},{ONE}")
    assert both.unseal(CONTEXT, sealed) == SECRET
    assert sealing.parse(TWO).unseal(CONTEXT, both.rotate(sealed)) == SECRET


def test_one_changed_byte_is_noticed():
    keys = sealing.parse(ONE)
    sealed = bytearray(keys.seal(CONTEXT, SECRET))
    sealed[40] ^= 1
    assert code(keys.unseal, CONTEXT, bytes(sealed)) == "unreadable_credentials"


@pytest.mark.parametrize("setting", ["", "  ", ",\n"])
def test_no_key(setting):
    assert code(sealing.parse, setting) == "no_key"


@pytest.mark.parametrize(
    "setting", ["k1:short", "k1", ONE.partition(":")[2], f"{ONE},k2:é"], ids=["short", "bare", "nameless", "accented"]
)
def test_a_bad_key_is_refused_without_being_quoted(setting):
    with pytest.raises(ConfigurationError) as caught:
        sealing.parse(setting)
    assert str(caught.value) == "bad_key"


def test_keys_may_stand_on_lines_and_their_repr_tells_names_only():
    keys = sealing.parse(f"\n{TWO}\n{ONE}\n")
    assert repr(keys) == f"Keys({TWO.partition(':')[0]}, {ONE.partition(':')[0]})"


def test_a_key_file_is_for_its_owner_alone_and_never_overwritten(tmp_path):
    path = tmp_path / "keys"
    old = os.umask(0)
    try:
        sealing.write(str(path), ONE)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        sealing.write(str(path), TWO)
    assert sealing.parse(path.read_text()).names == (ONE.partition(":")[0],)

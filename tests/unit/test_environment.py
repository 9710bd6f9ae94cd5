from collective.socialterritory.environment import setting
from collective.socialterritory.errors import ConfigurationError

import pytest


def test_value():
    assert setting("NAME", {"NAME": " value "}) == "value"


def test_unset():
    assert setting("NAME", {}) == ""


def test_the_value_wins_over_the_file(tmp_path):
    path = tmp_path / "name"
    path.write_text("from the file\n")
    assert setting("NAME", {"NAME_FILE": str(path)}) == "from the file"
    assert setting("NAME", {"NAME_FILE": str(path), "NAME": "direct"}) == "direct"


def test_a_file_that_is_not_there_yet_counts_as_unset(tmp_path):
    assert setting("NAME", {"NAME_FILE": str(tmp_path / "name")}) == ""


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_an_unreadable_file_is_told_without_its_content(tmp_path, content):
    path = tmp_path / "name"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        setting("NAME", {"NAME_FILE": str(path)})
    assert caught.value.code == "unreadable_file"
    assert caught.value.params == {"name": "NAME", "path": str(path)}

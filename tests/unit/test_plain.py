"""What JSON and forms let in, and UTF-8 has no bytes for."""

from collective.socialterritory.plain import as_json
from collective.socialterritory.plain import whole

import json


def test_halves_of_surrogate_pairs_become_question_marks():
    assert whole("\ud800l’été \udcff🎉") == "?l’été ?🎉"


def test_json_is_readable_and_reads_back_as_it_was():
    record = {"été": ["🎉", "\ud800", "\\\ud800", "\udcff\n", None, 1]}
    assert json.loads(as_json(record)) == record
    assert "été".encode() in as_json(record)

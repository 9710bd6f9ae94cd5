from collective.socialterritory.http.wire import multipart
from email.parser import BytesParser
from email.policy import HTTP
from hypothesis import given
from hypothesis import strategies as st

import re


def parsed(body, kind):
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    return list(message.iter_parts())


def test_multipart_to_the_byte():
    body, kind = multipart({"alt": "Été"}, "file", "a.jpg", "image/jpeg", b"\xff\xd8\r\n", boundary="b")
    assert kind == "multipart/form-data; boundary=b"
    assert body == (
        b'--b\r\nContent-Disposition: form-data; name="alt"\r\n\r\n\xc3\x89t\xc3\xa9\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        b"\xff\xd8\r\n\r\n--b--\r\n"
    )


def test_boundaries_are_not_to_be_guessed():
    kinds = {multipart({}, "file", "a", "image/png", b"")[1] for _ in range(20)}
    assert len(kinds) == 20
    assert all(re.fullmatch(r"multipart/form-data; boundary=[0-9a-f]{32}", kind) for kind in kinds)


@given(st.text(), st.text(), st.text())
def test_no_name_makes_a_header(name, filename, mime):
    safe = str.maketrans({chr(0xD800 + n): None for n in range(0x800)})
    body, kind = multipart({name.translate(safe): "x"}, "file", filename.translate(safe), mime, b"data")
    heads = [part.split(b"\r\n\r\n")[0] for part in body.split(b"--" + kind.rpartition("=")[2].encode())[1:-1]]
    assert len(heads) == 2
    assert [len(re.split(rb"\r\n|\r|\n", head.strip())) for head in heads] == [1, 2]
    assert heads[0].count(b'"') == 2
    assert heads[1].count(b'"') == 4


def test_a_hostile_name():
    evil = 'a"\r\nX-Evil: 1\r\n\r\n'
    body, kind = multipart({evil: "x"}, evil, evil, "image/jpeg\r\nX-Evil: 1", b"data")
    assert b"\r\nX-Evil" not in body
    assert [part.get_content_type() for part in parsed(body, kind)] == ["text/plain", "application/octet-stream"]


def test_what_was_put_in_comes_out():
    data = bytes(range(256)) * 3
    parts = parsed(*multipart({"a": "1", "b": "l1\r\nl2"}, "file", "image.png", "image/png", data))
    assert [part.get_param("name", header="content-disposition") for part in parts] == ["a", "b", "file"]
    assert parts[1].get_payload(decode=True) == b"l1\r\nl2"
    assert parts[2].get_payload(decode=True) == data
    assert parts[2].get_filename() == "image.png"

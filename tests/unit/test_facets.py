from collective.socialterritory.networks import facets as module
from collective.socialterritory.networks.facets import facets
from collective.socialterritory.text import shortened


DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"


def test_offsets_are_in_bytes_and_each_handle_is_asked_for_once():
    asked = []

    def find(handle, timeout):
        asked.append((handle, timeout))
        return DID

    found = facets("É @ville.fr @Ville.fr", find)
    assert asked == [("ville.fr", 5.0)]
    assert [facet["index"] for facet in found] == [{"byteStart": 3, "byteEnd": 12}, {"byteStart": 13, "byteEnd": 22}]
    assert {facet["features"][0]["did"] for facet in found} == {DID}


def test_a_link_that_is_too_long_lies_behind_its_shortened_form():
    link = f"https://www.ville.fr/{'é' * 60}"
    shown = shortened(link, module.SHOWN)
    (facet,) = facets(f"Fête ! {shown}", lambda *_: "", link)
    assert facet == {
        "index": {"byteStart": 8, "byteEnd": 8 + len(shown.encode())},
        "features": [{"$type": "app.bsky.richtext.facet#link", "uri": link}],
    }
    assert (len(shown), shown[:13]) == (40, "www.ville.fr/")
    (whole,) = facets(f"Fête {link}", lambda *_: "", link)
    assert whole["features"][0]["uri"] == link
    assert facets("Fête", lambda *_: "", link) == []


def test_many_mentions_of_nobody_do_not_outlast_the_lease(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def slow(handle, timeout):
        now[0] += timeout
        return ""

    assert facets(" ".join(f"@a{n}.b" for n in range(60)), slow) == []
    assert now[0] == module.MENTIONS

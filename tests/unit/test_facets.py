from collective.socialterritory.networks import facets as module
from collective.socialterritory.networks.facets import facets


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


def test_many_mentions_of_nobody_do_not_outlast_the_lease(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def slow(handle, timeout):
        now[0] += timeout
        return ""

    assert facets(" ".join(f"@a{n}.b" for n in range(60)), slow) == []
    assert now[0] == module.MENTIONS

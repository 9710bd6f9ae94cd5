"""Names of people that tell nobody who they are."""

from collective.socialterritory.comments.rules import people


def test_one_address_has_one_name_however_it_is_typed():
    name = people.of_address(b"secret", "jeanne.dupre@example.org")
    assert people.of_address(b"secret", " Jeanne.Dupre@Example.ORG ") == name
    assert people.of_address(b"secret", "jeanne@example.org") != name
    assert people.of_address(b"another site's", "jeanne.dupre@example.org") != name
    assert name.startswith("mail:") and "jeanne" not in name


def test_an_address_that_no_encoding_knows_has_a_name_too():
    assert people.of_address(b"secret", "\ud800@example.org").startswith("mail:")


def test_members_have_another_kind_of_name():
    assert people.of_user("jeanne") == "user:jeanne"

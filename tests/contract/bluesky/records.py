"""What readers see of a record."""

from contract.follow_up import See


def see(record):
    features = [facet["features"][0] for facet in record.get("facets", [])]
    images = record.get("embed", {}).get("images", [])
    links = [feature["uri"] for feature in features if "uri" in feature]
    answers = record.get("reply", {}).get("parent", {}).get("uri", "")
    return See(record["text"], links, [image["alt"] for image in images], answers)

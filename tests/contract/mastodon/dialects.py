"""The kinds of servers that are met in the wild."""

DIALECTS = {
    "mastodon": {},
    "gotosocial": {"software": "gotosocial", "token_errors": "text"},
    "plain": {"software": "plain", "errors": "html"},
    "closed": {"anonymous_reads": False, "honour_keys": False},
}

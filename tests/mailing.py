"""A mail server for tests, which keeps what it was given."""

from email import message_from_bytes
from email.policy import default
from plone import api

import transaction


class Inbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        # Bare line feeds are how one mail is made to look like two: servers refuse them.
        assert b"\n" not in envelope.original_content.replace(b"\r\n", b"")
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


def set_server(port):
    api.portal.set_registry_record("plone.smtp_host", "127.0.0.1")
    api.portal.set_registry_record("plone.smtp_port", port)
    api.portal.set_registry_record("plone.email_from_address", "web@town.example")
    transaction.commit()

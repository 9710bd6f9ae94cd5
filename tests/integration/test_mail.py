"""Mails leave by the worker, over SMTP, and wait while the mail server is away."""

from aiosmtpd.controller import Controller
from collective.socialterritory import clock
from collective.socialterritory import mail
from collective.socialterritory.crosspost.checklist import checklist
from collective.socialterritory.interfaces import settings
from collective.socialterritory.worker import Pool
from collective.socialterritory.worker import Senders
from collective.socialterritory.worker import Worker
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from mailing import set_server
from PIL import ExifTags
from PIL import Image
from plone.namedfile.file import NamedBlobImage
from zope.annotation.interfaces import IAnnotations

import os
import socket
import threading
import time
import transaction


def photo():
    stream = BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "48.8566 N"
    Image.linear_gradient("L").resize((1600, 1200)).convert("RGB").save(stream, "JPEG", exif=exif)
    return NamedBlobImage(stream.getvalue(), "image/jpeg", "place.jpg")


def test_validators_and_authors_are_written_to(town, smtp, inbox, work):
    set_server(smtp)
    item = town.news("Fête de la musique")
    assert inbox.mails == []
    work()
    assert sorted(to for to, _message in inbox.mails) == [["second@town.example"], ["validator@town.example"]]
    message = inbox.mails[0][1]
    assert "Fête de la musique" in message["Subject"]
    (delivery,) = town.stored(item)
    assert delivery.rendition.text.splitlines()[0] in message.get_content()
    assert f"https://www.town.example/@@social-desk?id={delivery.id}" in message.get_content()
    assert message["Auto-Submitted"] == "auto-generated"
    inbox.mails.clear()
    town.validator.decide({"id": delivery.id}, "reject", note="Trop tôt")
    work()
    ((to, message),) = inbox.mails
    assert to == ["editor@town.example"]
    assert "Trop tôt" in message.get_content()
    assert list(mail.waiting(town.site)) == []


def test_validators_get_the_picture_without_the_place_where_it_was_taken(town, smtp, inbox, work):
    set_server(smtp)
    town.news(image=photo(), image_caption="La place")
    work()
    message = inbox.mails[0][1]
    (picture,) = message.iter_attachments()
    assert (picture.get_content_type(), picture.get_filename()) == ("image/jpeg", "image.jpg")
    seen = Image.open(BytesIO(picture.get_content()))
    assert max(seen.size) == 1000
    assert not seen.getexif()
    assert "La place" in message.get_body().get_content()


def test_a_picture_nobody_can_read_does_not_hold_the_mail_back(town, smtp, inbox, work):
    set_server(smtp)
    image = photo()
    image.data = image.data[:2000]
    town.news(image=image)
    work()
    assert [list(message.iter_attachments()) for _to, message in inbox.mails] == [[], []]


def test_a_title_with_other_ends_of_lines_is_one_line(town, smtp, inbox, work):
    set_server(smtp)
    town.news("Fête\u2028de\x85la\x0bmusique\x00 : \u202fjuin")
    work()
    assert [list(inbox_titles(inbox)), list(mail.waiting(town.site))] == [["Fête de la musique : \u202fjuin"] * 2, []]


def inbox_titles(inbox):
    for _to, message in inbox.mails:
        yield message["Subject"].removeprefix("To approve: ").removesuffix(" on Town")


def test_a_mail_that_cannot_be_written_delays_itself_alone(town, smtp, inbox, work):
    set_server(smtp)
    now = clock.now()
    for name in ("first", "second"):
        mail.queue(town.site, f"{name}@town.example", name, "…", now)
    bad, _good = IAnnotations(town.site)[mail.KEY].values()
    bad["subject"] = "As queued before\u2028subjects were one line"
    to = bad["to"]
    transaction.commit()
    work()
    assert [message["Subject"] for _to, message in inbox.mails] == [{"first", "second"}.difference([to[:-13]]).pop()]
    ((_id, left),) = mail.waiting(town.site)
    assert left["to"] == to and left["due"] > now.isoformat()


def test_a_mail_goes_without_a_picture_whose_file_is_missing(town, smtp, inbox, work):
    set_server(smtp)
    item = town.news(image=photo())
    os.remove(item.image._blob.committed())
    town.functional["app"]._p_jar.cacheMinimize()
    work()
    assert [list(message.iter_attachments()) for _to, message in inbox.mails] == [[], []]


def test_mails_wait_for_a_server_that_is_away(town, inbox, port, work, monkeypatch):
    set_server(port)
    town.news()
    work()
    assert len(list(mail.waiting(town.site))) == 2
    assert any("Mails wait" in str(point.text.default or point.text) for point in checklist(town.site) if not point.ok)
    back = Controller(inbox, hostname="127.0.0.1", port=port)
    back.start()
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(minutes=6))
    try:
        work()
    finally:
        back.stop()
    assert len(inbox.mails) == 2
    assert list(mail.waiting(town.site)) == []


def test_a_server_that_says_nothing_is_left_after_a_while(town, port, monkeypatch):
    monkeypatch.setattr(mail, "PATIENCE", 0.2, raising=False)
    set_server(port)
    mail.queue(town.site, "one@town.example", "One", "…", clock.now())
    transaction.commit()
    worker = Worker(town.functional["app"]._p_jar.db(), senders=2)
    with ThreadPoolExecutor(1) as thread, socket.create_server(("127.0.0.1", port)):
        until = time.monotonic() + 5
        thread.submit(worker.turn).result()
        assert not worker.idle
        while not worker.idle and time.monotonic() < until:
            time.sleep(0.05)
            thread.submit(worker.turn).result()
        idle = worker.idle
        thread.submit(worker.leave).result()
    transaction.begin()
    ((_id, left),) = mail.waiting(town.site)
    assert (idle, left["due"] > left["at"]) == (True, True)


def test_a_mail_waits_for_a_sender_too(town, port):
    set_server(port)
    mail.queue(town.site, "one@town.example", "One", "…", clock.now())
    transaction.commit()
    pool, gate = Pool(Senders(1)), threading.Event()
    pool.submit("a lane", lambda site, result: None, gate.wait, 10)
    mail.MailJob().step(town.site, pool, clock.now())
    assert not pool.busy("mail")
    gate.set()


def test_the_address_of_a_header_is_one_line_that_programs_can_follow(town, smtp, inbox, work):
    set_server(smtp)
    address = f"<https://www.town.example/@@social-unsubscribe?key={'aB_-' * 60}>"
    headers = {"List-Unsubscribe": address, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click\r\nBcc: x@y.example"}
    mail.queue(town.site, "one@town.example", "Réponse", "…", clock.now(), headers=headers)
    transaction.commit()
    work()
    ((to, message),) = inbox.mails
    assert (to, message["List-Unsubscribe"], message["Bcc"]) == (["one@town.example"], address, None)
    assert message["List-Unsubscribe-Post"].startswith("List-Unsubscribe=One-Click ")


def test_in_training_mails_stay_on_their_page(town, smtp, inbox, work):
    set_server(smtp)
    settings().mail_to_page = True
    town.news()
    work()
    assert inbox.mails == []
    assert len(list(mail.waiting(town.site))) == 2


def test_nothing_is_kept_for_ever(town, work, monkeypatch):
    settings().mail_to_page = True
    town.news()
    work()
    first = {id for id, _mail in mail.waiting(town.site)}
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(days=8))
    work()
    assert first
    assert first.isdisjoint(id for id, _mail in mail.waiting(town.site))


def test_validators_are_reminded_and_then_the_administrators(town, work, monkeypatch):
    settings().mail_to_page = True
    town.news()
    work()
    now = clock.now
    seen = []
    for hours in (25, 49, 80):
        monkeypatch.setattr(clock, "now", lambda hours=hours: now() + timedelta(hours=hours))
        before = len(list(mail.waiting(town.site)))
        work()
        seen.append(sorted(m["to"] for _id, m in list(mail.waiting(town.site))[before:]))
    people = ["second@town.example", "validator@town.example"]
    assert seen[0] == people
    assert set(seen[1]) >= {*people, "webmaster@town.example"}
    assert seen[2] == []

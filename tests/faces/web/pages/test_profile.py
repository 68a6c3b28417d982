"""What is mine: my photo, my time, my signatures."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from postroom.channels.mail.build import build
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Conversation
from postroom.core.events.actor import SYSTEM
from postroom.lib import clock
from tests.faces.web.pages.hostile import HOSTILE, post

SignIn = Callable[[User], Client]


def _picture(kind: str = "PNG") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(made, kind)
    return SimpleUploadedFile("<b>me.png", made.getvalue(), content_type="text/html")


def test_a_photo_stands_where_the_initials_stood_for_colleagues_and_nobody_else(
    alice: User, bob: User, charlie: User, mailbox: Mailbox, desk_with_mail: None, sign_in: SignIn
) -> None:
    browser = sign_in(bob)
    assert browser.post("/settings/profile/photo", {"photo": _picture()}).status_code == 302
    bob.refresh_from_db()
    address = f"/photos/{bob.photo_digest}"
    for colleague in (browser, sign_in(alice), sign_in(charlie)):
        answer = colleague.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert (answer["X-Content-Type-Options"], "private" in answer["Cache-Control"]) == ("nosniff", True)
    assert sign_in(alice).get(address, headers={"If-None-Match": f'"{bob.photo_digest}"'}).status_code == 304
    assert Client().get(address).status_code == 302
    for other in ("0" * 64, "..%2f..%2fkey", "%00", bob.photo_digest[:10]):
        assert browser.get(f"/photos/{other}").status_code == 404
    conversation = Conversation.objects.get()
    assign(conversation, to=bob, by=SYSTEM)
    for page in ("/settings/people", "/folders/open", f"/conversations/{conversation.pk}"):
        assert address in sign_in(alice).get(page).content.decode(), page
    assert browser.post("/settings/profile/photo", {"do": "remove"}).status_code == 302
    assert browser.get(address).status_code == 404


def test_what_is_no_picture_is_refused_with_a_sentence(bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    for data, status in ((b"<script>", 422), (b"", 422), (b"x" * 10_500_000, 413)):
        upload = SimpleUploadedFile("me.png", data, content_type="image/png")
        answer = browser.post("/settings/profile/photo", {"photo": upload})
        assert (answer.status_code, "othing was changed" in answer.content.decode()) == (status, True), data[:9]
    assert browser.post("/settings/profile/photo").status_code == 422
    bob.refresh_from_db()
    assert bob.photo_digest == ""


def test_times_on_pages_are_the_readers_own(
    alice: User, bob: User, mailbox: Mailbox, desk_with_mail: None, sign_in: SignIn
) -> None:
    Conversation.objects.update(last_activity_at=datetime(2026, 3, 1, 22, 30, tzinfo=UTC))
    browser = sign_in(bob)
    typed = {"profile-name": "Bob", "profile-language": "en", "profile-time_zone": "Asia/Tokyo"}
    hours = {"profile-from-1": "09:00", "profile-to-1": "17:30", "profile-from-5": "09:00", "profile-to-5": "12:00"}
    assert browser.post("/settings/profile", {**typed, **hours}).status_code == 302
    bob.refresh_from_db()
    assert bob.time_zone == "Asia/Tokyo"
    assert bob.working_hours == {"1": [["09:00", "17:30"]], "5": [["09:00", "12:00"]]}
    page = browser.get("/settings/profile").content.decode()
    assert 'value="Asia/Tokyo"' in page
    assert 'value="17:30"' in page
    assert "2 Mar" in browser.get("/folders/open").content.decode()
    assert "1 Mar" in sign_in(alice).get("/folders/open").content.decode()
    for changes in (
        {"profile-time_zone": "Mars/Olympus"},
        {"profile-time_zone": "../../etc/passwd"},
        {"profile-from-2": "17:00", "profile-to-2": "09:00"},
        {"profile-from-2": "17:00", "profile-to-2": ""},
        {"profile-from-2": "noon", "profile-to-2": "night"},
    ):
        assert browser.post("/settings/profile", {**typed, **hours, **changes}).status_code == 422, changes
    bob.refresh_from_db()
    assert (bob.time_zone, len(bob.working_hours)) == ("Asia/Tokyo", 2)
    # What the disk no longer knows is the installation's time, not a broken page.
    User.objects.filter(pk=bob.pk).update(time_zone="Mars/Olympus")
    assert browser.get("/folders/open").status_code == 200


def test_a_persons_signature_stands_under_their_replies_and_under_no_one_elses(
    alice: User, bob: User, mailbox: Mailbox, desk_with_mail: None, sign_in: SignIn
) -> None:
    Mailbox.objects.update(signature="Velo Nord")
    hidden = Mailbox.objects.create(name="Office", address="office@velo.example")
    browser = sign_in(bob)
    typed = {f"mailbox-{mailbox.pk}": "Bob\nWorkshop", f"mailbox-{hidden.pk}": "Not mine"}
    assert browser.post("/settings/profile/signatures", typed).status_code == 302
    assert list(bob.signatures.values_list("text", flat=True)) == ["Bob\nWorkshop"]
    conversation = Conversation.objects.get()
    mails = {
        who: build(reply(conversation, by=who, html="<p>Soon.</p>", send_after=clock.now())).decode()
        for who in (alice, bob)
    }
    assert "Workshop" in mails[bob]
    assert "Velo Nord" not in mails[bob]
    assert "Velo Nord" in mails[alice]
    browser.post("/settings/profile/signatures", {f"mailbox-{mailbox.pk}": " "})
    assert not bob.signatures.exists()
    for text in HOSTILE:
        assert post(browser, "/settings/profile/signatures", {f"mailbox-{mailbox.pk}": text}).status_code in (302, 422)

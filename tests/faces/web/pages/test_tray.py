from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from postroom.channels.mail.models import IncomingMail, TrayMail
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.transports.lmtp import LmtpDoor
from postroom.core.accounts.models import Installation, Mailbox, User
from postroom.core.storage import blobs
from postroom.demo.letters import Enclosure, Letter, build
from postroom.lib import clock
from tests.faces.web.composer.conftest import PNG
from tests.faces.web.pages.hostile import HOSTILE, post
from tests.servers.processes import free_port

SignIn = Callable[[User], Client]
TYPED = {
    "from_name": "Ann Peeters",
    "from_email": "ann@customers.example",
    "subject": "Where is my bicycle?",
    "text": "Hello,\n\nit should have come on Monday.\n\nAnn",
}
PAGES = ("/tray", "/tray/write", "/tray/{mail}", "/tray/{mail}/html", "/tray/{mail}/raw", "/tray/{mail}/files/0")
PIXEL = PNG


@pytest.fixture
def laid(mailbox: Mailbox, demo: Installation) -> TrayMail:
    """A reply that would have left, with everything a mail can hold."""
    letter = Letter(
        from_name="Velo Nord",
        from_email=mailbox.address,
        to=[("Ann Peeters", "ann@customers.example")],
        subject="Re: Order 118",
        text="Hello Ann,\nit left on Tuesday.",
        html="<p>Hello <b>Ann</b><script>alert(1)</script><img src='https://t.example/p.png'><img src='cid:stamp'></p>",
        moment=clock.now(),
        in_reply_to="<question@customers.example>",
        references=["<first@customers.example>"],
        message_id="<answer@velo.example>",
        enclosures=[
            Enclosure(name="stamp.png", content_type="image/png", data=PIXEL, content_id="stamp"),
            Enclosure(name="bill.html", content_type="text/html", data=b"<script>alert(2)</script>"),
        ],
    )
    return TrayMail.objects.create(
        mailbox=mailbox,
        message_id=1,
        digest=blobs().put(build(letter)),
        envelope_from=mailbox.address,
        envelope_to=["ann@customers.example"],
        subject="Re: Order 118",
        at=clock.now(),
    )


@pytest.fixture
def door(transactional_db: None, settings: Settings) -> Iterator[LmtpDoor]:
    """Our own LMTP door, where the form hands its mail in."""
    opened = LmtpDoor(host="127.0.0.1", port=0)
    settings.POSTROOM_LMTP_PORT = opened.open()
    yield opened
    opened.close()


def _arrived() -> Parsed:
    return parse(blobs().get(IncomingMail.objects.get().digest))


@pytest.mark.parametrize("path", PAGES)
def test_the_tray_is_seen_by_those_on_the_mailbox_in_a_demo_and_by_nobody_else(
    path: str, alice: User, charlie: User, laid: TrayMail, sign_in: SignIn
) -> None:
    url = path.format(mail=laid.pk)
    assert sign_in(alice).get(url).status_code == 200
    assert Client().get(url).status_code == 302
    if "{mail}" in path:
        assert sign_in(charlie).get(url).status_code == 404
    Installation.objects.update(demo=False)
    assert sign_in(alice).get(url).status_code == 404
    assert sign_in(alice).post(url).status_code in (404, 405)


def test_a_mail_of_the_tray_shows_its_headers_its_parts_and_its_files(
    alice: User, laid: TrayMail, sign_in: SignIn
) -> None:
    page = sign_in(alice).get(f"/tray/{laid.pk}").content.decode()
    for words in (
        "&lt;answer@velo.example&gt;",
        "&lt;question@customers.example&gt;",
        "it left on Tuesday.",
        "bill.html",
    ):
        assert words in page
    assert "<script>alert" not in page
    assert "stamp.png" not in page.split('class="files"')[1]


def test_its_html_runs_nothing_and_loads_nothing_from_outside(alice: User, laid: TrayMail, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    answer = browser.get(f"/tray/{laid.pk}/html")
    html = answer.content.decode()
    assert "alert" not in html
    assert ' src="https://t.example' not in html
    assert 'src="/framed-images/' in html
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert ' src="/remote-images/' in browser.get(f"/tray/{laid.pk}/html?images=1").content.decode()


def test_a_file_of_a_mail_is_never_a_page_of_ours(alice: User, laid: TrayMail, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    answers = [browser.get(f"/tray/{laid.pk}/files/{place}") for place in (0, 1)]
    kinds = {answer.headers["Content-Type"]: answer.headers["Content-Disposition"] for answer in answers}
    assert set(kinds) == {"image/png", "application/octet-stream"}
    assert kinds["application/octet-stream"].startswith("attachment")
    assert browser.get(f"/tray/{laid.pk}/files/9").status_code == 404


def test_the_raw_mail_is_what_a_server_would_have_got(alice: User, laid: TrayMail, sign_in: SignIn) -> None:
    answer = sign_in(alice).get(f"/tray/{laid.pk}/raw")
    assert answer.content == blobs().get(laid.digest)
    assert answer.headers["Content-Type"] == "message/rfc822"


def test_a_mail_whose_bytes_are_gone_is_not_there(alice: User, laid: TrayMail, sign_in: SignIn) -> None:
    TrayMail.objects.update(digest="0" * 64)
    for path in PAGES[2:]:
        assert sign_in(alice).get(path.format(mail=laid.pk)).status_code == 404
    assert sign_in(alice).get("/tray").status_code == 200
    assert sign_in(alice).get(f"/tray/write?answers={laid.pk}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_is_written_as_a_customer_goes_through_the_real_door(
    alice: User, mailbox: Mailbox, demo: Installation, door: LmtpDoor, sign_in: SignIn
) -> None:
    file = SimpleUploadedFile("../photo\r\n.png", PIXEL, content_type="image/png")
    answer = sign_in(alice).post("/tray/write", {**TYPED, "mailbox": mailbox.pk, "file": file})
    assert answer.status_code == 302, answer.content.decode()
    row, mail = IncomingMail.objects.get(), _arrived()
    assert (row.transport, row.envelope_from, row.envelope_to) == ("lmtp", "ann@customers.example", mailbox.address)
    assert (mail.subject, mail.from_.name) == ("Where is my bicycle?", "Ann Peeters")
    assert "on Monday" in mail.text
    assert mail.attachments[0].data == PIXEL


@pytest.mark.django_db(transaction=True)
def test_an_answer_to_a_mail_of_the_tray_says_which_one_it_answers(
    alice: User, mailbox: Mailbox, laid: TrayMail, door: LmtpDoor, sign_in: SignIn
) -> None:
    browser = sign_in(alice)
    page = browser.get(f"/tray/write?answers={laid.pk}").content.decode()
    assert 'value="Re: Order 118"' in page
    assert 'value="ann@customers.example"' in page
    assert "&gt; Hello Ann," in page
    typed = {**TYPED, "subject": "Re: Order 118", "mailbox": mailbox.pk, "answers": laid.pk}
    assert browser.post("/tray/write", typed).status_code == 302
    mail = _arrived()
    assert mail.in_reply_to == ("answer@velo.example",)
    assert mail.references[-1] == "answer@velo.example"
    assert "first@customers.example" in mail.references


def test_when_nobody_answers_at_the_door_the_text_is_kept(
    alice: User, mailbox: Mailbox, demo: Installation, sign_in: SignIn, settings: Settings
) -> None:
    settings.POSTROOM_LMTP_PORT = free_port()
    answer = sign_in(alice).post("/tray/write", {**TYPED, "mailbox": mailbox.pk})
    page = answer.content.decode()
    assert answer.status_code == 502
    assert "Is the worker running?" in page
    assert "it should have come on Monday." in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("field", [*TYPED, "mailbox", "answers"])
def test_hostile_input_never_breaks_the_form_nor_the_door(
    field: str, alice: User, mailbox: Mailbox, demo: Installation, door: LmtpDoor, sign_in: SignIn
) -> None:
    browser = sign_in(alice)
    for text in HOSTILE.values():
        answer = post(browser, "/tray/write", {**TYPED, "mailbox": mailbox.pk, field: text})
        assert answer.status_code in (302, 404, 422, 502), text[:40]
        assert "<script>alert" not in answer.content.decode()
    for row in IncomingMail.objects.all():
        headers = parse(blobs().get(row.digest)).headers
        assert "bcc" not in [name.lower() for name, _value in headers]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "address", ["a..b@c.example", "é@c.example", "a@é.example", ".@x", "a@b_c", "%@[", "a@b.", "a'b@c.example", "@"]
)
def test_an_odd_address_is_taken_or_refused_in_a_sentence(
    address: str, alice: User, mailbox: Mailbox, demo: Installation, door: LmtpDoor, sign_in: SignIn
) -> None:
    answer = sign_in(alice).post("/tray/write", {**TYPED, "mailbox": mailbox.pk, "from_email": address})
    assert answer.status_code in (302, 422, 502)
    assert IncomingMail.objects.count() == (1 if answer.status_code == 302 else 0)


@pytest.mark.parametrize("answers", ["0", "-1", "x", "9" * 30, "1e3", "\u0661", ""])
def test_an_answer_to_nothing_is_an_empty_form_or_not_there(
    answers: str, alice: User, mailbox: Mailbox, demo: Installation, sign_in: SignIn
) -> None:
    assert sign_in(alice).get("/tray/write", {"answers": answers}).status_code in (200, 404)


def test_charlie_writes_to_no_mailbox_he_is_not_on(
    charlie: User, mailbox: Mailbox, demo: Installation, sign_in: SignIn
) -> None:
    answer = sign_in(charlie).post("/tray/write", {**TYPED, "mailbox": mailbox.pk})
    assert answer.status_code == 422


def test_every_page_of_a_demo_says_that_nothing_leaves(alice: User, demo: Installation, sign_in: SignIn) -> None:
    page = sign_in(alice).get("/settings/profile").content.decode()
    assert "nothing leaves this machine" in page
    Installation.objects.update(demo=False)
    page = sign_in(alice).get("/settings/profile").content.decode()
    assert "nothing leaves this machine" not in page
    assert "/tray" not in page


def test_a_file_beyond_the_limit_is_refused_with_the_text_kept(
    alice: User, mailbox: Mailbox, demo: Installation, sign_in: SignIn, settings: Settings
) -> None:
    settings.POSTROOM_MAX_UPLOAD_BYTES = 2000
    file = SimpleUploadedFile("film.mov", b"x" * 3000, content_type="video/quicktime")
    answer = sign_in(alice).post("/tray/write", {**TYPED, "mailbox": mailbox.pk, "file": file})
    page = answer.content.decode()
    assert (answer.status_code, "too large" in page, "on Monday" in page) == (422, True, True)

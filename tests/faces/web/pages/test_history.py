"""The pages of a mailbox's history: for the owner alone, calm with whatever is typed or uploaded."""

import io
import secrets
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as real
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import Client
from pytest_django import Settings

from postroom.channels.mail.models.history import COUNTING, DONE, FAILED, PAUSED, READY, RUNNING, History
from postroom.channels.mail.receive import file_next
from postroom.channels.mail.transports.history import history_next
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import OPEN, Conversation, Message
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.faces.web.pages.hostile import HOSTILE, post
from tests.servers.dovecot import PASSWORD, Dovecot

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], Client]
MBOX = b"From ann@x Mon Jan  2 03:04:05 2023\n" + letter(subject="<b>Old</b>")
WRONG = ("hello", b"hello"), ("x.zip", b"PK\x03\x04 no zip"), ("empty.mbox", b""), ("../../etc/x", b"\x00\xff")


@pytest.fixture
def address(mailbox: Mailbox) -> str:
    return f"/settings/mailboxes/{mailbox.pk}/history"


@pytest.fixture
def owner(alice: User, sign_in: SignIn) -> Client:
    return sign_in(alice)


def kept() -> list[Path]:
    return list((real.POSTROOM_DATA / "history").glob("*"))


def upload(browser: Client, address: str, data: bytes = MBOX, *, name: str = "old.mbox") -> int:
    answer = browser.post(f"{address}/upload", {"archive": SimpleUploadedFile(name, data)})
    return int(answer.status_code)


def history(mailbox: Mailbox, *, state: str = READY, **fields: object) -> History:
    return History.objects.create(
        mailbox=mailbox, kind="mbox", name="old", path="/nowhere", state=state, created_at=clock.now(), **fields
    )


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    for path in kept():
        path.unlink()


def test_every_address_is_the_owners(
    mailbox: Mailbox, address: str, bob: User, charlie: User, owner: Client, sign_in: SignIn
) -> None:
    one = history(mailbox)
    looks = [address, f"{address}/{one.pk}", f"{address}/everything.zip", f"{address}/everything.mbox"]
    verbs = [f"{address}/{end}" for end in ("upload", "account", "account/test", f"{one.pk}/taking", f"{one.pk}")]
    for user in (bob, charlie):
        for look in looks:
            assert sign_in(user).get(look).status_code == 404
        for verb in verbs:
            assert sign_in(user).post(verb, {"_method": "delete"}).status_code == 404
            assert sign_in(user).post(verb).status_code == 404
    for look in looks:
        assert Client().get(look)["Location"].startswith("/sign-in")
        assert owner.get(look).status_code == 200
    for verb in verbs:
        assert Client().post(verb, {"_method": "delete"})["Location"].startswith("/sign-in")
        assert owner.get(verb).status_code == (200 if verb == f"{address}/{one.pk}" else 405)
    assert History.objects.get().state == READY


def test_without_the_forms_token_nothing_is_done(mailbox: Mailbox, address: str, alice: User) -> None:
    one = history(mailbox)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    for end in ("upload", "account", "account/test", f"{one.pk}/taking", f"{one.pk}"):
        assert browser.post(f"{address}/{end}", {"_method": "delete"}).status_code == 403
    assert History.objects.get().state == READY


def test_what_is_not_there_is_not_there(mailbox: Mailbox, address: str, owner: Client) -> None:
    other = Mailbox.objects.create(name="Other", address="other@velo.example")
    one = history(other)
    for path in (f"{address}/{one.pk}", f"{address}/99999", f"{address}/everything.exe", f"{address}/everything."):
        assert owner.get(path).status_code == 404
    assert owner.post(f"{address}/{one.pk}/taking").status_code == 404
    assert owner.get("/settings/mailboxes/99999/history").status_code == 404
    assert owner.post("/settings/mailboxes/99999/history/upload").status_code == 404


def test_an_upload_is_counted_shown_and_taken_in(mailbox: Mailbox, address: str, owner: Client) -> None:
    assert upload(owner, address) == 302
    (path,) = kept()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "Counting" in owner.get(address).content.decode()
    history_next()
    page = owner.get(address).content.decode()
    assert "Take in 1 mail" in page
    assert "&lt;b&gt;Old&lt;/b&gt;" in page
    one = History.objects.get()
    assert owner.post(f"{address}/{one.pk}/taking", {"manner": "awake"}).status_code == 302
    assert "Taking in: 0 of 1" in owner.get(f"{address}/{one.pk}").content.decode()
    while history_next() or file_next():
        pass
    assert Conversation.objects.get().status == OPEN
    assert "All is in" in owner.get(f"{address}/{one.pk}").content.decode()
    assert kept() == []


def test_it_is_paused_goes_on_and_is_dropped(mailbox: Mailbox, address: str, owner: Client) -> None:
    one = history(mailbox, state=RUNNING, found=10, taken=3)
    taking = f"{address}/{one.pk}/taking"
    states = []
    for data in ({"_method": "delete"}, {"_method": "delete"}, {}, {}):
        owner.post(taking, data)
        states.append(History.objects.get().state)
    assert states == [PAUSED, PAUSED, RUNNING, RUNNING]
    owner.post(f"{address}/{one.pk}", {"_method": "delete"})
    assert History.objects.exists()
    owner.delete(taking)
    page = owner.get(address).content.decode()
    assert "Paused at 3 of 10" in page
    owner.delete(f"{address}/{one.pk}")
    assert not History.objects.exists()
    assert owner.post(taking).status_code == 404


def test_trouble_is_a_sentence_with_a_way_on(mailbox: Mailbox, address: str, owner: Client) -> None:
    history(mailbox, state=FAILED, found=10, taken=3, trouble="The disk is full.")
    page = owner.get(address).content.decode()
    assert "The disk is full." in page
    assert "Go on" in page


@pytest.mark.parametrize("state", [COUNTING, READY, RUNNING, PAUSED, FAILED, DONE])
@pytest.mark.parametrize("found", [0, 1204])
def test_each_state_has_a_page(mailbox: Mailbox, address: str, owner: Client, state: str, found: int) -> None:
    samples = [{"from": "", "subject": ""}] if found else []
    times = {"first_at": clock.now(), "last_at": clock.now()} if found else {}
    history(
        mailbox, state=state, found=found, taken=found // 2, known=found // 3, passed_over=2, samples=samples, **times
    )
    page = owner.get(address)
    assert page.status_code == 200
    assert ("every 2s" in page.content.decode()) == (state in (COUNTING, RUNNING))


@pytest.mark.parametrize(("name", "data"), WRONG)
def test_what_is_no_archive_is_refused_and_not_kept(address: str, owner: Client, name: str, data: bytes) -> None:
    assert upload(owner, address, data, name=name) == 422
    assert kept() == []
    assert not History.objects.exists()


def test_no_file_at_all_is_a_sentence(address: str, owner: Client) -> None:
    for typed in ({}, {"archive": "words"}):
        answer = owner.post(f"{address}/upload", typed)
        assert answer.status_code == 422
        assert "No file arrived" in answer.content.decode()


def test_a_single_mail_and_a_zip_come_in(address: str, owner: Client) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.eml", letter())
    assert upload(owner, address, letter(), name="ONE.EML") == 302
    assert upload(owner, address, data.getvalue(), name="all.zip") == 302
    assert sorted(History.objects.values_list("kind", flat=True)) == ["eml", "zip"]


def test_a_file_that_is_too_large_is_refused_with_a_sentence(address: str, owner: Client, settings: Settings) -> None:
    settings.POSTROOM_MAX_UPLOAD_BYTES = 10_000
    answer = owner.post(f"{address}/upload", {"archive": SimpleUploadedFile("big.mbox", MBOX + b"x" * 20_000)})
    assert answer.status_code == 413
    assert "big.mbox is too large" in answer.content.decode()
    assert "postroom import" in answer.content.decode()
    assert kept() == []


def test_a_full_disk_is_a_sentence_and_keeps_nothing(
    address: str, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_upload: object, chunk_size: int | None = None) -> object:
        yield MBOX[:10]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadedfile.InMemoryUploadedFile.chunks", full)
    answer = owner.post(f"{address}/upload", {"archive": SimpleUploadedFile("old.mbox", MBOX)})
    assert answer.status_code == 507
    assert "No space left on device" in answer.content.decode()
    assert kept() == []
    assert not History.objects.exists()


@pytest.mark.parametrize("field", ["host", "port", "username"])
@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_in_the_account_are_answered(address: str, owner: Client, field: str, typed: str) -> None:
    form = {"host": "127.0.0.1", "port": "1", "security": "tls", "username": "ann", "password": "secret"}
    data = {f"account-{name}": value for name, value in (form | {field: typed}).items()}
    assert post(owner, f"{address}/account", data).status_code == 422
    assert post(owner, f"{address}/account/test", data).status_code == 200
    assert not History.objects.exists()


@pytest.mark.dovecot
def test_an_account_is_tried_first_then_counted(
    mailbox: Mailbox, address: str, owner: Client, dovecot: Dovecot, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    name = f"p{secrets.token_hex(4)}"
    dovecot.append(name, letter())
    form = {
        "account-host": "localhost",
        "account-port": str(dovecot.tls_port),
        "account-security": "tls",
        "account-username": name,
        "account-password": "wrong",
    }
    wrong = owner.post(f"{address}/account", form)
    assert wrong.status_code == 422
    assert "refused" in wrong.content.decode()
    form["account-password"] = PASSWORD
    assert "let us in" in owner.post(f"{address}/account/test", form).content.decode()
    assert owner.post(f"{address}/account", form).status_code == 302
    history_next()
    assert PASSWORD not in owner.get(address).content.decode()
    assert "Take in 1 mail" in owner.get(address).content.decode()


@pytest.mark.parametrize("form", ["mbox", "zip"])
def test_everything_is_streamed_out(mailbox: Mailbox, address: str, owner: Client, form: str) -> None:
    filed(letter(), mailbox=mailbox)
    answer: object = owner.get(f"{address}/everything.{form}")
    assert isinstance(answer, StreamingHttpResponse)
    assert answer["Content-Disposition"].startswith('attachment; filename="support-at-velo.example-')
    assert "no-store" in answer["Cache-Control"]
    data = b"".join(answer)
    assert zipfile.is_zipfile(io.BytesIO(data)) if form == "zip" else b"Subject: Order 118" in data
    assert Message.objects.count() == 1


def test_the_mailboxs_settings_lead_there(mailbox: Mailbox, address: str, owner: Client) -> None:
    assert address in owner.get(f"/settings/mailboxes/{mailbox.pk}").content.decode()

"""A file in which the virus scanner finds something is seen by its name only; a scanner that is away loses nothing."""

from collections.abc import Iterator
from functools import partial

import pytest
from pytest_django import Settings

from postroom.core.conversations.actions.check_files import check_next
from postroom.core.conversations.models import CLEAN, INFECTED, WAITING, Attachment, FileVerdict
from postroom.core.events.models import Event
from postroom.core.storage import blobs
from postroom.faces.web.files import address
from postroom.lib import clock
from postroom.lib.clamd import Scanned, scan
from tests.faces.web.composer.conftest import PNG, Room, file_of
from tests.servers import processes
from tests.servers.clamav import FOUND, VIRUS, Scanner

pytestmark = pytest.mark.clamav


@pytest.fixture(scope="session")
def _scanner() -> Iterator[Scanner]:
    running = Scanner.start()
    yield running
    running.stop()


@pytest.fixture
def scanner(_scanner: Scanner, settings: Settings) -> Scanner:
    """A scanner that this installation asks."""
    settings.POSTROOM_CLAMD = _scanner.address
    return _scanner


def _look(scanner: Scanner) -> None:
    while check_next(partial(scan, at=scanner.address)):
        pass


def test_a_customers_file_waits_for_the_scanner_and_is_opened_when_it_is_clean(room: Room, scanner: Scanner) -> None:
    mail = room.receive(text="see", files=(file_of(b"a clean list", name="list.txt", content_type="text/plain"),))
    url = address(mail.attachments.get())
    waiting = room.alice.get(url)
    assert waiting.status_code == 503
    assert b"has not looked at this file yet" in waiting.content
    assert "Being looked at" in room.alice.get(room.url("")[:-1]).content.decode()
    _look(scanner)
    assert room.alice.get(url).content == b"a clean list"


def test_an_infected_file_is_named_and_never_handed_out(room: Room, scanner: Scanner) -> None:
    mail = room.receive(
        text="see",
        files=(file_of(b"x" + VIRUS, name="bill.pdf", content_type="application/pdf"),),
        raw_digest=blobs().put(b"Subject: x\n\nsee"),
    )
    _look(scanner)
    file = mail.attachments.get()
    assert FileVerdict.objects.get(pk=file.digest).state == INFECTED
    for url in (address(file), f"{address(file)}?download=1", f"/attachments/{file.pk}", f"/messages/{mail.pk}/raw"):
        refused = room.alice.get(url)
        assert refused.status_code == 403, url
        assert VIRUS not in refused.content
        assert FOUND in refused.content.decode()
    page = room.alice.get(room.url("")[:-1]).content.decode()
    assert "bill.pdf" in page
    assert "Locked away: a virus was found" in page
    assert address(file) not in page
    told = Event.objects.get(kind="file.locked_away")
    assert (told.conversation_id, told.data["found"]) == (mail.conversation_id, FOUND)


def test_an_infected_upload_is_refused_and_forgotten(room: Room, scanner: Scanner) -> None:
    answer = room.upload(VIRUS, name="offer.doc")
    assert answer.status_code == 422
    assert "was not attached" in answer.json()["sentence"]
    assert not Attachment.objects.exists()
    assert room.upload(PNG, name="a.png", content_type="image/png").status_code == 201


def test_a_scanner_that_is_away_is_asked_again_and_nothing_is_opened_meanwhile(room: Room, settings: Settings) -> None:
    settings.POSTROOM_CLAMD = f"127.0.0.1:{processes.free_port()}"
    mail = room.receive(text="see", files=(file_of(b"later", name="a.txt", content_type="text/plain"),))
    assert check_next(partial(scan, at=settings.POSTROOM_CLAMD))
    assert not check_next(partial(scan, at=settings.POSTROOM_CLAMD))
    known = FileVerdict.objects.get()
    assert (known.state, known.tries) == (WAITING, 1)
    assert "does not answer" in known.problem
    assert room.alice.get(address(mail.attachments.get())).status_code == 503
    FileVerdict.objects.update(next_at=clock.now())
    assert check_next(lambda _data: Scanned(""))
    assert room.alice.get(address(mail.attachments.get())).status_code == 200


def test_an_upload_goes_on_while_the_scanner_is_away(room: Room, settings: Settings) -> None:
    settings.POSTROOM_CLAMD = f"127.0.0.1:{processes.free_port()}"
    assert room.upload(b"words").status_code == 201


def test_a_file_of_before_the_scanner_is_looked_at_when_somebody_wants_it(
    room: Room, scanner: Scanner, settings: Settings
) -> None:
    settings.POSTROOM_CLAMD = ""
    mail = room.receive(text="see", files=(file_of(b"old", name="a.txt", content_type="text/plain"),))
    assert not FileVerdict.objects.exists()
    assert room.alice.get(address(mail.attachments.get())).status_code == 200
    settings.POSTROOM_CLAMD = scanner.address
    assert room.alice.get(address(mail.attachments.get())).status_code == 503
    _look(scanner)
    assert room.alice.get(address(mail.attachments.get())).status_code == 200


def test_the_same_bytes_are_looked_at_once(room: Room, scanner: Scanner) -> None:
    for name in ("a.txt", "b.txt"):
        room.receive(text="see", files=(file_of(b"twice", name=name, content_type="text/plain"),))
    assert FileVerdict.objects.count() == 1
    _look(scanner)
    assert FileVerdict.objects.get().state == CLEAN

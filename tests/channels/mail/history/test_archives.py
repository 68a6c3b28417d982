"""What people bring from before: mbox in its dialects, Maildir, folders of .eml, zips."""

import zipfile
from pathlib import Path

import pytest

from postroom.channels.mail.history.folders import Folder
from postroom.channels.mail.history.kinds import kind_of
from postroom.channels.mail.history.letters import Archive, NotAnArchive
from postroom.channels.mail.history.mbox import Mbox
from postroom.channels.mail.history.zips import Zip
from postroom.channels.mail.models.history import FOLDER, MBOX, ZIP

LARGEST = 100_000
ONE = b"From: ann@customers.example\nSubject: One\nMessage-ID: <1@x>\n\nHello\n"
TWO = b"From: bo@customers.example\nSubject: Two\nMessage-ID: <2@x>\n\nFrom here it goes on.\nAnd ends.\n"
FROM = b"From ann@customers.example Mon Jan  2 03:04:05 2023\n"


def subjects(archive: Archive, *, after: str = "", largest: int = LARGEST) -> list[str]:
    return [
        "" if letter.raw is None else letter.raw.partition(b"Subject: ")[2].partition(b"\n")[0].decode().strip()
        for letter in archive.letters(after=after, largest=largest)
    ]


@pytest.fixture
def mbox(tmp_path: Path) -> Mbox:
    path = tmp_path / "old.mbox"
    path.write_bytes(FROM + ONE + b"\n" + FROM + TWO.replace(b"\nFrom here", b"\n>From here") + b"\n")
    return Mbox(path)


def test_an_mbox_gives_its_mails_as_they_were(mbox: Mbox) -> None:
    assert [letter.raw for letter in mbox.letters(after="", largest=LARGEST)] == [ONE, TWO]
    assert kind_of(mbox.path) == MBOX


def test_reading_goes_on_after_each_mail(mbox: Mbox) -> None:
    first, second = mbox.letters(after="", largest=LARGEST)
    assert subjects(mbox, after=first.place) == ["Two"]
    assert subjects(mbox, after=second.place) == []


def test_a_sentence_that_begins_with_from_divides_nothing(mbox: Mbox) -> None:
    text = b"\nFrom 2019 on we sold bicycles.\nThe end.\n\nFrom Ann to Bo in 2020\nwith love\n"
    mbox.path.write_bytes(FROM + ONE + text)
    assert [letter.raw for letter in mbox.letters(after="", largest=LARGEST)] == [ONE + text]


@pytest.mark.parametrize(
    "line",
    [
        b"From - Mon Jan 02 03:04:05 2023\r\n",
        b"From 1734567890123456789@xxx Mon Jan 02 03:04:05 +0000 2023\n",
        b"From MAILER-DAEMON Mon Jan  2 03:04:05 2023\n",
        b"From Ann Peeters <ann@customers.example> Mon Jan  2 03:04:05 2023 remote from x\n",
    ],
)
def test_each_programs_dividing_line_is_known(mbox: Mbox, line: bytes) -> None:
    mbox.path.write_bytes(line + ONE + b"\n" + line + TWO)
    assert subjects(mbox) == ["One", "Two"]


def test_carriage_returns_are_no_matter(mbox: Mbox) -> None:
    mbox.path.write_bytes((FROM + ONE + b"\n" + FROM + TWO).replace(b"\n", b"\r\n"))
    assert subjects(mbox) == ["One", "Two"]


def test_a_mail_that_is_too_large_is_passed_over_and_counted(mbox: Mbox) -> None:
    mbox.path.write_bytes(FROM + ONE + b"x" * 300_000 + b"\n\n" + FROM + TWO)
    assert subjects(mbox) == ["", "Two"]


def test_an_mbox_that_breaks_off_gives_what_is_there(mbox: Mbox) -> None:
    mbox.path.write_bytes(mbox.path.read_bytes()[:-20])
    assert subjects(mbox) == ["One", "Two"]


def test_garbage_gives_no_error(mbox: Mbox) -> None:
    mbox.path.write_bytes(b"\n\n\0\xff" + bytes(range(256)) * 20 + b"\n\n" + FROM + ONE)
    assert subjects(mbox)[-1] == "One"


@pytest.fixture
def maildir(tmp_path: Path) -> Folder:
    for name, raw in (
        ("cur/1:2,S", ONE),
        ("new/2", TWO),
        (".Gesendet/cur/3:2,S", ONE),
        ("tmp/4", TWO),
        ("cur/.x", TWO),
    ):
        path = tmp_path / "Maildir" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return Folder(tmp_path / "Maildir")


def test_a_maildir_gives_what_lies_in_cur_and_new_and_knows_what_was_sent(maildir: Folder) -> None:
    letters = list(maildir.letters(after="", largest=LARGEST))
    assert [(letter.raw, letter.sent) for letter in letters] == [(ONE, True), (ONE, False), (TWO, False)]
    assert subjects(maildir, after=letters[1].place) == ["Two"]
    assert kind_of(maildir.path) == FOLDER


def test_a_folder_of_files_gives_those_that_are_mails(tmp_path: Path) -> None:
    for name, raw in (("a/1.eml", ONE), ("b.EML", TWO), ("notes.txt", ONE), ("c/._1.eml", ONE)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "d.emlx").write_bytes(b"%d\n" % len(ONE) + ONE + b"<?xml version='1.0'?><plist/>")
    assert sorted(subjects(Folder(tmp_path))) == ["One", "One", "Two"]


def test_a_name_that_is_no_text_is_a_name(tmp_path: Path) -> None:
    Path(bytes(tmp_path).decode() + "/\udcff.eml").write_bytes(ONE)
    (letter,) = Folder(tmp_path).letters(after="", largest=LARGEST)
    letter.place.encode()
    assert subjects(Folder(tmp_path), after=letter.place) == []


@pytest.fixture
def zipped(tmp_path: Path, mbox: Mbox) -> Zip:
    path = tmp_path / "takeout.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Takeout/Mail/Sent.mbox", mbox.path.read_bytes())
        archive.writestr("Takeout/Mail/z.eml", ONE)
        archive.writestr("Takeout/readme.html", "<p>Hello")
    return Zip(path)


def test_a_zip_gives_its_mails_and_the_mails_of_its_mboxes(zipped: Zip) -> None:
    letters = list(zipped.letters(after="", largest=LARGEST))
    assert [(letter.raw, letter.sent) for letter in letters] == [(ONE, True), (TWO, True), (ONE, False)]
    assert kind_of(zipped.path) == ZIP
    assert [subjects(zipped, after=letter.place) for letter in letters] == [["Two", "One"], ["One"], []]


def test_a_bomb_is_read_no_further_than_the_largest_mail(zipped: Zip) -> None:
    with zipfile.ZipFile(zipped.path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.eml", b"\0" * 50_000_000)
        archive.writestr("z.eml", ONE)
    assert subjects(zipped) == ["", "One"]


def test_a_damaged_entry_is_passed_over(zipped: Zip) -> None:
    with zipfile.ZipFile(zipped.path, "w") as archive:
        archive.writestr("a.eml", ONE)
        archive.writestr("z.eml", TWO)
    zipped.path.write_bytes(zipped.path.read_bytes().replace(b"Subject: One", b"Subject: Won"))
    assert subjects(zipped) == ["", "Two"]


def test_a_zip_that_breaks_off_is_a_sentence(zipped: Zip) -> None:
    zipped.path.write_bytes(zipped.path.read_bytes()[:-40])
    with pytest.raises(NotAnArchive):
        subjects(zipped)


@pytest.mark.parametrize("data", [b"", b"Hello", b"\x89PNG", b"PK\x03\x04"])
def test_what_is_no_archive_is_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(NotAnArchive, match="x is no mbox"):
        kind_of(path)
    with pytest.raises(NotAnArchive, match="cannot be read"):
        kind_of(tmp_path / "nowhere")

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.channels.mail.parse import parse
from postroom.channels.mail.tnef import open_tnef
from postroom.channels.mail.tnef_rtf import decompressed

SIGNATURE = b"\x78\x9f\x3e\x22\x01\x00"


def attribute(name: int, kind: int, data: bytes, *, level: int) -> bytes:
    """One TNEF attribute: level, id, type, length, data, checksum (MS-OXTNEF 2.1.3.1)."""
    head = bytes([level]) + name.to_bytes(2, "little") + kind.to_bytes(2, "little") + len(data).to_bytes(4, "little")
    return head + data + (sum(data) & 0xFFFF).to_bytes(2, "little")


def a_file(name: bytes, data: bytes) -> bytes:
    """attAttachRendData, attAttachTitle and attAttachData of one attachment."""
    rendering = attribute(0x9002, 0x0006, b"\x01\x00" + b"\xff" * 4 + b"\x00" * 8, level=2)
    title = attribute(0x8010, 0x0001, name + b"\x00", level=2)
    return rendering + title + attribute(0x800F, 0x0006, data, level=2)


def test_the_files_inside_are_found() -> None:
    opened = open_tnef(SIGNATURE + a_file(b"offer.pdf", b"%PDF") + a_file(b"note.txt", b"hello"))
    assert opened is not None
    assert [(file.name, file.data) for file in opened.files] == [("offer.pdf", b"%PDF"), ("note.txt", b"hello")]


def properties(*several: tuple[int, int, bytes]) -> bytes:
    """MAPI properties by number, type and value; a named one (kind 0, a number) where the number is above 0x8000."""
    out = len(several).to_bytes(4, "little")
    for number, kind, value in several:
        named = number >= 0x8000
        out += kind.to_bytes(2, "little") + (0x8000 if named else number).to_bytes(2, "little")
        out += (b"\0" * 16 + b"\0" * 4 + number.to_bytes(4, "little")) if named else b""
        fixed = kind in (0x03, 0x40)
        out += value if fixed else b"\1\0\0\0" + len(value).to_bytes(4, "little") + value + b"\0" * (-len(value) % 4)
    return out


def wide(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"


def test_a_mail_attached_inside_is_a_mail_that_opens() -> None:
    inner = SIGNATURE + attribute(
        0x9003, 6, properties((0x0037, 0x1F, wide("Größe\r\nBcc: x@y")), (0x1000, 0x1F, wide("inner words"))), level=1
    )
    inner += a_file(b"in.pdf", b"%PDF")
    held = properties((0x3701, 0x0D, bytes.fromhex("0703020000000000c000000000000046") + inner))
    raw = SIGNATURE + attribute(0x9002, 6, b"\0" * 14, level=2) + attribute(0x9005, 6, held, level=2)
    opened, again = open_tnef(raw), open_tnef(raw)
    assert opened is not None
    assert opened == again
    (file,) = opened.files
    parsed = parse(file.data)
    assert (file.content_type, parsed.subject, parsed.text.strip()) == (
        "message/rfc822",
        "Größe Bcc: x@y",
        "inner words",
    )
    assert [(one.name, one.data) for one in parsed.attachments] == [("in.pdf", b"%PDF")]


def test_a_meeting_inside_becomes_a_calendar_file() -> None:
    moment = (
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10
    ).to_bytes(8, "little")
    meeting = properties(
        (0x001A, 0x1F, wide("IPM.Schedule.Meeting.Request")),
        (0x0037, 0x1F, wide("Talk; then lunch")),
        (0x820D, 0x40, moment),
        (0x8208, 0x1F, wide("Room 1")),
    )
    opened = open_tnef(SIGNATURE + attribute(0x9003, 6, meeting, level=1))
    assert opened is not None
    (file,) = opened.files
    assert (file.name, file.content_type) == ("invite.ics", "text/calendar")
    lines = file.data.decode().split("\r\n")
    assert {"METHOD:REQUEST", "DTSTART:20260302T093000Z", "SUMMARY:Talk\\; then lunch", "LOCATION:Room 1"} <= set(lines)


def test_rich_text_is_a_file_when_it_holds_the_only_words() -> None:
    # The example of MS-OXRTFCP, section 4.1.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232300af3203200680a80626c64b163683000000000"
    )
    assert decompressed(packed).startswith(b"{\\rtf1\\ansi\\ansicpg125")
    opened = open_tnef(SIGNATURE + attribute(0x9003, 6, properties((0x1009, 0x102, packed)), level=1))
    assert opened is not None
    assert [file.name for file in opened.files] == ["message.rtf"]


def test_what_is_no_tnef_is_refused() -> None:
    assert open_tnef(b"") is None
    assert open_tnef(b"%PDF-1.4") is None


@given(
    st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFF), st.binary(max_size=40)), max_size=6),
    st.binary(max_size=60),
)
@settings(max_examples=300, deadline=None)
def test_any_tnef_is_read_or_refused(attributes: list[tuple[int, int, bytes]], rest: bytes) -> None:
    body = b"".join(attribute(name, kind, data, level=1 + kind % 2) for name, kind, data in attributes)
    opened = open_tnef(SIGNATURE + body + rest)
    assert opened is None or isinstance(opened.body, str)

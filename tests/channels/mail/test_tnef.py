from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.channels.mail.tnef import open_tnef

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

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Address, Parsed

MAILS = Path(__file__).resolve().parents[2] / "mails"


def mail(name: str) -> Parsed:
    return parse((MAILS / f"{name}.eml").read_bytes())


def strings_of(parsed: Parsed) -> list[str]:
    people = (parsed.from_, parsed.sender, *parsed.reply_to, *parsed.to, *parsed.cc)
    return [
        parsed.message_id or "", parsed.subject, parsed.text, parsed.html, parsed.content_type, parsed.auto_submitted,
        parsed.precedence, parsed.return_path or "", *parsed.in_reply_to, *parsed.references, *parsed.problems,
        *(text for one in people for text in (one.name, one.email)),
        *(text for pair in parsed.headers for text in pair),
        *(text for file in parsed.attachments for text in (file.name, file.content_type, file.content_id or "")),
    ]  # fmt: skip


def test_an_ordinary_mail_is_read_whole() -> None:
    parsed = mail("plain")
    assert parsed.message_id == "plain@example.com"
    assert parsed.from_ == Address(name="Ann", email="ann@example.com")
    assert parsed.to == (Address(name="", email="support@example.org"),)
    assert parsed.subject == "A broken lamp"
    assert parsed.date == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert parsed.text == "Hello,\n\nmy lamp does not shine.\n\nAnn\n"
    assert parsed.html == ""
    assert parsed.problems == ()


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_line_ends_do_not_matter(path: Path) -> None:
    raw = path.read_bytes().replace(b"\r\n", b"\n")
    lf, crlf, cr = parse(raw), parse(raw.replace(b"\n", b"\r\n")), parse(raw.replace(b"\n", b"\r"))
    for other in (crlf, cr):
        assert (other.subject, other.from_, other.to, other.text, other.html) == (
            lf.subject,
            lf.from_,
            lf.to,
            lf.text,
            lf.html,
        )
        assert [file.name for file in other.attachments] == [file.name for file in lf.attachments]


def test_an_undeclared_charset_is_guessed_in_headers_and_body() -> None:
    parsed = mail("undeclared_latin")
    assert parsed.from_.name == "Jürgen"
    assert parsed.subject == "Größe"
    assert "Die Größe paßt nicht, schöne Grüße" in parsed.text


def test_utf_8_that_claims_to_be_something_else_is_utf_8() -> None:
    assert "Здравствуйте, где мой заказ?" in mail("declared_latin_is_utf8").text


def test_japanese_with_nec_characters_is_read() -> None:
    parsed = mail("nec_kanji")
    assert parsed.subject == "①㈱"
    assert parsed.text.strip() == "①こんにちは"


def test_korean_under_its_old_name_is_read() -> None:
    parsed = mail("korean_alias")
    assert parsed.subject == "안녕하세요"
    assert "똠방각하" in parsed.text


def test_every_inline_text_is_shown_in_order() -> None:
    parsed = mail("two_inline_texts")
    assert parsed.text.index("Before the picture.") < parsed.text.index("After the picture.")
    assert [file.name for file in parsed.attachments] == ["lamp.png"]


def test_a_mail_without_text_gets_it_from_its_html() -> None:
    parsed = mail("html_only")
    assert parsed.text == "Hello team,\n\n- one\n- two\n\nsee the page <https://example.com/a>"
    assert "<b>team</b>" in parsed.html


def test_one_bad_character_in_base64_costs_no_attachment() -> None:
    (file,) = mail("bad_base64").attachments
    assert file.data == b"%PDF-1.4\n%PD"


def test_names_of_attachments_are_safe() -> None:
    names = [file.name for file in mail("hostile_names").attachments]

    assert [names[i] for i in (0, 1, 2, 4)] == ["passwd", "evil.exe", "invoicegpj.exe", "a_b 2024.pdf"]
    assert names[5] == "éte.pdf"


def test_a_mail_in_a_mail_is_kept_as_a_file() -> None:
    parsed = mail("forwarded_as_attachment")
    (file,) = parsed.attachments
    assert file.name.endswith(".eml")
    assert b"inner words" in file.data
    assert "inner words" not in parsed.text


def test_a_uuencoded_file_becomes_an_attachment() -> None:
    parsed = mail("uuencoded")
    assert [(file.name, file.data) for file in parsed.attachments] == [("note.txt", b"cat")]
    assert parsed.text.split() == ["Hello,", "bye"]


def test_a_winmail_dat_that_cannot_be_opened_stays() -> None:
    assert [file.name for file in mail("winmail").attachments] == ["winmail.dat"]


def test_broken_address_headers_still_name_people() -> None:
    parsed = mail("unclosed_from")
    assert parsed.from_ == Address(name="Ann Example", email="ann@example.com")
    assert [one.email for one in parsed.to] == [
        "support@example.org",
        "shop@example.org",
        "a@example.org",
        "b@example.org",
    ]
    assert parsed.to[1].name == "Shop, the"


def test_an_encoded_word_cannot_pose_as_an_address() -> None:
    assert mail("spoofed_from").from_.email == "mallory@evil.example"


def test_words_without_headers_are_shown() -> None:
    parsed = mail("no_headers")
    assert parsed.text == "just words,\nno header at all\n"
    assert "The mail has no headers." in parsed.problems


def test_deep_nesting_is_bounded_and_its_words_kept() -> None:
    parsed = mail("nested")
    assert "deep words" in parsed.text
    assert any("nested too deeply" in problem for problem in parsed.problems)


@pytest.mark.parametrize(
    ("date", "seen"),
    [
        ("Mon, 02 Mar 2026 10:00:00 +0000", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2 Mar 26 10:00 EST", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Fri, 31 Feb 2026 10:00:00 +0000", None),
        ("Mon, 02 Mar 99999 10:00:00 +0000", None),
        ("yesterday", None),
    ],
)
def test_an_absurd_date_is_no_date(date: str, seen: datetime | None) -> None:
    assert parse(f"Date: {date}\n\nx".encode()).date == seen


def test_references_are_bare_ids_in_order() -> None:
    parsed = mail("reply_gmail")
    assert parsed.in_reply_to == ("m1@example.org",)
    assert parsed.references == ("m0@example.org", "m1@example.org")


def test_a_bomb_of_headers_parts_and_addresses_is_bounded() -> None:
    parsed = parse(
        b"To: "
        + b"a@b.example, " * 50_000
        + b"\n"
        + b"X: y\n" * 50_000
        + b"Content-Type: multipart/mixed; boundary=a\n\n"
        + b"--a\n\nx\n" * 5000
    )
    assert len(parsed.headers) <= 500
    assert len(parsed.to) <= 500


def assert_storable(parsed: Parsed) -> None:
    for text in strings_of(parsed):
        text.encode("utf-8")
        assert "\x00" not in text
    for file in parsed.attachments:
        assert file.name
        assert file.name not in (".", "..")
        assert not set("/\\\r\n\u202e") & set(file.name)
        assert file.size == len(file.data)


def test_what_a_database_refuses_never_leaves() -> None:
    assert_storable(mail("nul_and_surrogates"))


def test_no_bytes_at_all_are_a_mail_too() -> None:
    assert parse(b"").problems
    assert parse(b"\n\n\n").text.strip() == ""


@given(st.binary(max_size=3000))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read(raw: bytes) -> None:
    assert_storable(parse(raw))


PIECES = st.sampled_from(
    [
        b"\n", b"\r\n", b"\n\n", b"--q\n", b"--q--\n", b"From: ", b"To: ", b"Subject: ", b"Content-Type: ",
        b"Content-Disposition: ",
        b"multipart/mixed; boundary=q\n\n", b"multipart/alternative; boundary=\"q\"\n\n", b"text/html; charset=",
        b"text/plain; charset=",
        b"utf-7\n\n", b"utf-16\n\n", b"iso-2022-jp\n\n", b"hz\n\n", b"\x1b$B", b"=?utf-8?b?", b"=?utf-8?q?=", b"?=",
        b"<", b">", b"\"", b"(", b",", b";", b"filename*0*=",
        b"filename=", b"name=", b"message/rfc822\n\n", b"application/ms-tnef\n\n", b"\x78\x9f\x3e\x22",
        b"Content-Transfer-Encoding: base64\n\n",
        b"Content-Transfer-Encoding: quoted-printable\n\n", b"begin 644 a\n", b"end\n", b"=3D=", b"<p>",
        b"<a href=x>", b"</blockquote>", b"\x00", b"\xff", b"\xed\xa0\x80",
        b"Date: 1 Jan 0001 00:00 +9999\n", b"References: <a@b> <", b"a@b.example",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.binary(max_size=8), max_size=60).map(b"".join))
@settings(max_examples=400, deadline=None)
def test_any_pile_of_mail_pieces_is_read(raw: bytes) -> None:
    assert_storable(parse(raw))


@given(st.sampled_from(sorted(MAILS.glob("*.eml"))), st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_damaged_mail_is_read(path: Path, data: st.DataObject) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=10) | PIECES)
    assert_storable(parse(bytes(raw)))

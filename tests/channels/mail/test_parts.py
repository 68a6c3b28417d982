"""Which parts of a mail are shown and which are files, also when the parts are broken."""

import base64

import pytest

from postroom.channels.mail.filenames import plain_to_see
from postroom.channels.mail.flowed import unflowed
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed

HEAD = b"From: Ann <ann@example.com>\nSubject: parts\nMIME-Version: 1.0\n"


def mixed(*parts: bytes, end: bytes = b"--x--\n", kind: bytes = b"mixed") -> Parsed:
    body = b"".join(b"--x\n" + part + b"\n" for part in parts)
    return parse(HEAD + b"Content-Type: multipart/" + kind + b'; boundary="x"\n\n' + body + end)


def names(parsed: Parsed) -> list[str]:
    return [file.name for file in parsed.attachments]


def test_a_text_that_was_cut_off_is_shown_and_kept_as_a_file() -> None:
    parsed = mixed(b"Content-Type: text/plain\n\nhello", b"Content-Type: text/html\n\n<p>and mo", end=b"")
    assert "hello" in parsed.text
    assert "and mo" in parsed.html
    assert [(file.content_type, file.data) for file in parsed.attachments] == [("text/html", b"<p>and mo\n")]
    assert any("too early" in problem for problem in parsed.problems)


def test_a_whole_mail_lists_no_text_twice() -> None:
    parsed = mixed(b"Content-Type: text/plain\n\nhello", b"Content-Type: text/plain\n\nfooter")
    assert (names(parsed), parsed.problems) == ([], ())


def test_a_closing_boundary_without_a_line_of_its_own_closes() -> None:
    parsed = mixed(b"Content-Type: text/plain\n\nhello", end=b"")
    glued = parse(HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nhello--x--\n")
    assert names(parsed) == ["attachment-1.txt"]
    assert (glued.text, names(glued)) == ("hello", [])


def test_a_multipart_without_parts_is_shown_and_kept() -> None:
    parsed = parse(HEAD + b"Content-Type: multipart/mixed; boundary=x\n\nthe words\n")
    assert (parsed.text, [file.data for file in parsed.attachments]) == ("the words\n", [b"the words\n"])


def test_parts_after_a_boundary_that_closed_too_early_are_not_lost() -> None:
    parsed = mixed(
        b'Content-Type: multipart/alternative; boundary="x"\n',
        b"Content-Type: text/plain\n\nhello",
        b"Content-Type: text/html\n\n<p>hello</p>",
        end=b"--x--\n\n--x\nContent-Type: image/gif; name=xx.gif\n\nGIF\n--x--\n",
    )
    assert (parsed.text.split(), names(parsed)) == (["hello", "hello"], ["xx.gif"])
    unclosed = mixed(b"Content-Type: text/plain\n\nhello", end=b"--x--\n--x\nContent-Type: text/plain\n\nthere\n")
    assert unclosed.text.split() == ["hello", "there"]
    assert not any("last part" in problem for problem in unclosed.problems)


def test_words_after_the_last_part_are_told_of() -> None:
    part = b"Content-Type: text/plain\n\nhello"
    parsed = mixed(part, end=b"--x--\nWe are closed\xa0in August.\n")
    assert parsed.text == "hello"
    assert any("after this mail's last part" in problem for problem in parsed.problems)
    leftovers = (b"", b"\n\n", b"-- ", b"\x1a\n", b"--y--\n", b"Content-Type: text/plain\n\n", b"=====\n", b"\0\0\0")
    assert [mixed(part, end=b"--x--\n" + one).problems for one in leftovers] == [()] * len(leftovers)


def test_a_first_part_whose_boundary_was_lost_is_shown() -> None:
    parsed = parse(
        HEAD + b"Content-Type: multipart/alternative; boundary=x\nContent-Type: text/plain; charset=utf-8\n"
        b"Content-Transfer-Encoding: 8bit\n\nGr\xc3\xbcn\n\n--x\nContent-Type: text/html\n\n<b>HTML</b>\n--x--\n"
    )
    assert (parsed.text.strip(), parsed.html, names(parsed)) == ("Grün", "<b>HTML</b>", [])


def test_empty_parts_show_nothing_of_their_machinery() -> None:
    parsed = mixed(b"Content-Type: text/plain\n\n", b"Content-Type: text/html\n\n", kind=b"alternative")
    assert (parsed.text.strip(), parsed.html.strip(), names(parsed)) == ("", "", [])


def test_a_text_that_only_claims_to_be_base64_is_shown_as_it_came() -> None:
    parsed = mixed(b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nHello, this is no base64.")
    assert parsed.text == "Hello, this is no base64."
    assert [file.data for file in parsed.attachments] == [b"Hello, this is no base64."]


def test_torn_base64_is_still_decoded() -> None:
    encoded = base64.b64encode(b"every word of it " * 20).replace(b"E", b"E! ", 1)
    parsed = mixed(b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + encoded)
    assert parsed.text.startswith("every word of it")
    assert names(parsed) == []


def test_a_sender_without_a_domain_is_kept_and_said_to_be_unanswerable() -> None:
    parsed = parse(b"From: The Moderator <moderator>\n\nhi\n")
    assert (parsed.from_.name, parsed.from_.email) == ("The Moderator", "moderator")
    assert any("could be answered" in problem for problem in parsed.problems)
    to = parse(b"To: <root>, <bob@example.com>\n\nhi\n").to
    assert [one.email for one in to] == ["", "bob@example.com"]


def test_pictures_called_by_their_location_are_found() -> None:
    parsed = mixed(
        b"Content-Type: text/html\n\n<img src='pics/logo.png'><img src=\"https://else.example/x.png\">",
        b"Content-Type: image/png\nContent-Location: pics/logo.png\n\nPNG",
        kind=b"related",
    )
    (picture,) = parsed.attachments
    assert (picture.name, picture.inline) == ("logo.png", True)
    assert f'<img src="cid:{picture.content_id}">' in parsed.html
    assert "https://else.example/x.png" in parsed.html


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("one \ntwo\nthree", "one two\nthree"),
        ("> quoted \n> on\nanswer", "> quoted on\nanswer"),
        ("> quoted \nanswer", "> quoted \nanswer"),
        (">> deep \n>> er\n> up", ">> deep er\n> up"),
        ("bye \n-- \nAnn", "bye \n-- \nAnn"),
        (" > no quote", "> no quote"),
        (" From here", "From here"),
        ("", ""),
    ],
)
def test_soft_breaks_are_joined(text: str, joined: str) -> None:
    assert unflowed(text, delsp=False) == joined


def test_delsp_drops_the_space_of_the_break() -> None:
    assert unflowed("日本 \n語 \n\nend", delsp=True) == "日本語\nend"
    parsed = parse(HEAD + b"Content-Type: text/plain; format=flowed; delsp=yes\n\nlong \nword\n")
    assert parsed.text == "longword\n"


@pytest.mark.parametrize(
    ("declared", "safe", "seen"),
    [
        ("/u/nsb/rfcs/RFC-MIME.ps", "RFC-MIME.ps", "/u/nsb/rfcs/RFC-MIME.ps"),
        ("photo\u202egpj.exe", "photogpj.exe", "photo\ufffdgpj.exe"),
        ("plain.pdf", "plain.pdf", "plain.pdf"),
    ],
)
def test_what_a_mail_calls_a_file_is_kept_beside_the_safe_name(declared: str, safe: str, seen: str) -> None:
    name = declared.encode()
    (file,) = mixed(
        b'Content-Type: application/x-a\nContent-Disposition: attachment; filename="' + name + b'"\n\nx'
    ).attachments
    assert (file.declared_name, file.name, plain_to_see(file.declared_name)) == (declared, safe, seen)


def test_a_file_without_a_name_declares_none() -> None:
    (file,) = mixed(b"Content-Type: image/png\n\nx").attachments
    assert (file.declared_name, file.name) == ("", "image-1.png")

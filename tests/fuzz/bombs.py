"""Mails made to cost their reader time or memory, about a megabyte each."""

import base64
from collections.abc import Callable

HEAD = b"From: Mallory <mallory@elsewhere.example>\r\nTo: support@velo.example\r\nSubject: hello\r\n"
MEGABYTE = 1_000_000

Bomb = Callable[[], bytes]


def _times(piece: bytes, size: int = MEGABYTE) -> bytes:
    return piece * (size // len(piece))


def _text(body: bytes) -> Bomb:
    return lambda: HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body


def _html(body: bytes) -> Bomb:
    return lambda: HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body


def _field(name: bytes, value: bytes) -> Bomb:
    return lambda: HEAD + name + b": " + value + b"\r\n\r\nhello\r\n"


def _nested_multiparts() -> bytes:
    opens = [b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000)]
    return HEAD + b"".join(opens) + b"Content-Type: text/plain\r\n\r\nhello\r\n"


def _nested_prefixes() -> bytes:
    opens = [b"Content-Type: multipart/mixed; boundary=b%s\r\n\r\n--b%s\r\n" % (b"x" * n, b"x" * n) for n in range(900)]
    return HEAD + b"".join(opens) + b"hello\r\n"


def _nested_mails() -> bytes:
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"hello\r\n"


def _boundaries(boundary: bytes, piece: bytes) -> Bomb:
    return lambda: HEAD + b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n" + _times(piece)


def _base64(data: bytes) -> Bomb:
    head = b"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return lambda: HEAD + head + data


def _tnef() -> bytes:
    one = b"\x01\x01\x00\x03\x00\x00\x00\x00\x00\x00\x00"
    data = base64.encodebytes(b"\x78\x9f\x3e\x22\x01\x00" + _times(one))
    return HEAD + b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n" + data


def _picture() -> bytes:
    return b'<img src="data:image/png;base64,' + base64.b64encode(b"\x89PNG" * (2 * MEGABYTE // 4)) + b'">'


BOMBS: dict[str, Bomb] = {
    "nested multiparts": _nested_multiparts,
    "nested multiparts, each boundary the beginning of the next": _nested_prefixes,
    "mails in mails": _nested_mails,
    "ten thousand parts": _boundaries(b"x", b"--x\r\n\r\nhello\r\n"),
    "parts that are multiparts": _boundaries(b"x", b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n"),
    "boundaries that almost fit": _boundaries(b"x", b"--xx\r\n"),
    "a boundary without end": _boundaries(b"x", b"--x "),
    "a hundred thousand headers": lambda: HEAD + b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(100_000)) + b"\r\nhi",
    "a header of ten megabytes": _field(b"X-Long", b"x" * 10 * MEGABYTE),
    "a subject of ten megabytes": _field(b"Subject", b"x " * 5 * MEGABYTE),
    "a folded header of lines": _field(b"X-Folded", _times(b"a\r\n ")),
    "a hundred thousand addresses": _field(b"To", b", ".join(b"p%d@example.com" % n for n in range(100_000))),
    "brackets of addresses": _field(b"To", _times(b"<")),
    "quotes of addresses": _field(b"From", _times(b'"\\')),
    "comments of addresses": _field(b"From", _times(b"(")),
    "groups of addresses": _field(b"To", _times(b"a:;")),
    "references": _field(b"References", _times(b"<a@b> ")),
    "references without brackets": _field(b"References", _times(b"<<<a@")),
    "encoded words": _field(b"Subject", _times(b"=?utf-8?q?a?= ")),
    "encoded words of many charsets": _field(b"Subject", b"".join(b"=?x%d?b?4pyT?=" % n for n in range(50_000))),
    "encoded words that never end": _field(b"Subject", _times(b"=?utf-8?q?a?")),
    "question marks": _field(b"Subject", b"=?u?q?" + _times(b"?")),
    "undeclared letters": _field(b"Subject", _times(b"\xe4 ")),
    "parameters": _field(b"Content-Type", b"text/plain" + b"".join(b"; n%d=v" % n for n in range(90_000))),
    "continued parameters": _field(
        b"Content-Disposition", b"attachment" + b"".join(b"; filename*%d*=%%41" % n for n in range(50_000))
    ),
    "quoted parameters": _field(b"Content-Type", b'text/plain; a="' + _times(b"\\\\")),
    "comments of a content type": _field(b"Content-Type", b"text/plain " + _times(b"(")),
    "base64 of garbage": _base64(_times(b"!?A*", 3 * MEGABYTE)),
    "base64 of paddings": _base64(_times(b"QQ==\r\n", 3 * MEGABYTE)),
    "winmail.dat of attributes": _tnef,
    "uuencode that never ends": _text(_times(b"begin 644 a\n#86%A\n")),
    "uuencode beginnings": _text(_times(b"begin 644 a\r\n")),
    "lines": _text(_times(b"\r\n")),
    "one line": _text(_times(b"a")),
    "one line of words": _text(_times(b"wrote a@b.example 10:00 ")),
    "blanks": _text(_times(b" ") + b"x"),
    "blanks and breaks": _text(_times(b" \r\n\t")),
    "quote signs": _text(_times(b">")),
    "quoted lines": _text(_times(b"> a\r\nb\r\n")),
    "attributions": _text(_times(b"On Mon, 2 Mar 2026 at 10:00, Ann <ann@example.com> wrote:\r\n")),
    "attributions over lines": _text(_times(b"On Mon, 2 Mar 2026\r\nat 10:00, Ann <ann@example.com>\r\n")),
    "From: lines": _text(_times(b"From: a@example.com\r\n")),
    "header blocks": _text(_times(b"From: a\r\nSent: b\r\n\r\n")),
    "rules": _text(_times(b"________________________________\r\n")),
    "originals": _text(_times(b"-----Original Message-----\r\n")),
    "dashes": _text(_times(b"-")),
    "at signs": _text(_times(b"@")),
    "Japanese text": lambda: HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B" + _times(b"%F"),
    "a long word for an address": _field(b"From", b"x" * 19_000),
    "many long words for addresses": lambda: HEAD + _times(b"From: " + b"x" * 19_000 + b"\r\n") + b"\r\nhello",
    "blanks in headers": lambda: HEAD + _times(b"X: a" + b" " * 19_000 + b"b\r\n", 10 * MEGABYTE) + b"\r\nhello",
    "words in headers": lambda: HEAD + _times(b"X: " + b"=?u?q?" * 3200 + b"\r\n", 10 * MEGABYTE) + b"\r\nhello",
    "a reference of blanks": _field(b"References", b"<" + b" " * 19_000 + b"<"),
    "blanks after boundaries": lambda: (
        HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + _times(b"--a" + b" " * 900 + b"\n")
    ),
    "addresses in text": _text(_times(b"a.b-c@d.e.f.g.h.")),
    "links in text": _text(_times(b"http://a/(((")),
    "brackets after a link": _text(b"http://a/" + _times(b")")),
    "undeclared text": lambda: HEAD + b"\r\n" + _times(b"\xe4\xf6 \x81\x8d\n"),
    "Japanese escapes": lambda: (
        HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + _times(b"\x1b$B\x1b(B")
    ),
    "UTF-7": lambda: HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + _times(b"+AGE-+"),
    "flowed text": lambda: HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + _times(b"> \r\n>> a \r\n"),
    "entities": _html(_times(b"&amp;", 1_500_000)),
    "entities that are none": _html(_times(b"&x;", 1_500_000)),
    "numbered entities": _html(_times(b"&#x41;", 1_500_000)),
    "deep elements": _html(_times(b"<div>")),
    "deep elements closed": _html(b"<b><i>" * 60_000 + b"</b></i>" * 60_000),
    "elements": _html(_times(b"<b>x</b>")),
    "line breaks": _html(_times(b"<br>")),
    "pictures": _html(_times(b'<img src="https://a.example/x">')),
    "links": _html(_times(b'<a href="https://a.example/x">x</a>')),
    "links that are never closed": _html(_times(b'<a href="x">')),
    "attributes": _html(b"<p " + b" ".join(b"a%d=1" % n for n in range(120_000)) + b">x"),
    "styles": _html(_times(b'<p style="color:red;background:url(x);font:calc(1px)">x</p>')),
    "one style": _html(b'<p style="' + _times(b"a:b;") + b'">x'),
    "style comments": _html(_times(b'<p style="/*/*/*/*/*/*a:b">x')),
    "style sheets": _html(b"<style>" + _times(b"a{b:url(c)}") + b"</style>x"),
    "comments": _html(_times(b"<!--x-->")),
    "comments that never end": _html(_times(b"<!--")),
    "opening brackets": _html(_times(b"<")),
    "tags that never end": _html(_times(b"<a ")),
    "titles": _html(_times(b"<title>")),
    "tables": _html(_times(b"<table><tr><td>", 12_000)),
    "tables of text": _html(_times(b"<table>x")),
    "table cells": _html(b"<table>" + _times(b"<tr><td>x")),
    "lists in lists": _html(_times(b"<ul><li>", 6_000) + _times(b"<li>x")),
    "quotes in quotes": _html(_times(b"<blockquote>", 9_000) + _times(b"<p>x")),
    "formatting": _html(_times(b"<b><i><u><font>", 11_000) + _times(b"<p>x", 100_000)),
    "formatting across paragraphs": _html(_times(b"<p><b><font>x", 400_000)),
    "attributes of formatting": _html(b"".join(b'<font size="%d">' % n for n in range(700)) + _times(b"<p>x", 60_000)),
    "selects": _html(_times(b"<select><option>")),
    "pre lines": _html(b"<pre>" + _times(b"\n")),
    "a picture in a link": lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + _picture(),
    "pictures in links": _html(_times(b'<img src="data:image/png;base64,AAAA">')),
    "quoted html": _html(_times(b'<div class="gmail_quote">From: a<br>Sent: b</div>', 700_000)),
}

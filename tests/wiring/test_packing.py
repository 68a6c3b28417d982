"""Pages travel packed where the browser takes it, and say the same."""

import gzip

from postroom.wiring.packing import packed, packs

_PAGE = [(b"content-type", b"text/html; charset=utf-8"), (b"vary", b"Cookie"), (b"content-length", b"50000")]
_ASKED = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}
_BODY = b"<p>Postroom</p>" * 4000


def test_a_page_is_packed_for_whoever_takes_it_and_says_so() -> None:
    assert packs(_PAGE, _BODY, _ASKED)
    assert not packs(_PAGE, _BODY, {})
    headers, body = packed(_PAGE, _BODY)
    said = dict(headers)
    assert gzip.decompress(body) == _BODY
    assert said[b"content-encoding"] == b"gzip"
    assert said[b"vary"] == b"Cookie, Accept-Encoding"
    assert said[b"content-length"] == str(len(body)).encode()
    assert len(said) == len(headers)
    assert len(body) < len(_BODY) / 20


def test_its_length_does_not_tell_what_is_in_it() -> None:
    assert len({len(packed(_PAGE, _BODY)[1]) for _ in range(40)}) > 10


def test_what_is_small_or_packed_or_a_part_or_no_text_stays_as_it_is() -> None:
    assert not packs(_PAGE, b"short", _ASKED)
    assert not packs([(b"content-type", b"image/png")], _BODY, _ASKED)
    assert not packs([*_PAGE, (b"content-encoding", b"gzip")], _BODY, _ASKED)
    assert not packs([*_PAGE, (b"content-range", b"bytes 0-1/2")], _BODY, _ASKED)

"""Files of ours are packed once, kept for ever, and asked for anew when they change."""

import gzip

from django.conf import settings
from django.test import Client

from postroom.faces.web.drawing.assets import script_address, sheet_address

_FONT = f"{settings.STATIC_URL}postroom/vendor/inter-latin.woff2"


def test_a_file_is_packed_and_kept_for_ever() -> None:
    for address in (sheet_address("all"), script_address("shell"), f"{settings.STATIC_URL}postroom/vendor/lucide.svg"):
        packed = Client().get(address, headers={"Accept-Encoding": "gzip, br"})
        plain = Client().get(address)
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert len(packed.content) < len(plain.content) / 2
        assert "immutable" in packed["Cache-Control"]
        assert packed["Vary"] == "Accept-Encoding"
        assert not packed.cookies


def test_what_is_packed_by_nature_is_sent_as_it_is() -> None:
    font = Client().get(_FONT, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in font.headers
    assert font["Content-Type"] == "font/woff2"
    # The frame of a mail has no origin.
    assert font["Access-Control-Allow-Origin"] == "*"


def test_who_knows_a_file_gets_no_body() -> None:
    known = Client().get(_FONT)["ETag"]
    again = Client().get(_FONT, headers={"If-None-Match": known})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_of_before_an_update_gets_todays_files_and_keeps_them_for_this_once() -> None:
    old = Client().get("/assets/0123456789ab/all.css")
    assert old.content == Client().get(sheet_address("all")).content
    assert old["Cache-Control"] == "no-cache"


def test_nothing_else_is_given() -> None:
    for path in (
        "/static/postroom/vendor/vendor.toml",
        "/static/postroom/../jinja.py",
        "/static/postroom/css/../../templates/page.html",
        "/static//etc/passwd.txt",
        "/static/postroom/css/nothing.css",
        "/static/",
        "/assets/",
        "/assets/0123456789ab/nothing.js",
        # One name for each file: what is kept in memory is kept once.
        "/assets/0123456789ab//all.css",
        "/static/postroom/./favicon.svg",
    ):
        assert Client().get(path).status_code == 404, path
    assert Client().post(_FONT).status_code == 405

"""A customer's HTML in its frame: shown, folded, its images here, and nothing that runs or calls home."""

import pytest
from django.test import Client

from postroom.core.conversations.actions.receive import File
from postroom.core.storage import blobs
from tests.faces.web.composer.conftest import Room

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="  java\nscript:alert(1)">x</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<form action="/sign-out" method="post"><button>x</button></form>',
    '<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">',
    '<base href="https://elsewhere.example/">',
    '<link rel="stylesheet" href="https://elsewhere.example/x.css">',
    "<style>@import url(https://elsewhere.example/x.css);</style>",
    '<div style="background:url(https://elsewhere.example/x.png)">x</div>',
    '<object data="data:text/html,<script>alert(1)</script>"></object>',
    "</body></html><script>alert(1)</script>",
    '<img src="/sign-out">',
    '<img src="//elsewhere.example/x.png">',
    '<img srcset="https://elsewhere.example/x.png 1x">',
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
]
ALIVE = (
    "<script", "onerror=", "onload=", "onfocus=", "ontoggle=", 'href="javascript', "<iframe", "<form", "http-equiv",
    "<link", "@import", ' src="https://elsewhere', ' src="//', "url(", "srcset", "<object", "<input", ' src="/sign-out',
    "data:text/html",
)  # fmt: skip


def _mail(room: Room, html: str, *, files: tuple[File, ...] = ()) -> str:
    return f"/messages/{room.receive(text='', untrusted_html=html, files=files).pk}/html"


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_an_attack_is_left(room: Room, attack: str) -> None:
    page = room.alice.get(_mail(room, f"<p>Hello</p>{attack}")).content.decode()
    body = page[page.index("<body>") :].lower()
    assert "hello" in body
    assert not [word for word in ALIVE if word in body]
    assert "<base" not in body


def test_the_frame_allows_images_from_here_and_nothing_else(room: Room) -> None:
    answer = room.alice.get(_mail(room, "<p>Hello</p>"))
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    nonce = policy.pop("style-src-elem").removeprefix("'nonce-").removesuffix("'")
    assert f'<style nonce="{nonce}">' in answer.content.decode()
    assert policy == {
        "default-src": "'none'",
        "img-src": "'self' data:",
        "style-src": "'unsafe-inline'",
        "style-src-attr": "'unsafe-inline'",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_images_from_outside_wait_to_be_asked_for(room: Room) -> None:
    url = _mail(room, '<p>Hi</p><img src="https://shop.example/a.png"><img src="http://shop.example/b.png">')
    blocked = room.alice.get(url).content.decode()
    assert 'data-blocked="2"' in blocked
    assert ' src="http' not in blocked
    asked = room.alice.get(f"{url}?images=1")
    # Fetched by the server: the reader's browser asks no stranger for anything.
    assert asked.content.decode().count(' src="/remote-images/') == 2
    assert 'data-blocked="0"' in asked.content.decode()
    assert "img-src 'self' data:;" in asked["Content-Security-Policy"]
    for other in ("0", "true", "1&images=0"):
        assert "/remote-images/" not in room.alice.get(f"{url}?images={other}").content.decode()


def test_the_page_is_told_what_it_cannot_see(room: Room) -> None:
    quote = '<div class="gmail_quote"><blockquote>Old</blockquote></div>'
    url = _mail(room, f'<p style="color: #222">New</p><img src="https://shop.example/a.png">{quote}')
    facts = room.alice.get(f"{url}?facts=1").json()
    assert (facts["blocked"], facts["ownColours"], facts["folds"]) == (1, True, 1)
    assert [width for width, _height in facts["heights"]] == sorted(width for width, _height in facts["heights"])
    assert room.alice.get(f"{url}?facts=1&images=1").json()["blocked"] == 0
    assert room.charlie.get(f"{url}?facts=1").status_code == 404


def test_the_page_chooses_the_theme_and_unfolds(room: Room) -> None:
    quote = '<div class="gmail_quote"><blockquote>Old</blockquote></div>'
    url = _mail(room, f"<p>New</p>{quote}")
    assert 'data-theme="dark"' in room.alice.get(f"{url}?theme=dark").content.decode()
    assert 'data-theme="light"' in room.alice.get(f"{url}?theme=<script>").content.decode()
    assert '<details open class="quote">' in room.alice.get(f"{url}?quotes=open").content.decode()


def test_the_history_is_folded_and_still_there(room: Room) -> None:
    quote = (
        '<div class="gmail_quote"><div class="gmail_attr">On 3 May Alice wrote:</div><blockquote>Old</blockquote></div>'
    )
    page = room.alice.get(_mail(room, f"<div>New words</div>{quote}")).content.decode()
    assert '<details class="quote"><summary>Earlier messages</summary>' in page
    assert page.index("New words") < page.index("<details") < page.index("Old")


def test_a_mail_with_own_colours_keeps_its_white_paper(room: Room) -> None:
    assert "data-own-colours" in _head(room, '<table bgcolor="#eeeeee"><tr><td>x</td></tr></table>')
    assert "data-own-colours" in _head(room, '<p style="color: #222222">x</p>')
    assert "data-own-colours" not in _head(room, '<p style="margin: 0">The colour: red</p>')


def _head(room: Room, html: str) -> str:
    page = room.alice.get(_mail(room, html)).content.decode()
    return page[: page.index("<head>")]


def test_the_original_comes_back_byte_for_byte(room: Room) -> None:
    raw = b"Subject: =?x?q?\xff\r\n\r\n\x00\xfe"
    mail = room.receive(text="x", raw_digest=blobs().put(raw))
    answer = room.alice.get(f"/messages/{mail.pk}/raw")
    assert answer.content == raw
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["Content-Disposition"].endswith(f'message-{mail.pk}.eml"')
    assert room.alice.get(f"/messages/{room.mail.pk}/raw").status_code == 404


def test_charlie_reads_nothing(room: Room) -> None:
    mail = room.receive(text="x", raw_digest=blobs().put(b"raw"))
    for url in (f"/messages/{mail.pk}/html", f"/messages/{mail.pk}/raw"):
        assert room.charlie.get(url).status_code == 404
        assert Client().get(url).status_code == 302
        assert room.alice.get(url).status_code == 200

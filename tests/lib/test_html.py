import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.lib.html import rewrite_images, sanitize, sanitize_view, text_to_html, to_text, view


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>',
        "<svg onload=alert(1)>",
        "<iframe srcdoc='<script>1</script>'></iframe>", '<p style="background:url(javascript:alert(1))">x</p>',
        '<p style="width:expression(alert(1))">x</p>', "<form action=/x><input></form>", "<base href=//evil.example>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '<meta http-equiv=refresh content="0;url=//evil.example">',
    ],
)  # fmt: skip
def test_nothing_active_survives(hostile: str) -> None:
    cleaned = sanitize(hostile).lower()
    for word in (
        "<script",
        "onerror",
        "onload",
        "javascript",
        "<svg",
        "<iframe",
        "url(",
        "expression",
        "<form",
        "<input",
        "<base",
        "<meta",
        "<style",
    ):
        assert word not in cleaned


def test_the_look_of_a_mail_stays() -> None:
    html = '<table bgcolor="#eee" cellpadding="4"><tr><td style="color:red;font-weight:bold">x</td></tr></table>'
    assert 'style="color:red;font-weight:bold"' in sanitize(html)
    assert 'bgcolor="#eee"' in sanitize(html)


@pytest.mark.parametrize(
    "style",
    [
        "position:fixed;top:0", "background:u\\72l(http://evil.example)", "background:/**/url(//evil.example)",
        "behavior:url(#x)",
        "background-image:image-set('http://evil.example' 1x)", "content:'x'", "z-index:9", "transform:scale(9)",
        "color:var(--x)",
    ],
)  # fmt: skip
def test_a_style_that_loads_or_leaves_its_place_goes(style: str) -> None:
    assert sanitize(f'<p style="{style};color:red">x</p>') == '<p style="color:red">x</p>'


def test_remote_images_wait_until_they_are_asked_for() -> None:
    remote = '<img src="https://example.com/a.png"><img src="//example.com/b.png">'
    seen = view(f'{remote}<img src="cid:c1"><img src="/conversations/1">')
    assert seen.blocked == 2
    assert ' src="http' not in seen.html
    assert 'data-remote-src="https://example.com/a.png"' in seen.html
    assert 'src="cid:c1"' in seen.html
    assert "/conversations/1" not in seen.html
    assert ' src="https://example.com/a.png"' in sanitize('<img src="https://example.com/a.png">')


def test_a_mail_cannot_write_the_mark_of_blocked_images() -> None:
    assert sanitize_view('<p>&nbsp;src="x-00:https://e.example"</p>') == '<p>&nbsp;src="x-00:https://e.example"</p>'


def test_links_tell_nothing_and_open_elsewhere() -> None:
    cleaned = sanitize('<a href="https://example.com/?a=1&amp;b=2" target=_self>x</a>')
    assert 'rel="noopener noreferrer nofollow"' in cleaned
    assert 'target="_blank"' in cleaned


def test_classes_and_ids_that_could_meet_our_pages_go() -> None:
    assert sanitize('<div class="modal gmail_quote" id="composer">x</div>') == '<div class="gmail_quote">x</div>'


def test_sanitising_twice_changes_nothing() -> None:
    once = sanitize(
        '<a href="https://example.com">x</a><p style="color:red; margin:0 4px">y &amp; z</p><img src="cid:x">'
    )
    assert sanitize(once) == once


def test_images_are_pointed_elsewhere() -> None:
    html = rewrite_images(
        '<p>x<img src="cid:a"><img src="cid:b"></p>', lambda source: "/files/1" if source == "cid:a" else None
    )
    assert html == '<p>x<img src="/files/1"><img src="cid:b"></p>'


def test_html_becomes_good_plain_text() -> None:
    html = (
        "<h1>Title</h1><p>One <b>two</b>\n three<br>four</p><ol><li>first</li><li>second</li></ol>"
        "<blockquote><p>quoted</p></blockquote>"
        '<p><a href="https://example.com">https://example.com</a> and <a href="https://example.com/x">here</a></p><style>p{}</style>'
        "<table><tr><td>a</td><td>b</td></tr></table>"
    )
    assert to_text(html) == (
        "Title\n\nOne two three\nfour\n\n1. first\n2. second\n\n> quoted\n\n"
        "https://example.com and here <https://example.com/x>\n\na  b"
    )


def test_plain_text_becomes_html_with_links() -> None:
    html = text_to_html("a <b>\nsee https://example.com/x?a=1&b=2. (www.example.org) ann@example.com")
    assert "a &lt;b&gt;<br>" in html
    assert 'href="https://example.com/x?a=1&amp;b=2"' in html
    assert 'href="https://www.example.org"' in html
    assert 'href="mailto:ann@example.com"' in html
    assert "</a>." in html


def test_elements_nested_without_end_cost_no_time_and_keep_their_words() -> None:
    html = "<div>" * 100_000 + "deep &amp; words"
    assert "deep &amp; words" in sanitize(html)
    assert "deep & words" in to_text(html)


TAGS = [
    "<p>", "</p>", "<ul>", "<li>", "<a href=http://x>", "</a>", "<blockquote>", "<pre>", "\n", "x", "<td>", "<br>",
    "<img alt=y>", "</ul>",
]  # fmt: skip


@given(st.text(max_size=400) | st.lists(st.sampled_from(TAGS), max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_html_has_a_text_and_a_safe_form(html: str) -> None:
    to_text(html)
    once = sanitize(html)
    assert sanitize(once) == once
    text_to_html(html)

"""Signatures and legal notices of HTML mails; and nothing of any HTML is lost or moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from postroom.channels.mail.quotes import fold_quotes
from tests.channels.mail.quotes.programs import ANSWERS, HEADERS, LANGUAGES, MOBILE, NOTICES
from tests.channels.mail.quotes.visible import visible, visible_folded

OURS = "Have you tried to oil the chain?"


def _folds(html: str) -> dict[str, str]:
    """Return the words in each fold, by kind; "shown" is what is outside of them."""
    assert visible_folded(html) == visible(html)
    body = LexborHTMLParser(fold_quotes(html)).body
    assert body is not None
    found: dict[str, str] = {}
    for details in body.css("details.quote"):
        kind = (details.attributes.get("class") or "").removeprefix("quote").strip() or "quote"
        summary = details.css_first("summary")
        assert summary is not None
        summary.decompose()
        found[kind] = found.get(kind, "") + (details.text() or "")
        details.decompose()
    return found | {"shown": (body.text() or "").strip()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phones_line_and_outlooks_history(language: str) -> None:
    sender, sent, to, subject = HEADERS[language]
    line = MOBILE[language][0]
    html = (
        f"<div>{ANSWERS[language]}</div><div><br></div><div>{line}</div><hr>"
        f'<div id="divRplyFwdMsg"><b>{sender}:</b> Velo<br><b>{sent}:</b> today<br><b>{to}:</b> Ann<br>'
        f"<b>{subject}:</b> Order 118</div><div>{OURS}</div>"
    )
    folds = _folds(html)
    assert folds["shown"] == ANSWERS[language]
    assert line in folds["signature"]
    assert OURS in folds["quote"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_signature_and_a_notice(language: str) -> None:
    html = (
        f"<p>{ANSWERS[language]}</p><p>--&nbsp;</p><p>Ann Peeters<br>Peeters &amp; Co</p>"
        f'<table><tr><td style="font-size:9px">{NOTICES[language]}</td></tr></table>'
    )
    folds = _folds(html)
    assert folds["shown"] == ANSWERS[language]
    assert "Peeters & Co" in folds["signature"]
    assert NOTICES[language] in folds["notice"]


@pytest.mark.parametrize(
    "signature",
    [
        '<div class="gmail_signature">Ann Peeters<br>Peeters &amp; Co</div>',
        '<div class="moz-signature">-- <br>Ann Peeters<br>Peeters &amp; Co</div>',
        '<pre class="moz-signature" cols="72">-- \nAnn Peeters\nPeeters &amp; Co</pre>',
        '<div id="Signature"><p>Ann Peeters</p><p>Peeters &amp; Co</p></div>',
        '<div class="protonmail_signature_block"><div>Ann Peeters, Peeters &amp; Co</div></div>',
    ],
)
def test_what_programs_call_a_signature(signature: str) -> None:
    quote = '<blockquote type="cite">old</blockquote>'
    folds = _folds(f"<div>New words</div>{signature}{quote}")
    assert folds["shown"] == "New words"
    assert "Peeters & Co" in folds["signature"]
    assert folds["quote"] == "old"


@pytest.mark.parametrize(
    "html",
    [
        "<div>Sent from my iPhone</div>",
        f"<div>{NOTICES['en']}</div>",
        '<div class="gmail_signature">Only this</div>',
        "<p>The order was sent from my house, and the invoice is confidential.</p>",
        "<div>---------- Forwarded message ---------<br>From: Kim</div><div>Offer</div><div>-- </div><div>Kim</div>",
    ],
)
def test_a_mail_of_which_nothing_would_stay_is_left_alone(html: str) -> None:
    assert fold_quotes(html) == html


def test_outlooks_history_in_a_table_is_folded_in_its_cell() -> None:
    block = "<p><b>From:</b> A<br><b>Sent:</b> today<br><b>To:</b> B<br><b>Subject:</b> x</p>"
    html = f"<p>New</p><table><tr><td>Left</td><td>{block}<p>old</p></td><td>Right</td></tr></table>"
    folds = _folds(html)
    assert folds["shown"] == "NewLeftRight"
    assert folds["quote"].endswith("old")


PARTS = [
    "<p>words</p>", "<div>more<br>words</div>", "text",
    '<blockquote type="cite">quoted</blockquote>', "<ul><li>one</li>",
    "</ul>", "<table><tr><td>cell", "</td><td>--</td></tr></table>", "<div>--&nbsp;</div>", "<div>", "</div>",
    "<div>Sent from my iPhone</div>", f"<td>{NOTICES['en']}</td>", f"<p>{NOTICES['de']}</p>",
    '<div class="gmail_quote">', '<div class="gmail_attr">On 2 Mar 2026 at 10:00, A &lt;a@b.example&gt; wrote:</div>',
    '<div class="gmail_signature">Ann</div>', '<div id="appendonsend"></div>',
    "<p><b>From:</b> A<br><b>Sent:</b> B<br><b>To:</b> C</p>", "<li>--</li>", "<span>in line</span>",
    '<img src="cid:1">',
]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=14))
def test_nothing_is_lost_and_nothing_moves_whatever_the_html(parts: list[str]) -> None:
    html = "".join(parts)
    assert visible_folded(html) == visible(html)

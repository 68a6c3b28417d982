from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from postroom.channels.mail.parse import parse
from postroom.channels.mail.quote_html import Labels
from postroom.channels.mail.quotes import Reply, fold_quotes, split_reply

MAILS = Path(__file__).resolve().parents[3] / "mails"


def parted(name: str) -> Reply:
    parsed = parse((MAILS / f"{name}.eml").read_bytes())
    return split_reply(parsed.text, subject=parsed.subject)


def test_the_history_below_a_reply_is_folded() -> None:
    reply = parted("reply_gmail")
    assert reply.shown.strip() == "Yes, it works now!"
    assert "another socket?" in reply.folded
    assert "wrote:" in reply.folded


def test_answers_between_quotes_stay_in_view() -> None:
    shown = parted("reply_interleaved").shown
    for words in ("Hi Alice,", "The red one.", "Since Monday.", "Ann"):
        assert words in shown
    assert ">" not in shown


def test_a_forwarded_mail_is_no_quote() -> None:
    reply = parted("forwarded_inline")
    assert "My lamp is broken." in reply.shown
    assert reply.folded == ""


def test_a_mail_that_is_all_quote_is_shown() -> None:
    assert split_reply("> one\n> two").shown == "> one\n> two"


LINES = [
    "", "words", "> quoted", ">> more", "On 2.3.2026 Ann <a@b.example> wrote:", "-----Original Message-----",
    "Subject: x", "-- ", "From: Ann <a@b.example>", "Sent: today", "Le 2 mars 2026 à 10:00, Ann a", "écrit :",
    "---------- Forwarded message ---------",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_no_line_is_ever_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert "\n".join(piece.text for piece in split_reply(text).pieces) == text


GMAIL = '<div class="gmail_attr">On Mon, 2 Mar 2026 at 10:00, A &lt;a@b.example&gt; wrote:</div>'
OUTLOOK = "<p><b>From:</b> A &lt;a@b.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> B<br><b>Subject:</b> x</p>"


@pytest.mark.parametrize(
    "quote",
    [
        f'<div class="gmail_quote">{GMAIL}<blockquote class="gmail_quote">old</blockquote></div>',
        '<div class="moz-cite-prefix">On 02/03/2026 10:00, A wrote:<br></div><blockquote type="cite">old</blockquote>',
        '<hr><div id="divRplyFwdMsg"><b>From:</b> A<br><b>Sent:</b> today<br><b>Subject:</b> x</div><div>old</div>',
        f'<div style="border-top:solid 1pt">{OUTLOOK}</div><p>old</p>',
        '<p>Le 2 mars 2026 à 10:00, A &lt;a@b.example&gt; a écrit :</p><blockquote type="cite">old</blockquote>',
    ],
)
def test_the_quote_of_each_mail_program_is_folded(quote: str) -> None:
    folded = fold_quotes(f"<div>New words</div>{quote}", labels=Labels(quote="Earlier"))
    tree = LexborHTMLParser(folded)
    details = tree.css("details.quote")
    assert len(details) == 1
    assert "old" in details[0].text()
    assert "New words" not in details[0].text()


def test_an_answer_inside_gmails_quote_stays_in_view() -> None:
    first, second = (f'<blockquote class="gmail_quote">{words}</blockquote>' for words in ("Which?", "When?"))
    html = f'<div class="gmail_quote">{first}<div>The red one.</div>{second}<div>Monday.</div></div>'
    tree = LexborHTMLParser(fold_quotes(html))
    assert len(tree.css("details")) == 2
    assert all("red" not in node.text() and "Monday" not in node.text() for node in tree.css("details"))


def test_a_forward_and_a_mail_that_is_all_quote_are_left_alone() -> None:
    mark = '<div class="gmail_attr">---------- Forwarded message ---------<br>From: B</div>'
    forward = f'<p>See</p><div class="gmail_quote">{mark}words</div>'
    assert fold_quotes(forward) == forward
    everything = '<blockquote type="cite">only this</blockquote>'
    assert fold_quotes(everything) == everything

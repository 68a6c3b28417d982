"""Each mail program in each language: what Ann writes is in view, what goes with it is folded."""

import pytest

from postroom.channels.mail.quotes import NOTICE, QUOTE, SIGNATURE, Reply, split_reply
from tests.channels.mail.quotes.programs import (
    ANSWERS,
    ATTRIBUTIONS,
    FORWARDS,
    HEADERS,
    LANGUAGES,
    MOBILE,
    NOTICES,
    ORIGINALS,
)

OURS = "Have you tried to oil the chain?"
WAYS = [(program, language) for program in sorted(ATTRIBUTIONS) for language in LANGUAGES]


def _kinds(reply: Reply, text: str) -> list[str]:
    """Return what the pieces are, once they are seen to be the text again."""
    assert "\n".join(piece.text for piece in reply.pieces) == text
    return [piece.kind for piece in reply.pieces if piece.text.strip()]


@pytest.mark.parametrize(("program", "language"), WAYS)
def test_an_answer_above_a_quote_with_signs(program: str, language: str) -> None:
    text = f"{ANSWERS[language]}\n\n{ATTRIBUTIONS[program][language]}\n\n> {OURS}\n>\n> Bob\n"
    reply = split_reply(text)
    assert _kinds(reply, text) == ["", QUOTE]
    assert reply.shown == ANSWERS[language]


@pytest.mark.parametrize(("program", "language"), [way for way in WAYS if way[0] in ("gmail", "yahoo", "proton")])
def test_an_answer_above_a_quote_without_signs(program: str, language: str) -> None:
    """Phones and web mails turn HTML quotes into plain text without signs."""
    text = f"{ANSWERS[language]}\n\n{ATTRIBUTIONS[program][language]}\n\n{OURS}\n\nBob\n"
    reply = split_reply(text)
    assert _kinds(reply, text) == ["", QUOTE]
    assert reply.shown == ANSWERS[language]


@pytest.mark.parametrize(("program", "language"), WAYS)
def test_answers_between_and_below_the_quotes_stay_in_view(program: str, language: str) -> None:
    attribution = ATTRIBUTIONS[program][language]
    text = f"{attribution}\n> {OURS}\n\n{ANSWERS[language]}\n\n> Shall we close this?\n\nYes.\n"
    reply = split_reply(text)
    assert _kinds(reply, text) == [QUOTE, "", QUOTE, ""]
    assert reply.shown.split("\n")[0] == ANSWERS[language]
    assert "Yes." in reply.shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("colon", [":", " :", "："])
def test_outlooks_header_block(language: str, colon: str) -> None:
    sender, sent, to, subject = HEADERS[language]
    block = (
        f"{sender}{colon} Velo Support <support@velo.example>\n{sent}{colon} 16.11.2026 09:12\n"
        f"{to}{colon} Ann Peeters\n{subject}{colon} RE: Order 118\n"
    )
    text = f"{ANSWERS[language]}\n\n{block}\n{OURS}\n"
    reply = split_reply(text)
    assert _kinds(reply, text) == ["", QUOTE]
    assert reply.shown == ANSWERS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_original_message(language: str) -> None:
    text = f"{ANSWERS[language]}\n\n-----{ORIGINALS[language]}-----\n{OURS}\n"
    reply = split_reply(text)
    assert _kinds(reply, text) == ["", QUOTE]
    assert reply.shown == ANSWERS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forwarded_mail_is_no_quote(language: str) -> None:
    sender, sent, to, subject = HEADERS[language]
    text = (
        f"{ANSWERS[language]}\n\n---------- {FORWARDS[language]} ---------\n{sender}: Kim <kim@else.example>\n"
        f"{sent}: 16.11.2026 09:12\n{to}: Ann\n{subject}: Offer\n\nDear Ann, here is our offer.\n\n-- \nKim\n"
    )
    reply = split_reply(text)
    assert _kinds(reply, text) == [""]


@pytest.mark.parametrize(
    ("language", "line"), [(language, line) for language in LANGUAGES for line in MOBILE[language]]
)
def test_what_a_program_adds_is_folded(language: str, line: str) -> None:
    for end in ("", f"\n\n{ATTRIBUTIONS['apple'][language]}\n\n> {OURS}"):
        text = f"{ANSWERS[language]}\n\n{line}{end}\n"
        reply = split_reply(text)
        assert _kinds(reply, text) == ["", SIGNATURE, *([QUOTE] if end else [])]
        assert reply.written == ANSWERS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_signature_and_a_notice_are_folded_apart(language: str) -> None:
    signature = "-- \nAnn Peeters\nPeeters & Co\n+32 2 555 01 18"
    text = f"{ANSWERS[language]}\n\n{signature}\n\n{NOTICES[language]}\n"
    reply = split_reply(text)
    assert _kinds(reply, text) == ["", SIGNATURE, NOTICE]
    assert reply.written == ANSWERS[language]
    quoted = f"{text}\n{ATTRIBUTIONS['gmail'][language]}\n> {OURS}\n"
    assert _kinds(split_reply(quoted), quoted) == ["", SIGNATURE, NOTICE, QUOTE]


@pytest.mark.parametrize(
    "text",
    [
        "Sent from my iPhone",
        "-- \nAnn",
        "The bicycle was sent from my house and is confidential, so please delete the old order.",
        "I have sent from my iPhone three pictures of the brakes. Did you get them?",
        "My options:\n--\nA long list\n" + "one more thing to say here\n" * 20,
    ],
)
def test_what_somebody_may_have_written_themselves_stays_in_view(text: str) -> None:
    assert _kinds(split_reply(text), text) == [""]

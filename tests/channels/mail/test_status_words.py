"""What a code or a server's words come to, as an agent reads it."""

import pytest

from postroom.channels.mail.status_words import explain


@pytest.mark.parametrize(
    ("status", "words", "what"),
    [
        ("5.1.1", "", "This address does not exist."),
        ("4.2.2", "", "The mailbox is full."),
        ("5.2.2", "550 whatever", "The mailbox is full."),
        ("5.1.10", "", "What stands behind the @ takes no mail, or does not exist."),
        ("5.7.26", "", "The other side does not believe that the mail is from us."),
        ("5.7.999", "", "The other side refused the mail by its rules, for instance as spam."),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "This address does not exist."),
        ("5.4.1", "", "The other mail server did not answer."),
        ("5.0.0", "550 <ann@shop.example>... User unknown", "This address does not exist."),
        ("5.0.0", "552 over quota", "The mailbox is full."),
        ("5.2.0", "552 message size exceeds the limit", "The mail is too large for the other side."),
        ("", "554 blocked: listed at zen", "The other side refused the mail by its rules, for instance as spam."),
        ("", "", "It was not delivered, and the report gives no reason that we understand."),
        ("nonsense", "\0", "It was not delivered, and the report gives no reason that we understand."),
    ],
)
def test_a_failure_is_said_in_plain_words(status: str, words: str, what: str) -> None:
    explained = explain(status, words=words)
    assert str(explained.what) == what
    assert explained.advice

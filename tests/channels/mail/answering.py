"""Letters of news that Alice gets, and what she sends back."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from postroom.channels.mail.letters import build_letter
from postroom.channels.mail.models import IncomingMail
from postroom.core.accounts.models import Letter, Mailbox, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.models import Conversation, Message
from postroom.core.events.follow import follow
from postroom.followers.notifications.actions.choose import Wanted, choose
from postroom.followers.notifications.kinds import KINDS
from postroom.followers.notifications.letters import write_next
from postroom.followers.notifications.react import FOLLOWER
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter, take_in

MAILS = Path(__file__).resolve().parents[2] / "mails" / "answers"
BY_MAIL = {kind.reason: ["app", "mail"] for kind in KINDS}
QUESTION = "Where is my bicycle?\nIt was to be here on Monday.\n\nAnd the bell?\n"
ALICE = "Alice Martin <alice@team.example>"


@pytest.fixture
def conversation(mailbox: Mailbox, alice: User, bob: User) -> Conversation:
    """Ann's, given to Alice, and answered by Ann."""
    Mailbox.objects.filter(pk=mailbox.pk).update(plus_address=True)
    mailbox.plus_address = True
    return ann_answers(mailbox, owner=alice, by=bob)


def ann_answers(mailbox: Mailbox, *, owner: User, by: User, text: str = QUESTION) -> Conversation:
    """Let Ann write twice: the second mail is an answer in a conversation that is somebody's."""
    conversation = filed(letter("Hello.\n"), mailbox=mailbox).conversation
    assign(conversation, to=owner, by=by)
    again(mailbox, text, number=2)
    return Conversation.objects.get(pk=conversation.pk)


def again(mailbox: Mailbox, text: str, *, number: int) -> Message:
    """Let Ann write once more."""
    own, answered = f"<{number}@customers.example>", "<1@customers.example>"
    return filed(letter(text, subject="Re: Order 118", message_id=own, In_Reply_To=answered), mailbox=mailbox)


def news(mailbox: Mailbox, person: User) -> EmailMessage:
    """Let the person be told by mail of what happened so far, and return the letter as it leaves."""
    choose(person, Wanted(ways=BY_MAIL))
    while follow(FOLLOWER):
        pass
    with clock.at(clock.now() + timedelta(minutes=3)):
        while write_next():
            pass
    return list(letters_to(person, mailbox))[-1]


def letters_to(person: User, mailbox: Mailbox) -> Iterator[EmailMessage]:
    """Give the letters to a person as they leave, the oldest first."""
    for row in Letter.objects.filter(to=person.email).order_by("pk"):
        mail = message_from_bytes(build_letter(row, mailbox=mailbox), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        yield mail


def words(mail: EmailMessage) -> str:
    """Return a letter's text."""
    return str(mail.get_content()).replace("\r\n", "\n")


def shaped(name: str, *, to: EmailMessage) -> bytes:
    """Return the answer to a letter as one program writes it (tests/mails/answers)."""
    text = words(to).rstrip("\n")
    return (
        (MAILS / f"{name}.eml")
        .read_text()
        .format(
            reply_to=str(to["Reply-To"]).partition("<")[2].rstrip(">"),
            letter=to["Message-ID"],
            quoted="\n".join(f"> {line}".rstrip() for line in text.split("\n")),
            plain=text,
        )
        .encode()
    )


def answer(text: str, *, to: EmailMessage, sender: str = ALICE, number: int = 1, **changed: str) -> bytes:
    """Return a plain answer to a letter, with the letter quoted below it."""
    quoted = "\n".join(f"> {line}".rstrip() for line in words(to).split("\n"))
    fields = {"to": str(to["Reply-To"] or to["From"]), "In_Reply_To": str(to["Message-ID"]), **changed}
    below = f"On Sun, 22 Nov 2026 at 20:10, Postroom <support@velo.example> wrote:\n\n{quoted}\n"
    return letter(
        f"{text}\n\n{below}",
        sender=sender,
        subject=f"Re: {to['Subject']}",
        message_id=f"<answer-{number}@team.example>",
        **fields,  # type: ignore[arg-type]
    )


def take(raw: bytes, mailbox: Mailbox) -> IncomingMail:
    """Let a mail come in."""
    return take_in(raw, mailbox=mailbox)

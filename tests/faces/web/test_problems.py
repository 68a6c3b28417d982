"""What could not be understood of a mail is said in the reader's language, and whatever it quotes stays text."""

from collections.abc import Callable

from django.test import Client

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import IncomingMessage, receive
from tests.people import ANN


def test_a_stored_sentence_is_shown_in_the_readers_language(
    mailbox: Mailbox, alice: User, sign_in: Callable[[User], Client]
) -> None:
    problems = ("The mail is empty.", "Only a part was taken; the whole is in the folder <b>100%(x)s</b>.")
    message = receive(mailbox=mailbox, mail=IncomingMessage(sender=ANN, subject="", text="", problems=problems))
    address = f"/conversations/{message.conversation_id}"
    assert "The mail is empty." in sign_in(alice).get(address).content.decode()
    alice.language = "fr"
    alice.save()
    page = sign_in(alice).get(address).content.decode()
    assert "Le message est vide." in page
    assert "the folder &lt;b&gt;100%(x)s&lt;/b&gt;." in page

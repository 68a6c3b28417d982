"""What the tests of these pages share."""

import pytest

from postroom.core.accounts.models import Installation, Mailbox
from postroom.core.accounts.setup import make_setup_token
from postroom.core.conversations.actions.receive import IncomingMessage, receive
from tests.people import ANN


@pytest.fixture
def desk_with_mail(mailbox: Mailbox) -> None:
    """One mail from Ann in the mailbox."""
    receive(
        mailbox=mailbox, mail=IncomingMessage(sender=ANN, subject="Order 118", text="Hello", rfc_id="<1@c.example>")
    )


@pytest.fixture
def demo(db: None) -> Installation:
    """This installation is a demo."""
    return Installation.objects.create(pk=1, demo=True)


@pytest.fixture
def token(db: None) -> str:
    """The token of a fresh installation's link."""
    return make_setup_token()

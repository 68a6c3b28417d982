"""Each address, each kind of person: a stranger is asked to sign in, and what somebody may not see is not there."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import History, IncomingMail
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import File, IncomingMessage, receive
from postroom.core.conversations.models import Attachment, Message
from postroom.core.storage import blobs
from postroom.lib import clock
from tests.people import ANN

# Open to strangers, each for a reason.
_OPEN = {
    "sign-in",  # the door itself
    "sign-in-as",  # only in a demo, where everybody is invented
    "sign-in-passkey",  # a door, too
    "sign-in-passkey-options",  # what a browser has to know to show one; the same for everybody
    "sign-on",  # doors of other houses: to them, back from them, and what they have to know of us
    "sign-on-back",
    "saml-back",
    "saml-metadata",
    "account_login",  # leads to the door
    "sign-out",  # harmless without a sign-in
    "setup",  # guarded by the one-time token, as is what follows
    "setup-team",
    "setup-test-incoming",
    "setup-test-outgoing",
    "setup-guess",
    "setup-demo",
    "welcome",  # guarded by an invitation's one-time token
    "health",  # asked by machines; says nothing but its state
    "robots",
    "favicon",
    "language",  # a stranger may read the sign-in page in French
}
_METHODS = ("get", "post", "put", "patch", "delete")
_GUARDED = ("ledger_id", "conversation_id", "message_id", "attachment_id", "mailbox_id")


def _patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern


_AGENTS_PAGES = [pattern for pattern in _patterns() if pattern.name not in _OPEN]
_GUARDED_PAGES = [pattern for pattern in _AGENTS_PAGES if set(_GUARDED) & set(pattern.pattern.converters)]

# What is named besides its id has tests of its own.
_PLAIN_PAGES = [pattern for pattern in _GUARDED_PAGES if "name" not in pattern.pattern.converters]


@pytest.fixture
def message(mailbox: Mailbox) -> Message:
    """A mail from Ann with a file, in the mailbox of Alice and Bob."""
    digest = blobs().put(b"abc")
    file = File(name="bill.pdf", content_type="application/pdf", size=3, digest=digest)
    mail = IncomingMessage(
        sender=ANN, subject="Order 118", text="Hello", rfc_id="<1@customers.example>", files=(file,), raw_digest=digest
    )
    History.objects.create(mailbox=mailbox, kind="mbox", name="old", state="ready", created_at=clock.now())
    accept(b"From: ann@customers.example\n\nHello", mailbox=mailbox, transport="lmtp")
    return receive(mailbox=mailbox, mail=mail)


def _address(pattern: URLPattern, message: Message) -> str:
    ids = {
        "conversation_id": message.conversation_id,
        "message_id": message.pk,
        "attachment_id": Attachment.objects.get().pk,
        "mailbox_id": message.conversation.mailbox_id,
        "ledger_id": IncomingMail.objects.get().pk,
        "history_id": History.objects.get().pk,
    }
    return reverse(pattern.name, kwargs={name: ids.get(name, 1) for name in pattern.pattern.converters})


def test_every_address_has_a_name_of_its_own() -> None:
    names = [pattern.name for pattern in _patterns()]
    assert None not in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("pattern", _AGENTS_PAGES, ids=lambda pattern: pattern.name)
def test_a_stranger_is_asked_to_sign_in(client: Client, alice: User, message: Message, pattern: URLPattern) -> None:
    for method in _METHODS:
        answer = getattr(client, method)(_address(pattern, message))
        asked = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
        assert asked or answer.status_code in (401, 405), (method, answer.status_code)


@pytest.mark.parametrize("pattern", _GUARDED_PAGES, ids=lambda pattern: pattern.name)
def test_what_charlie_may_not_see_is_not_there(
    charlie: User, alice: User, message: Message, pattern: URLPattern, sign_in: Callable[[User], Client]
) -> None:
    browser = sign_in(charlie)
    answers = {method: getattr(browser, method)(_address(pattern, message)).status_code for method in _METHODS}
    assert 404 in answers.values()
    assert set(answers.values()) <= {404, 405}, answers


@pytest.mark.parametrize("pattern", _PLAIN_PAGES, ids=lambda pattern: pattern.name)
def test_what_alice_may_see_is_there(
    alice: User, message: Message, pattern: URLPattern, sign_in: Callable[[User], Client]
) -> None:
    browser = sign_in(alice)
    answer = browser.get(_address(pattern, message))
    assert answer.status_code in (200, 302, 405), answer.status_code

"""The cast. Ann writes in; Alice and Bob answer the mailbox; Charlie has no access to it; Mallory is up to no good."""

import time
from collections.abc import Callable
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from postroom.core.accounts.models import ANSWERING, OWNER, Grant, Mailbox, Membership, User
from postroom.core.conversations.actions.receive import Person

ANN = Person("Ann Peeters", "ann@customers.example")
MALLORY = Person("Mallory", "mallory@elsewhere.example")
# Every agent's.
PASSWORD = "a long enough password"


@cache
def _hashed() -> str:
    """Return the password's hash, made once: it is slow on purpose."""
    return make_password(PASSWORD)


def _agent(name: str, *, role: str) -> User:
    user = User(email=f"{name.lower()}@team.example", name=name, role=role)
    user.password = _hashed()
    user.save()
    return user


def put_on(mailbox: Mailbox, user: User, *, level: int = ANSWERING) -> None:
    """Let a person into a mailbox, as `grant` does, and without its traces."""
    Grant.objects.update_or_create(mailbox=mailbox, user=user, defaults={"level": level})
    Membership.objects.update_or_create(mailbox=mailbox, user=user, defaults={"level": level})


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    """The mailbox that Alice and Bob answer."""
    return Mailbox.objects.create(name="Support", address="support@velo.example")


@pytest.fixture
def alice(mailbox: Mailbox) -> User:
    """The owner, on the mailbox."""
    user = _agent("Alice", role=OWNER)
    put_on(mailbox, user)
    return user


@pytest.fixture
def bob(mailbox: Mailbox) -> User:
    """Alice's teammate, on the mailbox."""
    user = _agent("Bob", role="agent")
    put_on(mailbox, user)
    return user


@pytest.fixture
def charlie(db: None) -> User:
    """An agent who is not on the mailbox."""
    return _agent("Charlie", role="agent")


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser of their own for a person, signed in a moment ago."""
    return browser_of


def browser_of(user: User) -> Client:
    """Return a browser of their own for a person, signed in a moment ago: nobody asks them again who they are."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["proven_at"] = time.time()
    session.save()
    return client

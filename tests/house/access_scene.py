"""Everybody and everything that the access table speaks of: made once, walked by each address."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from email.message import EmailMessage

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import OTHER, History, IncomingMail, OAuthClient
from postroom.channels.mail.receive import file_next
from postroom.core.accounts.models import (
    ADMIN,
    AGENT,
    ANSWERING,
    MANAGING,
    OBSERVER,
    OWNER,
    SEEING,
    SUPERVISOR,
    Mailbox,
    Role,
    Team,
    User,
)
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.actions.tag import tag
from postroom.core.conversations.models import Attachment, BulkJob, Conversation, Draft, Message, View
from postroom.lib import clock
from tests.people import browser_of, put_on

OWN, OTHERS, SENSITIVE = "own", "other", "sensitive"
# In the order of the table's columns.
PEOPLE = (
    "stranger",
    "owner",
    "admin",
    "supervisor",
    "agent",
    "keeper",
    "observer",
    "looker",
    "elsewhere",
    "gone",
    "waiting",
)
# Whoever is not signed in, or not any more, or not yet.
OUTSIDE = ("stranger", "gone", "waiting")
_GUARDED = {"conversation_id", "message_id", "attachment_id", "ledger_id"}
_NOBODY = 10**15


@dataclass(frozen=True)
class Scene:
    """A browser for each of PEOPLE, and the ids that addresses are made of, for OWN, OTHERS and SENSITIVE."""

    browsers: dict[str, Client]
    ids: dict[str, dict[str, object]]

    def address(self, pattern: URLPattern, which: str) -> str:
        """Return the address for one of the three; `missing` is an address of the same shape with nothing behind it."""
        names = self.ids[which]
        return reverse(pattern.name or "", kwargs={name: _named(pattern, name, names) for name in _arguments(pattern)})

    def missing(self, pattern: URLPattern) -> str:
        """Return the address of the same shape where nothing is."""
        names = {**self.ids[OWN], **dict.fromkeys(_GUARDED, _NOBODY)}
        if not _GUARDED & set(_arguments(pattern)):
            names["mailbox_id"] = _NOBODY
        return reverse(pattern.name or "", kwargs={name: _named(pattern, name, names) for name in _arguments(pattern)})

    def asked(self, person: str, method: str, address: str) -> str:
        """Ask, undo whatever it did, and return the answer as the table has it."""
        browser = self.browsers[person]
        cookies = copy(browser.cookies)
        with _undone():
            response = getattr(browser, method)(address)
            if response.streaming:
                for _piece in response:
                    pass
        browser.cookies = cookies
        where = response.headers.get("Location", "")
        if response.status_code == 401 or (response.status_code == 302 and where.startswith("/sign-in?")):
            return "in"
        return str(response.status_code)


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Give every address that the web has."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def objects_of(pattern: URLPattern) -> tuple[str, ...]:
    """Return which of the three an address can be asked for."""
    names = set(_arguments(pattern))
    if names & _GUARDED:
        return (OWN, OTHERS, SENSITIVE)
    return (OWN, OTHERS) if "mailbox_id" in names else (OWN,)


def scene() -> Scene:
    """Make it, in the database of the test."""
    support = Mailbox.objects.create(name="Support", address="support@velo.example")
    orders = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    people = {
        name: User.objects.create(email=f"{name}@team.example", name=name.capitalize(), role=role, password="!")
        for name, role in {
            "owner": OWNER,
            "admin": ADMIN,
            "supervisor": SUPERVISOR,
            "agent": AGENT,
            "keeper": AGENT,
            "observer": OBSERVER,
            "looker": AGENT,
            "elsewhere": AGENT,
            "gone": AGENT,
            "waiting": AGENT,
        }.items()
    }
    levels = {"keeper": MANAGING, "observer": SEEING, "looker": SEEING}
    for name, user in people.items():
        put_on(orders if name == "elsewhere" else support, user, level=levels.get(name, ANSWERING))
    own, other, hidden = _filed(support), _filed(orders), _filed(support)
    mark_sensitive(_conversation(hidden), people=[], by=people["supervisor"])
    ids = {OWN: _around(own, support), OTHERS: _around(other, orders), SENSITIVE: _around(hidden, support)}
    for names in ids.values():
        names |= _of_nobody(people["agent"], ids[SENSITIVE]["conversation_id"])
    return Scene(_browsers(people), ids)


def _browsers(people: dict[str, User]) -> dict[str, Client]:
    browsers = {name: browser_of(user) for name, user in people.items() if name != "waiting"}
    User.objects.filter(pk=people["gone"].pk).update(is_active=False)
    half = Client()
    session = half.session
    session["waits_for_second_factor"] = {
        "person": people["waiting"].pk,
        "mark": people["waiting"].get_session_auth_hash(),
        "how": "password",
        "back": "/",
        "since": time.time(),
        "mistakes": 0,
    }
    session.save()
    half.cookies["sessionid"] = session.session_key or ""
    return {**browsers, "stranger": Client(), "waiting": half}


def _filed(mailbox: Mailbox) -> Message:
    """Let Ann's mail come in, with another mail in it that has a file."""
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "tom@customers.example", "The bill"
    inner.set_content("Here it is.")
    inner.add_attachment(b"abc", maintype="application", subtype="pdf", filename="bill.pdf")
    mail = EmailMessage()
    number = Message.objects.count()
    mail["From"], mail["Subject"] = "Ann <ann@customers.example>", f"Order {number}"
    mail["Message-ID"] = f"<{number}@customers.example>"
    mail.set_content("Where is my bicycle?")
    mail.add_attachment(inner)
    row = accept(mail.as_bytes(), mailbox=mailbox, transport="lmtp")
    while file_next():
        pass
    row.refresh_from_db()
    return Message.objects.select_related("conversation").get(pk=row.message_id or 0)


def _conversation(message: Message) -> Conversation:
    tag(message.conversation, name="old", by=message.contact or User.objects.get(role=OWNER))
    return message.conversation


def _around(message: Message, mailbox: Mailbox) -> dict[str, object]:
    history = History.objects.create(mailbox=mailbox, kind="mbox", name="old", state="ready", created_at=clock.now())
    return {
        "conversation_id": message.conversation_id,
        "message_id": message.pk,
        "attachment_id": Attachment.objects.get(message=message).pk,
        "ledger_id": IncomingMail.objects.get(message_id=message.pk).pk,
        "mailbox_id": mailbox.pk,
        "draft_id": _shared_draft(message.conversation, mailbox).pk,
        "history_id": history.pk,
    }


def _shared_draft(conversation: Conversation, mailbox: Mailbox) -> Draft:
    writer = User.objects.get(name="Supervisor")
    return Draft.objects.create(conversation=conversation, mailbox=mailbox, author=writer, shared=True)


def _of_nobody(person: User, sensitive: object) -> dict[str, object]:
    """What belongs to no mailbox."""
    team, _made = Team.objects.get_or_create(name="Workshop")
    role, _made = Role.objects.get_or_create(name="Reader", defaults={"permissions": []})
    view, _made = View.objects.get_or_create(name="Everybody’s", defaults={"owner": person, "for_all": True})
    client, _made = OAuthClient.objects.get_or_create(kind=OTHER, name="Mail", defaults={"created_at": clock.now()})
    return {
        "person_id": person.pk,
        "team_id": team.pk,
        "role_id": role.pk,
        "view_id": view.pk,
        "client_id": client.pk,
        "number": sensitive,
        "job_id": BulkJob.objects.get_or_create(by=person, verb="close")[0].pk,
    }


_NAMES = {
    "folder": "open",
    "folder-rows": "open",
    "mailbox-folder": "open",
    "mailbox-folder-rows": "open",
    "tag": "old",
    "attachment-named": "forwarded.eml",
    "settings-mailbox-history-everything": "mbox",
}


def _named(pattern: URLPattern, name: str, ids: dict[str, object]) -> object:
    if name == "name":
        return _NAMES[pattern.name or ""]
    return ids.get(name, 1)


def _arguments(pattern: URLPattern) -> list[str]:
    return list(pattern.pattern.converters)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

"""A conversation of Ann's, and programs of Alice, Bob and Charlie with their tokens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from django.test import Client

from postroom.core.accounts.actions.api_tokens import make_token
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Conversation
from postroom.faces.api.v1.pace import Buckets
from tests.faces.web.answer import Answer
from tests.faces.web.inbox.conftest import write


@dataclass
class Program:
    """A program with a token."""

    token: str
    client: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: object = None, /, **headers: str) -> Answer:
        """Ask for a path below the base; `body` is sent as JSON, or as it is when it is bytes."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        kind = headers.pop("Content-Type", "application/json")
        return self.client.generic(method, f"/api/v1{path}", sent, content_type=kind, headers=headers)

    def form(self, path: str, message: Mapping[str, object], *files: object) -> Answer:
        """Send a message with files."""
        data = {"message": json.dumps(message), "file": list(files)}
        return self.client.post(f"/api/v1{path}", data, headers={"Authorization": f"Bearer {self.token}"})

    def state(self, number: int) -> str:
        """Read the conversation, and return the state of it."""
        answer = self.ask("GET", f"/conversations/{number}")
        assert answer.status_code == 200, answer.content
        return str(answer.json()["state"])


@dataclass
class Scene:
    """Ann's conversation, and the programs."""

    mailbox: Mailbox
    conversation: Conversation
    alice: Program
    bob: Program
    charlie: Program
    reader: Program

    @property
    def path(self) -> str:
        return f"/conversations/{self.conversation.pk}"


def program_of(user: User, *, answers: bool = True) -> Program:
    return Program(make_token(name="Report", answers=answers, days=90, by=user))


@pytest.fixture(autouse=True)
def _fresh_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test before asked counts for nobody: tokens have the same numbers again."""
    monkeypatch.setattr("postroom.faces.api.v1.door.BUCKETS", Buckets())


@pytest.fixture
def scene(mailbox: Mailbox, alice: User, bob: User, charlie: User) -> Scene:
    return Scene(
        mailbox,
        write(mailbox),
        program_of(alice),
        program_of(bob),
        program_of(charlie),
        program_of(alice, answers=False),
    )

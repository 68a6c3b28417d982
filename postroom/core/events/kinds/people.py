"""What happens to people, teams and mailboxes."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class PersonAdded(Kind):
    """Somebody got an own sign-in."""

    name = "person.added"
    sentence = _("added %(person)s")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class PersonChanged(Kind):
    """Somebody's name, language or keys are other ones now."""

    name = "person.changed"
    sentence = _("changed what %(person)s is called or reads")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class PasswordChanged(Kind):
    """Somebody has a new password; all their other sessions ended."""

    name = "person.password_changed"
    sentence = _("changed the password of %(person)s")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class MailboxAdded(Kind):
    """A mailbox was made."""

    name = "mailbox.added"
    sentence = _("added the mailbox %(address)s")
    address: str


@dataclass(frozen=True)
class MailboxChanged(Kind):
    """A mailbox's name, signature or mail settings changed (never what the secrets are)."""

    name = "mailbox.changed"
    sentence = _("changed the mailbox %(address)s")
    address: str


@dataclass(frozen=True)
class MailProviderChanged(Kind):
    """A provider that mail accounts sign in at was named, changed or dropped (never what the secret is)."""

    name = "mail_provider.changed"
    sentence = _("changed the sign-in at %(provider)s")
    provider: str


@dataclass(frozen=True)
class MemberJoined(Kind):
    """A person can see a mailbox from now on."""

    name = "mailbox.member_joined"
    sentence = _("let %(person)s into %(address)s")
    personal = frozenset({"person"})
    person: str
    address: str
    user_id: int


@dataclass(frozen=True)
class MemberLeft(Kind):
    """A person can no longer see a mailbox."""

    name = "mailbox.member_left"
    sentence = _("took %(person)s out of %(address)s")
    personal = frozenset({"person"})
    person: str
    address: str
    user_id: int


@dataclass(frozen=True)
class TeamAdded(Kind):
    """A group was made."""

    name = "team.added"
    sentence = _("added the team %(team)s")
    team: str
    team_id: int


@dataclass(frozen=True)
class TeamChanged(Kind):
    """Other people are in a group."""

    name = "team.changed"
    sentence = _("changed who is in the team %(team)s")
    team: str
    team_id: int


@dataclass(frozen=True)
class AccessChanged(Kind):
    """A person or a team may do more or less in a mailbox (0 none, 1 see, 2 answer, 3 manage)."""

    name = "mailbox.access_changed"
    sentence = _("changed what %(to)s may do in %(address)s")
    personal = frozenset({"to"})
    to: str
    address: str
    level: int

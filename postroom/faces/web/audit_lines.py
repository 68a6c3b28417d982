"""The lines of the audit log as one person may read them: a conversation's subject only where they see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from postroom.core.accounts.devices import device_words
from postroom.core.accounts.models import Mailbox, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access_words import LEVEL_WORDS
from postroom.faces.web.audit_words import FIELD_WORDS, HOW_WORDS, KIND_WORDS, SENTENCES
from postroom.faces.web.role_words import ROLE_WORDS, permission_words

_ICONS = (
    (".read", "eye"),
    (".exported", "download"),
    (".imported", "upload"),
    (".refused", "triangle-alert"),
    ("sign_", "key-round"),
    ("second_factor", "key-round"),
    ("sensitive.", "eye-off"),
    ("security.", "lock"),
)


@dataclass(frozen=True)
class Change:
    """What one field was and is, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One entry, in words. `name` is what it was done to as its reader may know it."""

    entry: AuditEntry
    sentence: Markup
    who: str
    name: str
    mailbox: str
    device: str
    icon: str
    changes: tuple[Change, ...]
    # For who sees it.
    conversation_id: int | None


@dataclass(frozen=True)
class _Known:
    """What is looked up for many entries at once: three queries."""

    people: Mapping[int, str]
    mailboxes: Mapping[int, str]
    # Only those that the reader sees.
    conversations: Mapping[int, str]


def lines(entries: Sequence[AuditEntry], *, reader: User) -> list[Line]:
    """Return the lines of these entries."""
    known = _Known(
        people=_people(entries),
        mailboxes=dict(Mailbox.objects.filter(pk__in=_ids(e.mailbox_id for e in entries)).values_list("pk", "address")),
        conversations=dict(
            Conversation.objects.visible_to(reader)
            .filter(pk__in=_ids(e.conversation_id for e in entries))
            .values_list("pk", "subject")
        ),
    )
    return [_line(entry, known) for entry in entries]


def _line(entry: AuditEntry, known: _Known) -> Line:
    who, name = _who(entry), _name(entry, known)
    mailbox = known.mailboxes.get(entry.mailbox_id or 0, "") or _("a mailbox that is gone")
    strong = {"who": Markup("<strong>{}</strong>").format(who), "name": escape(name), "mailbox": escape(mailbox)}
    sentence = SENTENCES.get(entry.action)
    return Line(
        entry=entry,
        # Ours and our translators' words; what is put into them is escaped.
        sentence=Markup(str(sentence)) % strong if sentence else _unknown(entry, strong),  # noqa: S704
        who=who,
        name=name,
        mailbox=known.mailboxes.get(entry.mailbox_id or 0, ""),
        device=device_words(entry.device) if entry.device else "",
        icon=next((icon for part, icon in _ICONS if part in entry.action), "pencil"),
        changes=tuple(_changes(entry)),
        conversation_id=entry.conversation_id if entry.conversation_id in known.conversations else None,
    )


def _unknown(entry: AuditEntry, strong: Mapping[str, Markup]) -> Markup:
    return Markup("{who}: <code>{action}</code> {name}").format(**strong, action=entry.action)


def _who(entry: AuditEntry) -> str:
    if entry.actor_kind == "system":
        at_server = _("%(name)s, at the server itself") % {"name": entry.actor_name}
        return at_server if entry.actor_name else "Postroom"
    return entry.actor_name or (_("Somebody") if entry.actor_kind == "stranger" else _("A customer"))


def _name(entry: AuditEntry, known: _Known) -> str:
    if entry.conversation_id:
        subject = known.conversations.get(entry.conversation_id)
        return f"#{entry.conversation_id} “{subject}”" if subject else f"#{entry.conversation_id}"
    kind, _colon, number = entry.subject.partition(":")
    if not entry.subject_name and kind == "person" and number.isdigit():
        return known.people.get(int(number), entry.subject)
    return entry.subject_name or entry.subject or _("nobody we know")


def _changes(entry: AuditEntry) -> Iterable[Change]:
    for field in dict.fromkeys([*entry.before, *entry.after]):
        word = str(FIELD_WORDS.get(field, field.replace("_", " ")))
        yield Change(word, _said(field, entry.before.get(field)), _said(field, entry.after.get(field)))


def _said(field: str, value: Any) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "permissions" and isinstance(value, list):
        return ", ".join(permission_words(value))
    if field == "how":
        return " + ".join(str(HOW_WORDS.get(part, part)) for part in str(value).split(" + "))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if field == "level" and value in LEVEL_WORDS:
        return str(LEVEL_WORDS[value])
    if field == "role" and value in ROLE_WORDS:
        return str(ROLE_WORDS[value])
    # For a secret the log says only that there is another one.
    return _("changed") if value == "changed" else str(value)


def _people(entries: Iterable[AuditEntry]) -> dict[int, str]:
    named = (e.subject.partition(":") for e in entries if not e.subject_name)
    ids = {int(number) for kind, _colon, number in named if kind == "person" and number.isdigit()}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _ids(numbers: Iterable[int | None]) -> set[int]:
    return {number for number in numbers if number}


def action_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be chosen as an action, by group: (group, [(value, words)])."""
    from postroom.faces.web import audit_words as words

    def group(title: str, some: Iterable[str]) -> tuple[str, list[tuple[str, str]]]:
        return title, sorted(((one, words.plain(one)) for one in some), key=lambda pair: pair[1])

    return [
        ("", [(kind, str(word)) for kind, word in KIND_WORDS.items()]),
        group(_("Opened, taken out, brought in"), words.READINGS),
        group(_("Signing in"), words.SIGNING_IN),
        group(_("People, roles and teams"), words.PEOPLE),
        group(_("Security"), words.SECURITY),
        group(_("Mailboxes"), words.MAILBOXES),
    ]

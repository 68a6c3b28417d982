"""Let every new conversation of a mailbox be sensitive, for those who read what only they may read."""

from collections.abc import Collection

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.models import Mailbox, User
from postroom.core.audit.write import write
from postroom.core.conversations.actions.sensitive import NotOnMailbox, put_names
from postroom.core.conversations.models import Conversation, NamedPerson, SensitiveMailbox
from postroom.core.conversations.naming import on_mailbox
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import MailboxNaming
from postroom.core.events.record import record
from postroom.lib.rows import find


def name_in_new_ones(mailbox: Mailbox, *, people: Collection[User], by: User) -> bool:
    """Name these people in each new conversation of the mailbox; nobody: new ones are ordinary again. False: it was so.

    What is there already stays as it is. Whoever was named and is told by somebody else gets a letter.
    """
    with transaction.atomic():
        # One decision at a time.
        Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox.pk)
        present = SensitiveMailbox.objects.filter(mailbox=mailbox).first()
        before = list(present.people.order_by("name", "pk")) if present else []
        named = on_mailbox(people, mailbox.pk)
        if others := sorted({one.name for one in people if one not in named}):
            raise NotOnMailbox(others)
        if named == before:
            return False
        if named:
            present = present or SensitiveMailbox.objects.create(mailbox=mailbox)
            present.people.set(named)
        elif present:
            present.delete()
        names = ", ".join(one.name for one in named)
        record(MailboxNaming(address=mailbox.address, people=names), by=by, mailbox_id=mailbox.pk)
        write(
            "mailbox.naming",
            by=by,
            subject=f"mailbox:{mailbox.pk}",
            subject_name=mailbox.address,
            mailbox_id=mailbox.pk,
            before={"people": [one.email for one in before]},
            after={"people": [one.email for one in named]},
        )
        _tell(mailbox, before, names=names, by=by)
    return True


def named_by_mailbox(conversation: Conversation) -> bool:
    """Name those whom the mailbox's setting names, in a conversation that has just begun; in its transaction."""
    if find(SensitiveMailbox, ("mailbox_id",), mailbox_id=conversation.mailbox_id) is None:
        return False
    conversation.sensitive_since = conversation.created_at
    Conversation.objects.filter(pk=conversation.pk).update(sensitive_since=conversation.sensitive_since)
    setting = SensitiveMailbox.objects.get(pk=conversation.mailbox_id)
    put_names(conversation.pk, people=setting.people.all(), by=SYSTEM)
    return True


def names_like(conversation: Conversation, *, other: Conversation) -> None:
    """Name in a conversation that was made of another's mail whoever is named for good there; in a transaction."""
    rows = NamedPerson.objects.filter(conversation=other, until=None).select_related("user")
    conversation.sensitive_since = other.sensitive_since
    Conversation.objects.filter(pk=conversation.pk).update(sensitive_since=other.sensitive_since)
    put_names(conversation.pk, people=[row.user for row in rows], by=SYSTEM)


def _tell(mailbox: Mailbox, before: list[User], *, names: str, by: User) -> None:
    for one in before:
        if one == by or not one.is_active:
            continue
        with translation.override(one.language):
            words = {"who": by.name, "mailbox": mailbox.name, "people": names or _("everybody on the mailbox")}
            text = _(
                "%(who)s changed who can see new conversations of the mailbox %(mailbox)s, where you were named.\n\n"
                "From now on, new ones can be seen by: %(people)s.\n\n"
                "What came before is as it was."
            )
            subject = _("Who can see new mail in %(mailbox)s was changed")
            post_letter(to=one.email, name=one.name, subject=subject % words, text=text % words)

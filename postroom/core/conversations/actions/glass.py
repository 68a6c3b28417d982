"""Break the glass: see a sensitive conversation without being named, for a while, with a reason, and not in secret."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import BREAK_GLASS, may
from postroom.core.audit.write import write
from postroom.core.conversations.actions.moving import held
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.models import Conversation, NamedPerson
from postroom.core.conversations.naming import named_in, sees
from postroom.core.events.kinds import GlassBroken
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.text import one_line, storable

GLASS_LASTS = timedelta(hours=1)
# Shorter than "HR" is no reason that a person can be told.
SHORTEST_REASON = 10


class GlassRefused(Exception):
    """Nothing was opened; the text says why, for the person who asked."""


class NoReason(GlassRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Nothing was opened. Say why you need to see it, in a few words: the people named in it will read that.")
        )


class NothingToBreak(GlassRefused):
    def __init__(self, number: int) -> None:
        super().__init__(
            _("There is no sensitive conversation #%(number)s that is closed to you.") % {"number": number}
        )


def break_glass(number: int, *, reason: str, by: User) -> datetime:
    """Let this person see one sensitive conversation for an hour and return until when; GlassRefused, NotAllowed.

    Everybody named is told by a letter and a notice (followers), and the reason stands in the timeline and in the
    audit log.
    """
    if not may(by, BREAK_GLASS):
        raise NotAllowed(_("Your role does not open sensitive conversations."))
    reason = one_line(storable(reason), length=500)
    if len(reason) < SHORTEST_REASON:
        raise NoReason
    with transaction.atomic():
        row = held(number).get(number)
        if row is None or not row.sensitive or sees(by, row):
            raise NothingToBreak(number)
        until = clock.now() + GLASS_LASTS
        fields = {"until": until, "by": by, "at": clock.now()}
        NamedPerson.objects.update_or_create(conversation=row, user=by, defaults=fields)
        record(GlassBroken(reason=reason), by=by, mailbox_id=row.mailbox_id, conversation_id=row.pk)
        write(
            "sensitive.glass_broken",
            by=by,
            subject=f"conversation:{row.pk}",
            subject_name=f"#{row.pk}",
            mailbox_id=row.mailbox_id,
            conversation_id=row.pk,
            after={"until": until.isoformat()},
            reason=reason,
        )
        _tell(row, reason=reason, by=by)
    return until


def _tell(row: Conversation, *, reason: str, by: User) -> None:
    for one in named_in(row).filter(is_active=True).exclude(pk=by.pk):
        with translation.override(one.language):
            words = {"who": by.name, "number": row.pk, "mailbox": row.mailbox.name, "reason": reason}
            text = _(
                "%(who)s is not named in the sensitive conversation #%(number)s in %(mailbox)s, and opened it "
                "all the same. They can see it for an hour.\n\n"
                "Their reason: %(reason)s\n\n"
                "You get this letter because you are named in it. This was written to the audit log, too."
            )
            subject = _("%(who)s opened the sensitive conversation #%(number)s")
            post_letter(to=one.email, name=one.name, subject=subject % words, text=text % words)

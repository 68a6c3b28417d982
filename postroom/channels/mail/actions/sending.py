"""How a mailbox sends: how much at a time, through which spare server, with which copy and which signature."""

from django.db import IntegrityError, transaction

from postroom.channels.mail.models import SPARE, DkimKey, Route, SendingRules
from postroom.channels.mail.noted import note_mailbox
from postroom.channels.mail.signing import key_of, make_key
from postroom.channels.mail.wire import wire_domain
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MailboxChanged
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.addresses import domain


def change_rules(
    mailbox: Mailbox, *, per_minute: int | None, per_day: int | None, spare_after: int, keep_copy: str, by: Actor
) -> SendingRules:
    """Say how much the mailbox may send and what is kept of it; what waits for its turn is looked at anew."""
    after: dict[str, str | int | None] = {
        "per_minute": per_minute,
        "per_day": per_day,
        "spare_after": spare_after,
        "keep_copy": keep_copy,
    }
    with transaction.atomic():
        before = SendingRules.objects.filter(mailbox=mailbox).values(*after).first() or {}
        rules, _made = SendingRules.objects.update_or_create(mailbox=mailbox, defaults=after)
        held = Message.objects.filter(conversation__mailbox=mailbox, delivery=DEFERRED, attempts=0)
        held.update(send_after=clock.now())
        note_mailbox("mailbox.sending_rules", mailbox, by=by, before=before, after=after)
        _changed(mailbox, by=by)
    return rules


def forget_spare(mailbox: Mailbox, *, by: Actor) -> bool:
    """Do without a spare server. False when there was none."""
    with transaction.atomic():
        if not Route.objects.filter(mailbox=mailbox, rank=SPARE).delete()[0]:
            return False
        note_mailbox("mailbox.spare_removed", mailbox, by=by)
        _changed(mailbox, by=by)
    return True


def make_signing_key(mailbox: Mailbox, *, by: Actor) -> DkimKey:
    """Make the key of the mailbox's domain, or return the one there is. It signs nothing until `sign_mail`."""
    if (key := key_of(mailbox)) is not None:
        return key
    now = clock.now()
    # A name that tells when it was made: keys are changed now and then, and the old record has to stay for a while.
    made = make_key(for_domain=wire_domain(domain(mailbox.address)), selector=f"postroom{now:%Y%m%d}")
    made.created_at = now
    try:
        with transaction.atomic():
            made.save()
            told = {"domain": made.domain, "selector": made.selector}
            note_mailbox("mailbox.signing_key_made", mailbox, by=by, after=told)
            _changed(mailbox, by=by)
    except IntegrityError:
        # Somebody else was quicker by a moment.
        return DkimKey.objects.get(domain=made.domain)
    return made


def sign_mail(mailbox: Mailbox, *, by: Actor) -> bool:
    """Sign the mail of the mailbox's domain from now on. False when it was signed before, or there is no key."""
    return _set_signing(mailbox, active=True, by=by)


def stop_signing(mailbox: Mailbox, *, by: Actor) -> bool:
    """Sign no more; the key is kept. False when nothing was signed."""
    return _set_signing(mailbox, active=False, by=by)


def forget_signing_key(mailbox: Mailbox, *, by: Actor) -> bool:
    """Throw the key away, to make another. False when there is none."""
    with transaction.atomic():
        if not DkimKey.objects.filter(domain=wire_domain(domain(mailbox.address))).delete()[0]:
            return False
        note_mailbox("mailbox.signing_key_removed", mailbox, by=by)
        _changed(mailbox, by=by)
    return True


def _set_signing(mailbox: Mailbox, *, active: bool, by: Actor) -> bool:
    with transaction.atomic():
        keys = DkimKey.objects.filter(domain=wire_domain(domain(mailbox.address)), active=not active)
        if not keys.update(active=active):
            return False
        note_mailbox("mailbox.signing", mailbox, by=by, before={"signed": not active}, after={"signed": active})
        _changed(mailbox, by=by)
    return True


def _changed(mailbox: Mailbox, *, by: Actor) -> None:
    record(MailboxChanged(address=mailbox.address), by=by, mailbox_id=mailbox.pk)

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox
from postroom.core.audit.differences import Told, differences
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MailboxAdded, MailboxChanged
from postroom.core.events.record import record
from postroom.lib.addresses import is_address, normalize
from postroom.lib.text import one_line, storable


class MailboxRefused(Exception):
    """A mailbox could not be added or changed; `field` names the input that has to change."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def add_mailbox(*, name: str, address: str, from_name: str = "", by: Actor) -> Mailbox:
    """Make a mailbox for one address; nobody is in it yet."""
    address = normalize(address)
    if not is_address(address):
        raise MailboxRefused(_("This is not a mail address. It looks like support@example.org."), field="address")
    mailbox = Mailbox(
        name=one_line(name, length=80) or address.partition("@")[0],
        address=address,
        from_name=one_line(from_name, length=120),
    )
    try:
        with transaction.atomic():
            mailbox.save()
            _note("mailbox.added", mailbox, by=by, before={}, after={"name": mailbox.name, "address": address})
            record(MailboxAdded(address=address), by=by, mailbox_id=mailbox.pk)
    except IntegrityError:
        raise MailboxRefused(_("There is a mailbox with this address already."), field="address") from None
    return mailbox


def change_mailbox(
    mailbox: Mailbox, *, name: str, from_name: str, signature: str, by: Actor, plus_address: bool = False
) -> bool:
    """Change what a mailbox is called and how it signs; its address stays. False when nothing was different."""
    name = one_line(name, length=80)
    if not name:
        raise MailboxRefused(_("Type a name for this mailbox."), field="name")
    changed: dict[str, str | bool] = {
        "name": name,
        "from_name": one_line(from_name, length=120),
        "signature": storable(signature)[:5000],
        "plus_address": plus_address,
    }
    if all(getattr(mailbox, field) == value for field, value in changed.items()):
        return False
    before = {field: getattr(mailbox, field) for field in changed}
    with transaction.atomic():
        Mailbox.objects.filter(pk=mailbox.pk).update(**changed)
        for field, value in changed.items():
            setattr(mailbox, field, value)
        _note("mailbox.changed", mailbox, by=by, before=before, after=changed)
        record(MailboxChanged(address=mailbox.address), by=by, mailbox_id=mailbox.pk)
    return True


def _note(action: str, mailbox: Mailbox, *, by: Actor, before: Mapping[str, Told], after: Mapping[str, Told]) -> None:
    was, now = differences(before, after)
    place = f"mailbox:{mailbox.pk}"
    write(action, by=by, subject=place, subject_name=mailbox.address, mailbox_id=mailbox.pk, before=was, after=now)

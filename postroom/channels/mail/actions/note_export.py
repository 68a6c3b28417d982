from postroom.core.accounts.models import Mailbox
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor


def note_export(mailbox: Mailbox, *, form: str, by: Actor, sensitive: bool = False) -> None:
    """Write to the audit log that everything a mailbox holds is taken out, as this form; before it is.

    `sensitive`: with the sensitive conversations, whoever is named in them.
    """
    write(
        "mailbox.exported",
        by=by,
        subject=f"mailbox:{mailbox.pk}",
        subject_name=mailbox.address,
        mailbox_id=mailbox.pk,
        after={"format": form, **({"sensitive": True} if sensitive else {})},
    )

"""Who may change conversations. Every verb asks first; Postroom itself and customers are asked nothing."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.accounts.rights import Rights, rights_in
from postroom.core.events.actor import Actor


class NotAllowed(PermissionDenied):
    """Somebody who may see this may not do it; the text says why, for them. A page that does not catch it says 403."""

    def __init__(self, why: str) -> None:
        super().__init__(_("%(why)s Nothing was changed.") % {"why": why})


def must_answer(mailbox_id: int, *, by: Actor) -> None:
    """Raise NotAllowed for a person who may not answer in this mailbox: one query, and none for anybody else."""
    if isinstance(by, User):
        refuse_unless_answering(rights_in(mailbox_id, user_id=by.pk))


def must_note(mailbox_id: int, *, by: Actor) -> None:
    """As `must_answer`, for notes: enough is who may read here and has a role that writes notes."""
    if isinstance(by, User):
        refuse_unless_noting(rights_in(mailbox_id, user_id=by.pk))


def must_write(mailbox_id: int, *, by: Actor) -> None:
    """As `must_answer`, for what goes with a reply or a note."""
    if isinstance(by, User):
        rights = rights_in(mailbox_id, user_id=by.pk)
        if not rights.answers:
            refuse_unless_noting(rights)


def refuse_unless_answering(rights: Rights) -> None:
    """Raise NotAllowed with the reason."""
    if not rights.answers:
        raise NotAllowed(rights.why_not)


def refuse_unless_noting(rights: Rights) -> None:
    """As `refuse_unless_answering`, for notes."""
    if not rights.notes:
        raise NotAllowed(rights.why_no_note)

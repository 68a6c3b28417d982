"""What the person of a request may do in a mailbox: read once for the whole page."""

from django.http import HttpRequest

from postroom.core.accounts.models import Mailbox
from postroom.core.accounts.permissions import permissions_of
from postroom.core.accounts.queries import mailboxes_of
from postroom.core.accounts.rights import Rights, rights_everywhere
from postroom.core.conversations.allowed import refuse_unless_answering
from postroom.faces.web.access import person

_KEPT = "_postroom_rights"


def rights_here(request: HttpRequest, mailbox_id: int) -> Rights:
    """Return what this person may do in this mailbox; the first question of a request costs one query."""
    return _everywhere(request).get(mailbox_id) or Rights(permissions=permissions_of(person(request)))


def writes_somewhere(request: HttpRequest) -> bool:
    """Tell whether this person may write to customers from any mailbox; the same query."""
    return any(rights.answers for rights in _everywhere(request).values())


def answered_mailboxes(request: HttpRequest) -> list[Mailbox]:
    """Return the mailboxes in which this person answers."""
    rights = _everywhere(request)
    return [one for one in mailboxes_of(person(request)) if one.pk in rights and rights[one.pk].answers]


def _everywhere(request: HttpRequest) -> dict[int, Rights]:
    kept: dict[int, Rights] | None = getattr(request, _KEPT, None)
    if kept is None:
        kept = rights_everywhere(person(request))
        setattr(request, _KEPT, kept)
    return kept


def must_answer_here(request: HttpRequest, mailbox_id: int) -> None:
    """Raise NotAllowed (403 with its reason) before a form is read that this person may not send here."""
    refuse_unless_answering(rights_here(request, mailbox_id))

"""The guarded nouns as this person sees them; what is not there is 404. Each is a reading, for the audit log."""

from django.http import Http404
from django.utils.translation import gettext as _

from postroom.core.audit.reading import note_reading
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import MERGED, Attachment, Conversation
from postroom.faces.api.v1.asking import Asking, Problem

# As the pages call it in the audit log (faces/web/readings.py).
_CONVERSATION = "conversation.read"
_ATTACHMENT = "attachment.read"


def conversation_to_read(asking: Asking, number: int) -> Conversation:
    """Return the conversation for who reads it: the audit log has it before anything is shown."""
    found = conversation_or_404(asking, number)
    if found.status == MERGED and found.merged_into_id:
        # Its messages are there now; whoever may not see that one gets its 404.
        place = asking.request.path.replace(f"/{number}", f"/{found.merged_into_id}", 1)
        sentence = _("This conversation was joined to another one.")
        raise Problem(307, "joined", sentence, headers={"Location": place})
    places = {"mailbox_id": found.mailbox_id, "conversation_id": found.pk}
    note_reading(_CONVERSATION, by=asking.user, subject=f"conversation:{found.pk}", **places)
    return found


def conversation_or_404(asking: Asking, number: int) -> Conversation:
    """Return the conversation with its mailbox and contact, for who changes it."""
    rows = Conversation.objects.visible_to(asking.user).select_related("mailbox", "contact", "assignee", "team")
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def file_to_read(asking: Asking, number: int) -> Attachment:
    """Return a file of a message; what was taken back with its note is not there."""
    rows = Attachment.objects.filter(
        seen_by(asking.user, through="conversation"), message__isnull=False, message__retracted_at=None, pk=number
    )
    found = rows.select_related("message__conversation").first()
    if found is None or found.message is None:
        raise Http404
    places = {"mailbox_id": found.message.conversation.mailbox_id, "conversation_id": found.message.conversation_id}
    note_reading(_ATTACHMENT, by=asking.user, subject=f"attachment:{found.pk}", **places)
    return found

"""Who opened what, for the audit log: written before it is shown, so that nothing is shown that is not written."""

from django.http import HttpRequest

from postroom.core.accounts.models import User
from postroom.core.audit.reading import note_reading
from postroom.core.conversations.models import Attachment, Conversation, Message

CONVERSATION = "conversation.read"
# Its browser has it, and nobody has looked yet (js/ahead.js); what is shown of it then is a reading.
AHEAD = "conversation.fetched_ahead"
ATTACHMENT = "attachment.read"
ATTACHED_MAIL = "attached_mail.read"
RAW_MAIL = "raw_mail.read"
LEDGER_MAIL = "ledger_mail.read"
LOG = "audit.read"


def conversation_read(request: HttpRequest, conversation: Conversation) -> None:
    """Write that this person reads the conversation: its page, or a part of it."""
    if is_ahead(request) and conversation.sensitive:
        # The page gives nothing of it ahead.
        return
    _note(request, AHEAD if is_ahead(request) else CONVERSATION, f"conversation:{conversation.pk}", conversation)


def is_ahead(request: HttpRequest) -> bool:
    """Tell whether a page of ours asks for the conversation that comes next; any other address is asked to be read."""
    match = request.resolver_match
    return "Postroom-Ahead" in request.headers and match is not None and match.url_name == "conversation"


def raw_mail_read(request: HttpRequest, message: Message) -> None:
    """Write that this person takes a mail as it came."""
    _note(request, RAW_MAIL, f"message:{message.pk}", message.conversation)


def attachment_read(request: HttpRequest, file: Attachment, *, what: str = ATTACHMENT) -> None:
    """Write that this person opens a file; pictures inside a mail's text belong to the reading of their conversation.

    `what` is ATTACHED_MAIL where a mail inside it is shown. One's own upload that was not sent yet is nobody's news.
    """
    if file.message_id is None or file.conversation is None:
        return
    # What the mail calls inline and is no picture was opened by hand.
    part_of_text = file.inline and file.content_type.startswith("image/") and "download" not in request.GET
    if part_of_text and what == ATTACHMENT:
        conversation_read(request, file.conversation)
    else:
        _note(request, what, f"attachment:{file.pk}", file.conversation)


def ledger_mail_read(request: HttpRequest, mail_id: int, *, mailbox_id: int) -> None:
    """Write that this person reads a mail in the ledger, whether it has a conversation or not."""
    if request.method == "GET" and isinstance(request.user, User):
        note_reading(LEDGER_MAIL, by=request.user, subject=f"mail:{mail_id}", mailbox_id=mailbox_id)


def log_read(request: HttpRequest) -> None:
    """Write that this person reads the audit log itself."""
    if request.method == "GET" and isinstance(request.user, User):
        note_reading(LOG, by=request.user, subject="audit")


def _note(request: HttpRequest, action: str, subject: str, conversation: Conversation) -> None:
    # A verb changes and shows nothing, and HEAD has no body.
    if request.method == "GET" and isinstance(request.user, User):
        places = {"mailbox_id": conversation.mailbox_id, "conversation_id": conversation.pk}
        note_reading(action, by=request.user, subject=subject, **places)

from django.db import transaction
from django.db.models import QuerySet

from postroom.core.accounts.models import User
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import Message, TrustedImages
from postroom.core.conversations.models.message import IN
from postroom.core.events.kinds import ImagesDistrusted, ImagesTrusted
from postroom.core.events.record import record
from postroom.lib.addresses import normalize


def trusts_images(message: Message) -> bool:
    """Tell whether images from outside are shown at once in this mail.

    A mail whose sender did not prove to be who they say is shown as any stranger's, whatever address it bears.
    """
    if message.kind != IN or "sender" in (message.protection or {}):
        return False
    return _rows(message).exists()


def trust_images(message: Message, *, by: User) -> bool:
    """Show the images of all mails of this sender to this mailbox; False when they were shown already."""
    must_answer(message.conversation.mailbox_id, by=by)
    email = normalize(message.from_email)
    if message.kind != IN or not email:
        return False
    with transaction.atomic():
        _row, made = TrustedImages.objects.get_or_create(
            mailbox_id=message.conversation.mailbox_id, email=email, defaults={"by": by}
        )
        if made:
            _say(ImagesTrusted(email=email), message, by=by)
    return made


def distrust_images(message: Message, *, by: User) -> bool:
    """Ask again before images of this sender are shown; False when that was so."""
    must_answer(message.conversation.mailbox_id, by=by)
    with transaction.atomic():
        removed, _kinds = _rows(message).delete()
        if removed:
            _say(ImagesDistrusted(email=normalize(message.from_email)), message, by=by)
    return bool(removed)


def _rows(message: Message) -> QuerySet[TrustedImages]:
    return TrustedImages.objects.filter(mailbox_id=message.conversation.mailbox_id, email=normalize(message.from_email))


def _say(kind: ImagesTrusted | ImagesDistrusted, message: Message, *, by: User) -> None:
    record(
        kind,
        by=by,
        mailbox_id=message.conversation.mailbox_id,
        conversation_id=message.conversation_id,
        message_id=message.pk,
    )

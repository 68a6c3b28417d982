from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from postroom.core.conversations.models import Attachment, Draft
from postroom.lib import clock

# Somebody may come back to a half-written reply after a weekend, or after an illness.
KEPT = timedelta(days=7)
_AT_ONCE = 500


def sweep_uploads() -> bool:
    """Forget files that were uploaded and never became part of a message; tell whether there may be more."""
    # A draft is kept until its writer is done with it, and its files with it.
    own = Draft.objects.filter(author=OuterRef("uploaded_by"))
    held = Exists(own.filter(conversation=OuterRef("conversation")))
    first = Q(conversation=None) & Exists(own.filter(conversation=None))
    old = Attachment.objects.filter(~held, ~first, message=None, created_at__lt=clock.now() - KEPT).order_by("pk")
    numbers = list(old.values_list("pk", flat=True)[:_AT_ONCE])
    if not numbers:
        return False
    # Asked again in the statement itself: one may have been sent a moment ago.
    Attachment.objects.filter(pk__in=numbers, message=None).delete()
    return len(numbers) == _AT_ONCE

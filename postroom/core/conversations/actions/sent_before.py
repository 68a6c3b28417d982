from postroom.core.accounts.models import User
from postroom.core.conversations.models import Message


def sent_before(token: str | None, *, by: User) -> Message | None:
    """Return the message that this very form made before, when its answer got lost or its button was hit twice."""
    return Message.objects.filter(author=by, client_token=token).first() if token else None

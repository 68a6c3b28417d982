from postroom.core.accounts.models import User
from postroom.core.conversations.models import Conversation
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import Unassigned
from postroom.core.events.record import record
from postroom.lib.statements import run

# Written out, since nearly every answer asks it of nearly always nobody.
_GONE = f"""
    SELECT c.id FROM {Conversation._meta.db_table} c JOIN {User._meta.db_table} u ON u.id = c.assignee_id
    WHERE c.id = %s AND NOT u.is_active
"""  # noqa: S608, SLF001  (names of our own)


def free_of_gone_owner(conversation: Conversation) -> bool:
    """Make a conversation that wakes free to take when its owner was deactivated meanwhile; inside a transaction.

    What was closed kept its owner's name when they left; nobody would see it wake on the list of somebody who is gone.
    """
    if not run(_GONE, [conversation.pk]):
        return False
    if not Conversation.objects.filter(pk=conversation.pk, assignee__is_active=False).update(assignee=None):
        return False
    conversation.assignee = None
    record(Unassigned(), by=SYSTEM, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True

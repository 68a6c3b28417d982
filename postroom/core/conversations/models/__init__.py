from postroom.core.conversations.models.attachment import Attachment
from postroom.core.conversations.models.contact import Contact
from postroom.core.conversations.models.conversation import (
    CLOSED,
    MERGED,
    OPEN,
    PENDING,
    PRIORITIES,
    SPAM,
    STATUSES,
    Conversation,
    Participant,
)
from postroom.core.conversations.models.delivery import Delivery
from postroom.core.conversations.models.file_verdict import CLEAN, INFECTED, WAITING, FileVerdict
from postroom.core.conversations.models.folder_count import FolderCount
from postroom.core.conversations.models.loose_end import LooseEnd
from postroom.core.conversations.models.message import Message
from postroom.core.conversations.models.named_person import NamedPerson, SensitiveMailbox
from postroom.core.conversations.models.read_mark import ReadMark
from postroom.core.conversations.models.tag import ConversationTag, Tag

__all__ = [
    "CLEAN",
    "CLOSED",
    "INFECTED",
    "MERGED",
    "OPEN",
    "PENDING",
    "PRIORITIES",
    "SPAM",
    "STATUSES",
    "WAITING",
    "Attachment",
    "Contact",
    "Conversation",
    "ConversationTag",
    "Delivery",
    "FileVerdict",
    "FolderCount",
    "LooseEnd",
    "Message",
    "NamedPerson",
    "Participant",
    "ReadMark",
    "SensitiveMailbox",
    "Tag",
]

from postroom.core.conversations.models.answerable_letter import AnswerableLetter
from postroom.core.conversations.models.attachment import Attachment
from postroom.core.conversations.models.bulk import BulkJob, BulkStep
from postroom.core.conversations.models.chosen_contact import ChosenContact
from postroom.core.conversations.models.contact import Contact
from postroom.core.conversations.models.conversation import (
    CLOSED,
    MERGED,
    OPEN,
    PENDING,
    PRIORITIES,
    SNOOZED,
    SPAM,
    STATUSES,
    TRASH,
    Conversation,
    Participant,
)
from postroom.core.conversations.models.delivery import Delivery
from postroom.core.conversations.models.draft import Draft, DraftComment
from postroom.core.conversations.models.emptying import Emptying, ForgottenFile, TrashRule
from postroom.core.conversations.models.file_verdict import CLEAN, INFECTED, WAITING, FileVerdict
from postroom.core.conversations.models.folder_count import FolderCount
from postroom.core.conversations.models.following import Following, Mention
from postroom.core.conversations.models.former_mailbox import FormerMailbox
from postroom.core.conversations.models.link import ConversationLink
from postroom.core.conversations.models.loose_end import LooseEnd
from postroom.core.conversations.models.message import Message
from postroom.core.conversations.models.named_person import NamedPerson, SensitiveMailbox
from postroom.core.conversations.models.note_version import NoteVersion
from postroom.core.conversations.models.presence import Presence
from postroom.core.conversations.models.read_mark import ReadMark
from postroom.core.conversations.models.side_thread import SideThread
from postroom.core.conversations.models.tag import ConversationTag, Tag
from postroom.core.conversations.models.trusted_images import TrustedImages
from postroom.core.conversations.models.view import View, ViewPlace

__all__ = [
    "CLEAN",
    "CLOSED",
    "INFECTED",
    "MERGED",
    "OPEN",
    "PENDING",
    "PRIORITIES",
    "SNOOZED",
    "SPAM",
    "STATUSES",
    "TRASH",
    "WAITING",
    "AnswerableLetter",
    "Attachment",
    "BulkJob",
    "BulkStep",
    "ChosenContact",
    "Contact",
    "Conversation",
    "ConversationLink",
    "ConversationTag",
    "Delivery",
    "Draft",
    "DraftComment",
    "Emptying",
    "FileVerdict",
    "FolderCount",
    "Following",
    "ForgottenFile",
    "FormerMailbox",
    "LooseEnd",
    "Mention",
    "Message",
    "NamedPerson",
    "NoteVersion",
    "Participant",
    "Presence",
    "ReadMark",
    "SensitiveMailbox",
    "SideThread",
    "Tag",
    "TrashRule",
    "TrustedImages",
    "View",
    "ViewPlace",
]

"""Letters that their reader may answer: which they are, and what stands in them. In the language that is active."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.policy import policy
from postroom.core.accounts.rights import rights_in
from postroom.core.conversations.models import MERGED, TRASH, Conversation, SensitiveMailbox
from postroom.lib.addresses import normalize

# Whatever a mail program makes of the letter that it quotes, this stands in it, in any language.
ANSWER_LINE = re.compile(r"##-[^#]{0,300}-##")


def is_answerable(conversation: Conversation, *, by: User) -> bool:
    """Tell whether this person, who sees it, may be written a letter about it that they may answer.

    Never about a sensitive conversation: what is said there is not for other people's mail servers. Nor to somebody
    who signs in with a mailbox's address: everybody there would read the letter.
    """
    if conversation.status in (MERGED, TRASH) or is_discreet(conversation) or not answers_are_taken():
        return False
    answers = rights_in(conversation.mailbox_id, user_id=by.pk).answers
    return answers and not Mailbox.objects.filter(address=normalize(by.email)).exists()


def is_discreet(conversation: Conversation) -> bool:
    """Tell whether nothing that is said in it may stand in a letter."""
    return conversation.sensitive or SensitiveMailbox.objects.filter(pk=conversation.mailbox_id).exists()


def answers_are_taken() -> bool:
    """Tell whether the owners let people answer by mail."""
    return policy().answers_by_mail


def words_may_be_written(conversation: Conversation) -> bool:
    """Tell whether a letter about it may say what the customer wrote."""
    return policy().words_in_letters and not is_discreet(conversation)


def answer_line() -> str:
    """Return the line above which the answer is written."""
    return f"##- {_('Write your answer above this line')} -##"


def how_to_answer(conversation: Conversation) -> str:
    """Say what an answer to the letter does."""
    return _(
        "Answer this mail, and your words go to the customer from %(mailbox)s. A first line #note makes a note for "
        "colleagues of it instead, #close closes the conversation as well."
    ) % {"mailbox": conversation.mailbox.address}


def link_to(conversation: Conversation) -> str:
    """Return the address of its page; empty when nobody has said where Postroom is reached."""
    base = settings.POSTROOM_BASE_URL
    return f"{base}/conversations/{conversation.pk}" if base else ""

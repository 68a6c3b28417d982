"""To whom a reply goes."""

from collections.abc import Sequence
from email.utils import getaddresses

from postroom.core.conversations.actions.refusals import BadRecipient, NoRecipient, TooManyRecipients
from postroom.core.conversations.automatic import NOT_THE_CUSTOMER
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.models.message import IN
from postroom.lib.addresses import is_address
from postroom.lib.text import one_line

People = list[dict[str, str]]

LIMIT = 100


def recipients(conversation: Conversation) -> list[str]:
    """Return whom a reply goes to by default: the last customer who wrote, at their Reply-To if there is one."""
    said = conversation.messages.filter(kind=IN).exclude(automatic__in=NOT_THE_CUSTOMER)
    last = said.order_by("-pk").first()
    if last is None:
        return [conversation.contact.email]
    return [last.reply_to or last.from_email or conversation.contact.email]


def checked(to: Sequence[str], *, cc: Sequence[str], bcc: Sequence[str]) -> tuple[People, People, People]:
    """Return whom a reply goes to by default: the last customer who wrote, at their Reply-To if any."""
    met: set[str] = set()
    lists = tuple(_people(addresses, met) for addresses in (to, cc, bcc))
    if not any(lists):
        raise NoRecipient
    if len(met) > LIMIT:
        raise TooManyRecipients(LIMIT)
    return lists[0], lists[1], lists[2]


def _people(addresses: Sequence[str], met: set[str]) -> People:
    people: People = []
    for text in addresses:
        if not text.strip():
            continue
        # A line break here would be a header of the sender's choice.
        pairs = getaddresses([text]) if "\n" not in text and "\r" not in text else []
        name, email = pairs[0] if len(pairs) == 1 else ("", "")
        if not is_address(email):
            raise BadRecipient(text.strip())
        if email.lower() not in met:
            met.add(email.lower())
            people.append({"name": one_line(name, length=200), "email": email})
    return people

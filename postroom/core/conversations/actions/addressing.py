"""To whom a reply goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import getaddresses

from django.db.models import QuerySet

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.refusals import BadRecipient, NoRecipient, TooManyRecipients
from postroom.core.conversations.answered import answered_by, left_out, speaks
from postroom.core.conversations.models import Conversation, Message, Participant
from postroom.core.conversations.models.message import CANCELLED, OUT
from postroom.lib.addresses import is_address, is_nobody, normalize, without_plus
from postroom.lib.prepared import prepared
from postroom.lib.text import one_line

People = list[dict[str, str]]

LIMIT = 100


@dataclass(frozen=True)
class Everybody:
    """Whom a reply to all goes to: lists of {"name": …, "email": …}."""

    to: People
    cc: People


def recipients(conversation: Conversation) -> list[str]:
    """Return whom a reply goes to by default, as `usual` has them."""
    return [person["email"] for person in usual(conversation)]


def usual(conversation: Conversation) -> People:
    """Return whom a reply goes to by default: the last customer who wrote, at their Reply-To if there is one.

    Nobody, when all that is known is an address that nobody reads.
    """
    return _usual(conversation, answered_by(conversation), ours=our_addresses())


def everybody(conversation: Conversation) -> Everybody:
    """Return whom a reply to all goes to: also those who stand in To and Cc of the mail that is answered.

    Ourselves, addresses that nobody reads, and who was taken out before are not among them.
    """
    gone, ours = left_out(conversation), our_addresses()
    answered = answered_by(conversation, gone=gone)
    to = _usual(conversation, answered, ours=ours)
    if answered is not None and speaks(answered, gone):
        # They wrote again.
        gone.pop(normalize(answered.from_email), None)
    met = {normalize(person["email"]) for person in to} | ours | set(gone)
    source = answered or _last_of_ours(conversation)
    cc: People = []
    for person in [*source.to, *source.cc] if source else []:
        email = normalize(person.get("email", ""))
        if not is_address(email) or is_nobody(email) or not met.isdisjoint((email, without_plus(email))):
            continue
        met.add(email)
        cc.append({"name": person.get("name", ""), "email": person["email"]})
    return Everybody(to=to, cc=cc[: LIMIT - len(to)])


def our_addresses() -> set[str]:
    """Return the addresses of all mailboxes, compared-ready."""
    return {normalize(address) for address in _mailboxes()}


@prepared
def _mailboxes() -> "QuerySet[Mailbox, str]":
    return Mailbox.objects.values_list("address", flat=True)


def checked(to: Sequence[str], *, cc: Sequence[str], bcc: Sequence[str]) -> tuple[People, People, People]:
    """Return the people of the three lists, each address once; a refusal says what cannot be."""
    met: set[str] = set()
    lists = tuple(_people(addresses, met) for addresses in (to, cc, bcc))
    if not any(lists):
        raise NoRecipient
    if len(met) > LIMIT:
        raise TooManyRecipients(LIMIT)
    return lists[0], lists[1], lists[2]


def take_part(
    conversation: Conversation, people: Iterable[dict[str, str]], *, out: Iterable[str], at: datetime
) -> None:
    """Let those written to take part (again), and remember who was taken out; inside the verb's transaction."""
    emails = {normalize(person["email"])[:254] for person in people}
    gone = {normalize(email)[:254] for email in out} - emails - {""}
    rows = [Participant(conversation=conversation, email=email) for email in sorted(emails | gone)]
    Participant.objects.bulk_create(rows, ignore_conflicts=True)
    taking = Participant.objects.filter(conversation=conversation)
    taking.filter(email__in=emails, dropped_at__isnull=False).update(dropped_at=None)
    if gone:
        taking.filter(email__in=gone).update(dropped_at=at)


def _usual(conversation: Conversation, answered: Message | None, *, ours: set[str]) -> People:
    contact = {"name": conversation.contact.name, "email": conversation.contact.email}
    own = normalize(conversation.mailbox.address)
    ways: People = []
    if answered is not None:
        written = {"name": answered.from_name, "email": answered.from_email}
        # Their own Reply-To, but none that leads back to us.
        if without_plus(normalize(answered.reply_to)) not in ours:
            same = normalize(answered.reply_to) == normalize(answered.from_email)
            ways.append({"name": answered.from_name if same else "", "email": answered.reply_to})
        ways.append(written)
    ways.append(contact)
    for way in ways:
        email = normalize(way["email"])
        if is_address(email) and not is_nobody(email) and own not in (email, without_plus(email)):
            known = way["name"] or (contact["name"] if email == normalize(contact["email"]) else "")
            return [{"name": known, "email": way["email"]}]
    return []


def _last_of_ours(conversation: Conversation) -> Message | None:
    """Return what we wrote last, where the customer has not written yet."""
    ours = Message.objects.filter(conversation=conversation, kind=OUT, side_thread=None).exclude(delivery=CANCELLED)
    return ours.order_by("-pk").first()


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

"""What is said beside a conversation, in its side threads, and how it is kept from the customer."""

from collections.abc import Collection

from postroom.core.conversations.answered import left_out
from postroom.core.conversations.models import Contact, Message, SideThread
from postroom.core.conversations.models.message import CANCELLED, IN
from postroom.lib.addresses import normalize

# More than any side thread has; a hostile one may be as long as it likes.
_LATEST = 200
_IDS = 60


def customers_of(conversation_id: int, *, but: Collection[int] = ()) -> set[str]:
    """Return who speaks as the customer, compared-ready: the contact, and whoever wrote in the talk and is still in it.

    `but` are messages, by id, that count for nobody. A side thread never goes to one of these people, and what they
    write is never filed in one.
    """
    wrote = Message.objects.filter(conversation=conversation_id, kind=IN, side_thread=None, automatic="")
    wrote = wrote.exclude(pk__in=but) if but else wrote
    emails = {normalize(email) for email in wrote.order_by().values_list("from_email", flat=True).distinct()}
    contact = Contact.objects.filter(conversation=conversation_id).values_list("email", flat=True).first()
    return (emails - set(left_out(conversation_id)) | {normalize(contact or "")}) - {""}


def people_beside(sides: Collection[int]) -> dict[int, set[str]]:
    """Return for each of these side threads who takes part in it, compared-ready: written to, or writing."""
    found = {
        row.pk: {normalize(person.get("email", "")) for person in row.people}
        for row in SideThread.objects.filter(pk__in=sides)
    }
    said = Message.objects.filter(side_thread__in=found).exclude(delivery=CANCELLED).order_by("-pk")
    for message in said.only("side_thread", "kind", "from_email", "to", "cc", "bcc")[:_LATEST]:
        people = {normalize(person.get("email", "")) for person in (*message.to, *message.cc, *message.bcc)}
        people |= {normalize(message.from_email)} if message.kind == IN else set()
        found[message.side_thread_id or 0] |= people
    return {number: people - {""} for number, people in found.items()}


def last_beside(side: SideThread) -> Message | None:
    """Return the last mail of a side thread that can be answered, theirs or ours."""
    said = Message.objects.filter(side_thread=side).exclude(delivery=CANCELLED).exclude(rfc_id="")
    return said.order_by("-pk").first()


def references_of(answered: Message) -> str:
    """Return the References of an answer to the customer's mail, without the ids of side threads.

    Somebody may have let the customer in on one of those: then their program quotes it, and ours does not.
    """
    ids = f"{answered.references} {answered.rfc_id}".split()
    rows = Message.objects.filter(conversation=answered.conversation_id, side_thread__isnull=False)
    beside = set(rows.values_list("rfc_id", flat=True)) if rows.exists() else set()
    return " ".join(one for one in ids if one not in beside)


def side_answered(
    in_reply_to: str, references: str, *, sender: str, into: int, but: Collection[int] = ()
) -> int | None:
    """Return the side thread of that conversation that a mail answers; None when it answers the talk, or nothing.

    None, too, for whoever speaks as the customer there (`but` as above), whatever they quote.
    """
    ids = [*in_reply_to.split(), *reversed(references.split())][:_IDS]
    known = Message.objects.filter(conversation=into, rfc_id__in=ids).exclude(pk__in=but)
    found = dict(known.values_list("rfc_id", "side_thread"))
    side = next((found[one] for one in ids if one in found), None)
    return None if side is None or normalize(sender) in customers_of(into, but=but) else side

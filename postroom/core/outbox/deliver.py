"""Send what is due, once.

queued or deferred -> leased (this worker has it; nothing said yet) -> sending (the mail is being handed over) -> sent.
A worker that dies while leased loses nothing: the lease runs out and another tries. One that dies while sending leaves
the question open whether the server took it: the reply becomes uncertain and waits for a person.

A mail that the server took for some of its recipients goes the same ways again for the others alone: who has it stands
in the Delivery rows, and nobody with such a row is sent it again.
"""

from functools import partial

from postroom.core.conversations.models.message import SENDING
from postroom.core.outbox import endings
from postroom.core.outbox.claiming import AT_ONCE, LEASE, begin, claim, due, end_leases, free, lost
from postroom.core.outbox.outcomes import NotSent, Uncertain
from postroom.core.outbox.recipients import still_to_get
from postroom.core.outbox.transport import Transport
from postroom.lib.killpoint import killpoint

__all__ = ["AT_ONCE", "LEASE", "deliver_next", "due", "end_leases", "give_up_lost"]

WORDS_LOST = "The worker stopped while the mail was being handed over. Nobody knows whether the server took it."


def deliver_next(transport: Transport) -> bool:
    """Send the next message that is due; False when there is none. The network is used outside any transaction."""
    give_up_lost()
    message = claim()
    if message is None:
        return False
    killpoint("after_lease")
    to = still_to_get(message)
    if not to:
        endings.nobody_left(message)
        return True
    try:
        end = transport.send(message, to=to, before_data=partial(begin, message))
    except NotSent as outcome:
        killpoint("after_refusal")
        endings.not_sent(message, outcome, to=to)
    else:
        killpoint("after_data")
        endings.handed(message, end, to=to, left=transport.left)
    return True


def give_up_lost() -> int:
    """Let go of what a dead worker held: leased ones are free again, half-sent ones uncertain. Return how many."""
    held = lost()
    for message in held:
        if message.delivery == SENDING:
            endings.not_sent(message, Uncertain(WORDS_LOST), to=())
        else:
            free(message)
    return len(held)

"""Which recipients of a reply a report means, when the other side has given them other names."""

from postroom.channels.mail.spellings import spellings
from postroom.channels.mail.triage import Outcome
from postroom.channels.mail.triage.bounce_prose import addresses_in
from postroom.core.conversations.models import Message
from postroom.lib.addresses import normalize


def whose(outcome: Outcome, *, reply: Message, alone: bool, words: str = "") -> list[str]:
    """Return the recipients of the reply, as Delivery keeps them, that the outcome speaks of.

    Only those it was sent to, whatever a report claims: by the address itself; else, since mail is forwarded and
    aliases are resolved, by what only one of them can be: the sole recipient, the same name, the same domain. `alone`:
    the report has no other outcome; then also by being named in its `words`.
    """
    people = [*reply.to, *reply.cc, *reply.bcc]
    known = {name: normalize(person["email"])[:254] for person in people for name in spellings(person["email"])}
    if exact := [known[email] for email in outcome.emails if email in known]:
        return exact[:1]
    everybody = list(dict.fromkeys(known.values()))
    named = dict.fromkeys(known[email] for email in addresses_in(words) if email in known) if alone else {}
    if len(named) == 1:
        return list(named)
    if len(everybody) == 1 and alone:
        return everybody
    for part in (0, 2):
        parts = {email.rpartition("@")[part] for email in outcome.emails}
        same = [email for email in everybody if email.rpartition("@")[part] in parts]
        if len(same) == 1:
            return same
    return []

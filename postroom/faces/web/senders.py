"""What a reader should know of who a mail says it is from: a domain that looks like another, a check that failed."""

import re
from collections.abc import Iterator

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Upper
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import IN
from postroom.faces.web.protections import DANGER, WARNING, Line
from postroom.lib.addresses import domain, normalize
from postroom.lib.lookalikes import imitates, mixes_scripts, same_house, shown_domain
from postroom.lib.prepared import prepared

_ADDRESS = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+\.[^\s@<>()\",;:]+")
_ICON = "shield-alert"


def lines(message: Message) -> tuple[Line, ...]:
    """Return what to say above a customer's mail about its sender; nothing for nearly all of them."""
    if message.kind != IN or "@" not in message.from_email:
        return ()
    return tuple(_lines(message))


def _lines(message: Message) -> Iterator[Line]:
    theirs = domain(message.from_email)
    found = (message.protection or {}).get("sender")
    if isinstance(found, dict):
        yield _unproven(found, theirs)
    own = [domain(address) for address in _mailboxes()]
    at_home = any(same_house(theirs, one) for one in own)
    yield from _looks(message, theirs, own)
    yield from _name(message, at_home=at_home)
    if message.reply_to and not same_house(domain(message.reply_to), theirs) and message.automatic == "":
        yield Line(
            WARNING,
            "reply",
            _("Answers go to %(address)s, which is of another domain than the sender.") % {"address": message.reply_to},
        )


@prepared
def _mailboxes() -> "QuerySet[Mailbox, str]":
    return Mailbox.objects.values_list("address", flat=True)


@prepared
def _called(name: str) -> QuerySet[User]:
    # In capitals on both sides, which is what `iexact` does where it can.
    same = Q(Exact(Upper("name"), Upper(Value(name, output_field=CharField()))))
    return User.objects.filter(same, is_active=True).order_by("pk")[:1]


def _unproven(found: dict[str, str], theirs: str) -> Line:
    """A failed DMARC check is what the owners of the domain asked others to watch for; the rest may be carelessness."""
    checks = ", ".join(f"{name.upper()}: {found[name]}" for name in ("dmarc", "spf", "dkim") if name in found)
    more = _("%(server)s found: %(checks)s.") % {"server": found.get("by", ""), "checks": checks}
    grave = found.get("dmarc") == "fail" and found.get("policy") in ("quarantine", "reject")
    if grave:
        sentence = _("This mail is probably not from %(domain)s: it failed the checks that %(domain)s asks for.")
    else:
        sentence = _("Nothing proves that this mail is from %(domain)s.")
    return Line(DANGER if grave else WARNING, _ICON, sentence % {"domain": shown_domain(theirs)}, more)


def _looks(message: Message, theirs: str, own: list[str]) -> Iterator[Line]:
    customer = domain(message.conversation.contact.email)
    # The customer who wrote this very mail is no proof of its sender.
    known = own if same_house(customer, theirs) else [*own, customer]
    if meant := imitates(theirs, known):
        sentence = (
            _("The sender’s domain %(domain)s looks like yours, %(meant)s, and is not.")
            if meant in own
            else _("The sender’s domain %(domain)s looks like the customer’s, %(meant)s, and is not.")
        )
        yield Line(DANGER, _ICON, sentence % {"domain": shown_domain(theirs), "meant": meant})
    elif mixes_scripts(theirs):
        sentence = _("The sender’s domain is written with letters of several alphabets: %(domain)s.")
        yield Line(DANGER, _ICON, sentence % {"domain": shown_domain(theirs)})


def _name(message: Message, *, at_home: bool) -> Iterator[Line]:
    """A name is whatever its writer likes it to be: another address, or a colleague's name."""
    name = message.from_name.strip()
    other = _ADDRESS.search(name)
    if other and not same_house(domain(other[0]), domain(message.from_email)):
        yield Line(
            DANGER,
            _ICON,
            _("The sender calls themselves %(name)s; the mail came from %(address)s.")
            % {"name": other[0], "address": message.from_email},
        )
    elif not at_home and " " in name:
        colleague = next(iter(_called(name)), None)
        if colleague is not None and normalize(colleague.email) != normalize(message.from_email):
            yield Line(
                WARNING,
                _ICON,
                _("The sender has the name of your colleague %(name)s, and an address from outside: %(address)s.")
                % {"name": colleague.name, "address": message.from_email},
            )

"""What kind of mail this is for the mailbox that got it: what is ours in it is known only here."""

import re
from dataclasses import replace

from postroom.channels.mail.marks import LOOP_HEADER, comes_back, is_own_mail
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage import Triage, classify
from postroom.channels.mail.triage.bulk import LIST_HEADERS
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.automatic import LIST, LOOP, REPORTS
from postroom.lib import message_ids

_LIST_NAME = re.compile(r"[^\s<>\"]+")


def judge(parsed: Parsed, *, mailbox: Mailbox) -> Triage:
    """Return what kind of mail this is for this mailbox.

    Our own mark counts only when it is this mailbox's; and a person who writes through a list is a person, when the
    list is how the mailbox gets its mail (a Google group), or when the mail quotes one of ours.
    """
    marked = comes_back(parsed, mailbox=mailbox)
    triage = classify(_without(parsed, (LOOP_HEADER,)))
    if marked and triage.automatic not in REPORTS:
        return _returned(parsed, triage, mailbox)
    if triage.kind == "bulk" and _speaks_to_us(parsed, triage, mailbox):
        return classify(_without(parsed, (LOOP_HEADER, "Precedence", *LIST_HEADERS)))
    return triage


def quoted_ids(parsed: Parsed) -> list[str]:
    """Return those ids, with brackets, that the mail quotes and that look as ours do."""
    quoted = dict.fromkeys((*parsed.in_reply_to, *reversed(parsed.references)))
    return [f"<{one}>" for one in quoted if message_ids.looks_ours(one)][:60]


def _returned(parsed: Parsed, triage: Triage, mailbox: Mailbox) -> Triage:
    """Our own mail come back is surely a loop; a copied mark may be an odd mail program's, unless a machine wrote."""
    own = is_own_mail(parsed, mailbox=mailbox)
    sure = own or (triage.kind in ("auto", "bounce") and triage.sure)
    mark = " ".join(f"{LOOP_HEADER}: {parsed.header(LOOP_HEADER)}".split())
    return Triage("loop", mark[:200], automatic=LOOP, sure=sure)


def _speaks_to_us(parsed: Parsed, triage: Triage, mailbox: Mailbox) -> bool:
    if quoted_ids(parsed):
        return True
    if triage.automatic != LIST:
        return False
    local, _at, domain = mailbox.address.partition("@")
    names = {mailbox.address, f"mailto:{mailbox.address}", f"{local}.{domain}"}
    said = " ".join(parsed.header(name) for name in ("List-Id", "List-Post", "Mailing-List", "X-BeenThere")).lower()
    return not names.isdisjoint(_LIST_NAME.findall(said))


def _without(parsed: Parsed, names: tuple[str, ...]) -> Parsed:
    gone = {name.lower() for name in names}
    headers = tuple(header for header in parsed.headers if header[0].lower() not in gone)
    if len(headers) == len(parsed.headers):
        return parsed
    return replace(parsed, headers=headers, precedence="" if "precedence" in gone else parsed.precedence)

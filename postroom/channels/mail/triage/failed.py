"""Whom a failure told in sentences speaks of."""

import re

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.bounce_prose import (
    ADDRESS,
    AT_LINE_START,
    addresses_in,
    after_failure,
    returned_part,
)
from postroom.lib.message_ids import looks_ours

_LABELLED = re.compile(
    r"(?im)(?:rcpt to|(?:failed|intended|final|original)[ -]recipients?|did not reach the following recipient"
    r"|(?:unknown|invalid|no such|nonexistent) (?:user|recipient|address|mailbox)|recipient (?:rejected|unknown)"
    r"|(?:delivery|deliver|mail|message)(?: \w+){0,4} to)"
    rf"[^\n@]{{0,30}}?<?({ADDRESS})"
)
# sendmail and Exim name the address that we wrote to beside the one that it became.
_BECAME = re.compile(rf"(?i)\((?:expanded|(?:ultimately )?generated) from:?\s+<?({ADDRESS})>?\)")
_REPLY_FOR = re.compile(rf"(?m)^[ \t]*(?:<<< )?5\d\d[ -][^\n@]{{0,80}}\bfor <?({ADDRESS})>?[ \t.]*$")
# A name without its domain, alone below a line that ends with a colon.
_LOCAL = re.compile(r"(?m):[ \t]*\n(?:[ \t]*\n)?[ \t]+([A-Za-z0-9][\w.+-]{1,60})[ \t]*$")
_OFFICE = re.compile(r"(?i)^(?:mailer-daemon|post_?master|abuse|webmaster|noreply|no-reply|hostmaster)@")


def failed_recipients(parsed: Parsed, words: str) -> list[str]:
    """Return the addresses that the text complains of, but for those of the report's own sender and reader."""
    besides = {one.email.lower() for one in (*parsed.to, *parsed.cc, parsed.from_)}
    besides.add((parsed.return_path or "").lower())
    for found in (
        [match[1] for match in AT_LINE_START.finditer(words)],
        [match[1] for match in _LABELLED.finditer(words)],
        _without_domain(parsed, words),
        addresses_in(after_failure(words))[:1],
    ):
        if kept := _kept(found, besides):
            more = [match[1] for pattern in (_BECAME, _REPLY_FOR) for match in pattern.finditer(words)]
            return list(dict.fromkeys([*kept, *_kept(more, besides)]))
    return _mentioned(parsed, words, besides)


def _kept(found: list[str], besides: set[str]) -> list[str]:
    every = dict.fromkeys(address.lower().rstrip(".") for address in found)
    # A Message-ID looks like an address; those in question here are ours.
    every = {address: None for address in every if not looks_ours(address)}
    return [address for address in every if address not in besides and not _OFFICE.match(address)]


def _mentioned(parsed: Parsed, words: str, besides: set[str]) -> list[str]:
    """Of all that is mentioned, those whom the returned mail was for; advice names other addresses, too."""
    kept = _kept(addresses_in(words), besides)
    if len(kept) < 2:
        return kept
    wanted = set(addresses_in(returned_part(parsed.text)))
    return [address for address in kept if address in wanted] or kept


def _without_domain(parsed: Parsed, words: str) -> list[str]:
    domain = parsed.from_.email.rpartition("@")[2]
    return [f"{match[1]}@{domain}".lower() for match in _LOCAL.finditer(words)] if "." in domain else []

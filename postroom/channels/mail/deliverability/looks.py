"""One look for each thing that decides whether mail arrives. Each returns findings, and asks DNS only."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from postroom.channels.mail.deliverability.findings import BAD, GOOD, WARNING, DnsRecord, Finding
from postroom.channels.mail.deliverability.names import Names
from postroom.channels.mail.deliverability.sender import Sender
from postroom.channels.mail.deliverability.spf import MOST_LOOKUPS, Spf, SpfError

# An address that is nobody's (RFC 5737), to walk the whole record.
_NOBODY = "192.0.2.255"
SPF, DKIM, DMARC, MX, REVERSE = "SPF", "DKIM", "DMARC", "MX", "PTR"


def look_at_spf(sender: Sender, names: Names) -> Iterator[Finding]:
    """May the mailbox's servers send for its domain?"""
    spf = Spf(names)
    try:
        record = spf.record(sender.domain)
        if not record:
            yield _no_spf(sender, names)
            return
        judged = [_judge(sender, server.host, spf, names) for server in sender.servers]
        # One record for all of them: who copies two would have the second only.
        wanted = _with_terms(record, [term for one in judged for term in one.terms])
        for one in judged:
            yield _told(sender, one, record, wanted)
    except SpfError as error:
        yield _broken_spf(sender, str(error))
        return
    if not sender.servers:
        yield Finding(SPF, GOOD, _("%(domain)s has an SPF record.") % {"domain": sender.domain}, present=record)
    if record.lower().split()[-1].lstrip("+") == "all" and record.split()[-1][0] not in "-~?":
        yield Finding(
            SPF,
            BAD,
            _("The SPF record lets every server of the world send for %(domain)s.") % {"domain": sender.domain},
            _("End it with ~all instead of +all."),
            DnsRecord(sender.domain, "TXT", f"{' '.join(record.split()[:-1])} ~all"),
            record,
        )


def look_at_dkim(sender: Sender, names: Names) -> Iterator[Finding]:
    """Is the mail signed with a key that stands in DNS?"""
    key = sender.key
    if key is None:
        kept = [one for one in sender.selectors if names.texts(f"{one}._domainkey.{sender.domain}")]
        if kept:
            sentence = _("Your provider's key stands in DNS (%(selector)s), so it can sign your mail.")
            yield Finding(DKIM, GOOD, sentence % {"selector": kept[0]})
            return
        yield Finding(
            DKIM,
            WARNING,
            _("Postroom does not sign the mail of %(domain)s.") % {"domain": sender.domain},
            _(
                "If your mail server signs it, all is well. If not, make a key on the page “How replies leave” and put "
                "its record into DNS: many receivers take unsigned mail for spam."
            ),
        )
        return
    record = DnsRecord(key.name, "TXT", key.text)
    found = names.texts(key.name)
    same = any(_tag(text, "p") == key.public for text in found)
    if same and key.active:
        yield Finding(DKIM, GOOD, _("The mail is signed, and the key to check it stands in DNS."))
    elif same:
        yield Finding(
            DKIM,
            WARNING,
            _("The key stands in DNS, but the mail is not signed yet."),
            _("Switch signing on, on the page “How replies leave”."),
        )
    else:
        bad = BAD if key.active else WARNING
        sentence = _("Another key stands in DNS.") if found else _("The key for the signature does not stand in DNS.")
        advice = _("Add this record. It may take an hour until all the world sees it.")
        yield Finding(DKIM, bad, sentence, advice, record, present="; ".join(found)[:500])


def look_at_dmarc(sender: Sender, names: Names) -> Iterator[Finding]:
    """Does the domain say what is to be done with mail that only claims to come from it?"""
    place, policy = _dmarc(sender.domain, names)
    if policy is None:
        yield Finding(
            DMARC,
            WARNING,
            _("%(domain)s does not say what receivers shall do with forgeries (DMARC).") % {"domain": sender.domain},
            _("Add this record to begin with: it asks for reports and turns nothing away."),
            DnsRecord(f"_dmarc.{sender.domain}", "TXT", f"v=DMARC1; p=none; rua=mailto:{sender.address}"),
        )
        return
    wish = _tag(policy, "p").lower()
    said = {"domain": place.removeprefix("_dmarc."), "policy": wish or "?"}
    if wish not in ("none", "quarantine", "reject"):
        record = DnsRecord(place, "TXT", "v=DMARC1; p=none")
        yield Finding(DMARC, BAD, _("The DMARC record says nothing that counts."), _("Mend it."), record, policy)
    elif wish == "none":
        sentence = _("%(domain)s has a DMARC record that asks receivers to do nothing (p=none).") % said
        advice = _("Once SPF and DKIM are right for a while, change p=none to p=quarantine.")
        yield Finding(DMARC, GOOD, sentence, advice, present=policy)
    else:
        sentence = _("%(domain)s asks receivers not to take forgeries (p=%(policy)s).") % said
        yield Finding(DMARC, GOOD, sentence, present=policy)


def look_at_mx(sender: Sender, names: Names) -> Iterator[Finding]:
    """Do answers find their way?"""
    about = {"domain": sender.domain}
    servers = names.mail_servers(sender.domain)
    if servers == [""]:
        sentence = _("%(domain)s says that it takes no mail at all, so nobody can answer.") % about
        yield Finding(MX, BAD, sentence, _("Replace its MX record by one that names your mail server."))
        return
    if not servers:
        there = names.addresses(sender.domain)
        sentence = (
            _("%(domain)s names no mail server (MX). Senders try the web server instead.") % about
            if there
            else _("%(domain)s names no mail server (MX), so nobody can answer.") % about
        )
        record = DnsRecord(sender.domain, "MX", f"10 mail.{sender.domain}.")
        yield Finding(MX, WARNING if there else BAD, sentence, _("Add one that names your mail server."), record)
        return
    lost = [server for server in servers if not names.addresses(server)]
    if lost:
        sentence = _("The mail server %(server)s that %(domain)s names has no address.") % {"server": lost[0], **about}
        yield Finding(MX, BAD if len(lost) == len(servers) else WARNING, sentence, _("Correct the MX record."))
    else:
        sentence = _("Answers to %(domain)s go to %(servers)s.") % {"servers": ", ".join(servers[:3]), **about}
        yield Finding(MX, GOOD, sentence)


def look_at_reverse_names(sender: Sender, names: Names) -> Iterator[Finding]:
    """Have the addresses of the servers names that lead back to them?"""
    for server in sender.servers:
        addresses = names.addresses(server.host)
        if not addresses:
            sentence = _("The mail server %(host)s has no address.") % {"host": server.host}
            yield Finding(REVERSE, BAD, sentence, _("Check its name in the mailbox's settings."))
        for address in _seen_outside(names, server.host):
            yield _reversed(server.host, address, names)


def _reversed(host: str, address: str, names: Names) -> Finding:
    about = {"host": host, "address": address}
    back = names.reverse(address)
    if not back:
        sentence = _("The address %(address)s of %(host)s has no name (PTR).") % about
        return Finding(REVERSE, WARNING, sentence, _("Whoever runs the server sets it; large receivers want one."))
    if not any(address in names.addresses(name) for name in back[:4]):
        sentence = _("The address %(address)s is called %(name)s, but that name leads elsewhere.")
        advice = _("Name and address have to lead to each other. Whoever runs the server can mend it.")
        return Finding(REVERSE, WARNING, sentence % {**about, "name": back[0]}, advice)
    sentence = _("The address %(address)s is called %(name)s, and that name leads back to it.")
    return Finding(REVERSE, GOOD, sentence % {**about, "name": back[0]})


@dataclass(frozen=True)
class _Judged:
    """What the record says of one server, and what it would have to say besides."""

    host: str
    listed: bool
    results: frozenset[str]
    terms: tuple[str, ...] = ()
    provider: str = ""


def _judge(sender: Sender, host: str, spf: Spf, names: Names) -> _Judged:
    provider = sender.includes_of(host)
    addresses = _seen_outside(names, host)
    results = frozenset(spf.judge(sender.domain, address) for address in addresses)
    if not provider:
        listed = results == {"pass"}
        return _Judged(host, listed, results, () if listed else _own_terms(addresses))
    # Of a provider the addresses we hand mail to are not those it sends from.
    spf.judge(sender.domain, _NOBODY)
    listed = provider in spf.includes
    return _Judged(host, listed, results, () if listed else (f"include:{provider}",), provider)


def _told(sender: Sender, one: _Judged, record: str, wanted: str) -> Finding:
    about = {"domain": sender.domain, "host": one.host}
    if one.listed:
        return Finding(SPF, GOOD, _("%(domain)s lets %(host)s send for it.") % about, present=record)
    if not one.terms:
        sentence = _("%(host)s has no address that the world can see, so nobody can tell whether it may send.") % about
        advice = _("The address by which it sends has to stand behind ip4: or ip6: in the SPF record of %(domain)s.")
        return Finding(SPF, WARNING, sentence, advice % about, present=record)
    if one.provider:
        sentence = _("%(domain)s does not let the servers of %(host)s send for it.") % about
        advice = _("Receivers take such mail for a forgery. Change the record to this one.")
    else:
        sentence = _("%(domain)s does not let the address of %(host)s send for it.") % about
        advice = _(
            "If this server hands the mail to receivers itself, change the record to this one. If it sends by others, "
            "ask your provider for what belongs there."
        )
    verdict = BAD if "fail" in one.results else WARNING
    return Finding(SPF, verdict, sentence, advice, _spf_record(sender, wanted), record)


def _no_spf(sender: Sender, names: Names) -> Finding:
    terms: list[str] = []
    for server in sender.servers:
        provider = sender.includes_of(server.host)
        terms += (f"include:{provider}",) if provider else _own_terms(_seen_outside(names, server.host))
    return Finding(
        SPF,
        BAD,
        _("%(domain)s does not say which servers may send for it (SPF).") % {"domain": sender.domain},
        _("Add this record. If other servers send for the domain, too, add them to it."),
        _spf_record(sender, " ".join(["v=spf1", *(dict.fromkeys(terms) or ["mx"]), "~all"])),
    )


def _broken_spf(sender: Sender, why: str) -> Finding:
    about = {"domain": sender.domain, "most": MOST_LOOKUPS}
    said = {
        "several": _("%(domain)s has several SPF records, so receivers look at none.") % about,
        "lookups": _("The SPF record of %(domain)s asks for more than %(most)s other records; receivers give up.")
        % about,
        "loop": _("The SPF record of %(domain)s includes itself.") % about,
    }
    advice = {
        "several": _("Put what they say into one, and delete the others."),
        "lookups": _("Take out the services that send no mail for you any more."),
    }
    sentence = said.get(why) or _("The SPF record of %(domain)s, or one that it includes, has a mistake.") % about
    return Finding(SPF, BAD, sentence, advice.get(why, _("Correct it.")))


def _seen_outside(names: Names, host: str) -> list[str]:
    """Return the addresses of a server that others could meet; one at home is behind another."""
    return [one for one in names.addresses(host)[:4] if ipaddress.ip_address(one).is_global]


def _own_terms(addresses: list[str]) -> tuple[str, ...]:
    return tuple(f"ip{6 if ':' in address else 4}:{address}" for address in addresses)


def _with_terms(record: str, terms: list[str]) -> str:
    first, *others = record.split()
    return " ".join([first, *dict.fromkeys(terms), *others])


def _spf_record(sender: Sender, text: str) -> DnsRecord:
    return DnsRecord(sender.domain, "TXT", text)


def _dmarc(domain: str, names: Names) -> tuple[str, str | None]:
    """Return where the policy stands and what it says; that of the organisation counts for all below (RFC 7489)."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        place = "_dmarc." + ".".join(labels[start:])
        found = [text for text in names.texts(place) if text.lower().replace(" ", "").startswith("v=dmarc1")]
        if found:
            return place, found[0]
    return f"_dmarc.{domain}", None


def _tag(text: str, name: str) -> str:
    for part in text.split(";"):
        key, _equals, value = part.partition("=")
        if key.strip().lower() == name:
            return "".join(value.split())
    return ""

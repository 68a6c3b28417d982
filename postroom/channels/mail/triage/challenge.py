"""Challenge-responses: a stranger's spam filter wants the sender to prove that a person wrote."""

import re

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.sign import Sign, seen
from postroom.core.conversations.automatic import CHALLENGE

# TMDA, ASK, Active Spam Killer, BoxTrapper, SpamArrest, Boxbe, sent by their own programs.
_HEADERS = ("X-TMDA-Challenge", "X-TMDA-Confirm", "X-ASK-Auth", "X-Boxtrapper", "X-BoxTrapper", "X-Boxbe-Challenge")
_PROGRAMS = re.compile(r"(?i)\b(?:tmda|boxtrapper|spam ?arrest|boxbe|active spam killer|mailblocks|qurb|choicemail)\b")
_WORDS = re.compile(
    r"(?i)(?:confirm|verify|prove|authenticate|authorize)[^.\n]{0,80}(?:your (?:message|e-?mail|address|identity)"
    r"|you are (?:a )?(?:human|real|person)|delivery)"
    r"|(?:reply to this (?:message|e-?mail)|click (?:on )?the link)[^.]{0,120}(?:be delivered|deliver your|release)"
    r"|added to (?:my|the) (?:white ?list|approved senders)|challenge[ -]response"
    r"|held (?:for|pending) (?:your )?confirm"
    r"|(?:bestätigen|verifizieren) sie[^.]{0,100}(?:absender|nachricht|e-?mail)"
    r"|confirme[rz][^.]{0,100}(?:votre (?:message|adresse|envoi)|que vous êtes)"
    r"|confirm(?:e|ar)[^.]{0,100}(?:su (?:mensaje|dirección|correo))|antispam uol|confirmação de remetente"
    r"|confermare[^.]{0,100}(?:messaggio|mittente)|bevestig[^.]{0,100}(?:bericht|afzender)"
)


def challenge(parsed: Parsed) -> Sign | None:
    """Tell a challenge by its program's header, or by a program's name in the headers that programs sign with."""
    for name in _HEADERS:
        if value := parsed.header(name):
            return Sign(CHALLENGE, seen(name, value))
    for name in ("X-Mailer", "X-Delivery-Agent", "User-Agent", "Auto-Submitted", "X-Autorespond"):
        value = parsed.header(name)
        if value and _PROGRAMS.search(value) and _WORDS.search(f"{parsed.subject}\n{parsed.text[:3000]}"):
            return Sign(CHALLENGE, seen(name, value))
    return None


def speaks_as_challenge(parsed: Parsed) -> bool:
    """Tell whether an automatic answer asks the sender to confirm something."""
    return _WORDS.search(f"{parsed.subject}\n{parsed.text[:3000]}") is not None

"""Guess a mailbox's servers from its address, so that most people only type a password."""

from dataclasses import dataclass

from postroom.lib import addresses

TLS = "tls"
STARTTLS = "starttls"
PLAIN = "none"

IMAP_PORTS = {TLS: 993, STARTTLS: 143, PLAIN: 143}
POP_PORTS = {TLS: 995, STARTTLS: 110, PLAIN: 110}
SMTP_PORTS = {TLS: 465, STARTTLS: 587, PLAIN: 25}


@dataclass(frozen=True)
class Guess:
    """Where mail of an address probably lives; `app_password` when the provider wants one made for programs."""

    imap_host: str
    smtp_host: str
    imap_security: str = TLS
    smtp_security: str = STARTTLS
    app_password: bool = False

    @property
    def imap_port(self) -> int:
        return IMAP_PORTS[self.imap_security]

    @property
    def smtp_port(self) -> int:
        return SMTP_PORTS[self.smtp_security]


_GOOGLE = Guess("imap.gmail.com", "smtp.gmail.com", app_password=True)
_MICROSOFT = Guess("outlook.office365.com", "smtp.office365.com")
_APPLE = Guess("imap.mail.me.com", "smtp.mail.me.com", app_password=True)
_YAHOO = Guess("imap.mail.yahoo.com", "smtp.mail.yahoo.com", smtp_security=TLS, app_password=True)
_GMX = Guess("imap.gmx.net", "mail.gmx.net")
_FASTMAIL = Guess("imap.fastmail.com", "smtp.fastmail.com", smtp_security=TLS, app_password=True)

_KNOWN = {
    "gmail.com": _GOOGLE,
    "googlemail.com": _GOOGLE,
    "outlook.com": _MICROSOFT,
    "hotmail.com": _MICROSOFT,
    "hotmail.fr": _MICROSOFT,
    "live.com": _MICROSOFT,
    "icloud.com": _APPLE,
    "me.com": _APPLE,
    "mac.com": _APPLE,
    "yahoo.com": _YAHOO,
    "yahoo.fr": _YAHOO,
    "gmx.de": _GMX,
    "gmx.net": _GMX,
    "web.de": Guess("imap.web.de", "smtp.web.de"),
    "fastmail.com": _FASTMAIL,
    "posteo.de": Guess("posteo.de", "posteo.de"),
    "mailbox.org": Guess("imap.mailbox.org", "smtp.mailbox.org"),
    "orange.fr": Guess("imap.orange.fr", "smtp.orange.fr", smtp_security=TLS),
    "free.fr": Guess("imap.free.fr", "smtp.free.fr", smtp_security=TLS),
    "infomaniak.com": Guess("mail.infomaniak.com", "mail.infomaniak.com", smtp_security=TLS),
}


def guess(address: str) -> Guess | None:
    """Return the likely servers of this address; None while it is not an address."""
    address = addresses.normalize(address)
    if not addresses.is_address(address):
        return None
    domain = addresses.domain(address)
    return _KNOWN.get(domain) or Guess(f"imap.{domain}", f"smtp.{domain}")

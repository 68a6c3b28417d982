"""Which server of whose a mailbox's mail leaves by, as far as the check needs it."""

from dataclasses import dataclass

from postroom.channels.mail.models import SMTP, Route
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.signing import key_of, record_name, record_text
from postroom.channels.mail.wire import wire_domain
from postroom.core.accounts.models import Mailbox
from postroom.lib.addresses import domain

# Their servers take mail from us at one address and send it on from many others, which they list under this name.
_PROVIDERS = {
    "smtp.gmail.com": "_spf.google.com",
    "smtp-relay.gmail.com": "_spf.google.com",
    "smtp.office365.com": "spf.protection.outlook.com",
    "smtp.mailgun.org": "mailgun.org",
    "smtp.eu.mailgun.org": "eu.mailgun.org",
    "smtp.sendgrid.net": "sendgrid.net",
    "smtp.postmarkapp.com": "spf.mtasv.net",
    "smtp.fastmail.com": "spf.messagingengine.com",
    "smtp.zoho.com": "zoho.com",
    "smtp.zoho.eu": "zoho.eu",
    "smtp-relay.brevo.com": "spf.brevo.com",
    "mail.gandi.net": "_mailcust.gandi.net",
    "smtp.ionos.com": "_spf-us.ionos.com",
    "smtp.ionos.de": "_spf-eu.ionos.com",
    "ssl0.ovh.net": "mx.ovh.com",
    "smtp.migadu.com": "spf.migadu.com",
    "mail.infomaniak.com": "spf.infomaniak.ch",
}
# Where they keep the keys with which they sign by themselves.
_SELECTORS = {
    "smtp.gmail.com": ("google",),
    "smtp.office365.com": ("selector1", "selector2"),
    "smtp.fastmail.com": ("fm1", "fm2"),
    "smtp.migadu.com": ("key1", "key2"),
}


@dataclass(frozen=True)
class SigningKey:
    """What of the domain's key concerns DNS."""

    name: str
    text: str
    public: str
    active: bool


@dataclass(frozen=True)
class Sender:
    """A mailbox's domain, its servers (empty without one), and its key."""

    address: str
    domain: str
    servers: tuple[ServerSettings, ...]
    key: SigningKey | None

    def includes_of(self, host: str) -> str:
        """Return under which name the host's provider lists its servers; "" for one that we do not know."""
        return _PROVIDERS.get(host.lower(), "")

    @property
    def selectors(self) -> tuple[str, ...]:
        """Where the providers keep their keys for the domain."""
        return tuple(one for server in self.servers for one in _SELECTORS.get(server.host.lower(), ()))


def sender_of(mailbox: Mailbox) -> Sender:
    """Read what the check needs; no password is among it."""
    key = key_of(mailbox)
    routes = Route.objects.filter(mailbox=mailbox, kind=SMTP).exclude(host="").order_by("rank")
    return Sender(
        address=mailbox.address,
        domain=wire_domain(domain(mailbox.address)),
        servers=tuple(ServerSettings(route.host, route.port, route.security) for route in routes),
        key=SigningKey(record_name(key), record_text(key), key.public_key, key.active) if key else None,
    )

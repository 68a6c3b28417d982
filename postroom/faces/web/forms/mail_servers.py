"""How mail comes in and how it goes out."""

import re
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postroom.channels.mail.server_settings import ServerSettings
from postroom.faces.web import server_guesses
from postroom.faces.web.forms.fields import HostField, LineField, PortField, SecretField
from postroom.lib.network.allowance import allowing
from postroom.lib.network.connecting import Inside, permitted

IMAP = "imap"
POP = "pop"
LMTP = "lmtp"
SMTP = "smtp"
LATER = "later"

SECURITIES = (
    (server_guesses.TLS, _("TLS")),
    (server_guesses.STARTTLS, _("STARTTLS")),
    (server_guesses.PLAIN, _("None (readable by all)")),
)


PROTOCOLS = ((IMAP, _("IMAP, as usual")), (POP, _("POP3")))
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|\[?::1\]?", re.IGNORECASE)


@dataclass(frozen=True)
class Kept:
    """A password that is kept already: good for this sign-in at this server only."""

    host: str
    username: str


class ServerForm(forms.Form):
    """One server and the sign-in there; a way without a server needs none of it."""

    needs_server = ""
    ports: dict[str, int]

    def __init__(self, *args: Any, kept: Kept | None = None, may_allow_hosts: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept = kept
        self.may_allow_hosts = may_allow_hosts

    host = HostField(required=False)
    port = PortField()
    security = forms.ChoiceField(
        choices=SECURITIES,
        error_messages={"invalid_choice": _("Choose one of the three."), "required": _("This is needed.")},
    )
    username = LineField(required=False, length=254)
    password = SecretField(required=False)
    # The owner's own word for a password that everybody on the way can read.
    in_clear = forms.BooleanField(required=False)
    # And for a server inside our own network, to which nobody else's word may lead us.
    inside = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") != self.needs_server:
            # What is hidden cannot be wrong.
            for name in ("host", "port", "security", "username", "password", "folder"):
                self.errors.pop(name, None)
            return cleaned
        if not cleaned.get("host") and "host" not in self.errors:
            self.add_error("host", _("Which server? Your mail provider names it, often imap.… or mail.…"))
        if not cleaned.get("port") and "port" not in self.errors:
            cleaned["port"] = self.usual_ports(cleaned.get("protocol", "")).get(cleaned.get("security", ""), 0)
        clear = cleaned.get("security") == server_guesses.PLAIN and not _LOOPBACK.fullmatch(cleaned.get("host") or "")
        if clear and cleaned.get("host") and not cleaned.get("in_clear"):
            self.add_error("in_clear", _("Without TLS everybody on the way can read the password and every mail."))
        self._check_where(cleaned)
        self.check_sign_in(cleaned)
        return cleaned

    def allowed_host(self) -> str:
        """Return the host inside our own network that was allowed by a tick, as "host:port"; empty for none."""
        typed = self.cleaned_data
        ticked = self.may_allow_hosts and typed.get("inside") and typed.get("way") == self.needs_server
        return f"{typed['host']}:{typed['port']}".lower() if ticked else ""

    def allowance(self) -> AbstractContextManager[None]:
        """Let what is tried inside reach the host that was ticked, before it is kept. Only for a valid form."""
        return allowing(self.allowed_host()) if self.allowed_host() else nullcontext()

    def _check_where(self, cleaned: dict[str, Any]) -> None:
        host, port = cleaned.get("host"), cleaned.get("port")
        if not host or not port or (cleaned.get("inside") and self.may_allow_hosts):
            return
        try:
            permitted(host, port)
        except Inside as found:
            where = {"host": found.host, "address": found.address}
            if self.may_allow_hosts:
                words = _("%(host)s is inside your own network (%(address)s). Is it really your mail server?")
            else:
                words = _("%(host)s is inside your own network (%(address)s). An owner has to allow it first.")
            self.add_error("inside", words % where)
        except (OSError, UnicodeError):
            # The test of the server says it in its own words.
            return

    def usual_ports(self, protocol: str) -> dict[str, int]:
        """Return the port for each kind of security."""
        return server_guesses.POP_PORTS if protocol == POP else self.ports

    def check_sign_in(self, cleaned: dict[str, Any]) -> None:
        """Add what is wrong with name and password."""

    def lacks_password(self, cleaned: dict[str, Any]) -> bool:
        """Tell whether a password has to be typed: a kept one is never shown to another server."""
        if cleaned.get("password") or "password" in self.errors:
            return False
        return self.kept != Kept(cleaned.get("host", ""), cleaned.get("username", ""))

    def server(self, *, kept_password: str = "") -> ServerSettings | None:
        """Return the server that was typed; None when this way needs none. Only for a valid form.

        `kept_password` stands in when none was typed.
        """
        typed = self.cleaned_data
        if typed["way"] != self.needs_server:
            return None
        return ServerSettings(
            host=typed["host"],
            port=typed["port"],
            security=typed["security"],
            username=typed["username"],
            password=typed["password"] or kept_password,
        )


class IncomingForm(ServerForm):
    """Mail is fetched over IMAP, or brought to us by LMTP."""

    needs_server = IMAP
    ports = server_guesses.IMAP_PORTS

    way = forms.ChoiceField(choices=((IMAP, ""), (LMTP, "")), error_messages={"required": _("This is needed.")})
    protocol = forms.ChoiceField(required=False, choices=PROTOCOLS)
    folder = LineField(required=False, length=200)
    import_existing = forms.BooleanField(required=False)

    @property
    def is_pop(self) -> bool:
        """Whether POP3 was chosen. Only for a valid form."""
        return self.cleaned_data.get("protocol") == POP

    def check_sign_in(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("username") and "username" not in self.errors:
            self.add_error("username", _("Which name signs in there? It is often the whole address."))
        if self.lacks_password(cleaned):
            self.add_error("password", _("The server will ask for a password."))
        cleaned["folder"] = cleaned.get("folder") or "INBOX"


class OutgoingForm(ServerForm):
    """Replies leave over SMTP, or wait until somebody says how."""

    needs_server = SMTP
    ports = server_guesses.SMTP_PORTS

    way = forms.ChoiceField(choices=((SMTP, ""), (LATER, "")), error_messages={"required": _("This is needed.")})

    def check_sign_in(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("username") and self.lacks_password(cleaned):
            self.add_error("password", _("The server will ask for a password. Without one, leave the name empty too."))

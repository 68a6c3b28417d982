"""How mail comes in and how it goes out."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postroom.channels.mail.server_settings import ServerSettings
from postroom.faces.web import server_guesses
from postroom.faces.web.forms.fields import HostField, LineField, PortField, SecretField

IMAP = "imap"
LMTP = "lmtp"
SMTP = "smtp"
LATER = "later"

SECURITIES = (
    (server_guesses.TLS, _("TLS")),
    (server_guesses.STARTTLS, _("STARTTLS")),
    (server_guesses.PLAIN, _("None (readable by all)")),
)


@dataclass(frozen=True)
class Kept:
    """A password that is kept already: good for this sign-in at this server only."""

    host: str
    username: str


class ServerForm(forms.Form):
    """One server and the sign-in there; a way without a server needs none of it."""

    needs_server = ""
    ports: dict[str, int]

    def __init__(self, *args: Any, kept: Kept | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept = kept

    host = HostField(required=False)
    port = PortField()
    security = forms.ChoiceField(
        choices=SECURITIES,
        error_messages={"invalid_choice": _("Choose one of the three."), "required": _("This is needed.")},
    )
    username = LineField(required=False, length=254)
    password = SecretField(required=False)

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
            cleaned["port"] = self.ports.get(cleaned.get("security", ""), 0)
        self.check_sign_in(cleaned)
        return cleaned

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
    folder = LineField(required=False, length=200)
    import_existing = forms.BooleanField(required=False)

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

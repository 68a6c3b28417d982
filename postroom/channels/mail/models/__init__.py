from postroom.channels.mail.models.incoming import DUPLICATE, FILED, PARKED, QUARANTINED, STORED, IncomingMail
from postroom.channels.mail.models.oauth import GOOGLE, MICROSOFT, OTHER, OAuthClient, OAuthGrant
from postroom.channels.mail.models.key import MailKey
from postroom.channels.mail.models.route import NO_ROUTE, SMTP, TRAY, Route
from postroom.channels.mail.models.source import NO_TLS, STARTTLS, TLS, FolderCursor, Source
from postroom.channels.mail.models.tray import TrayMail

__all__ = [
    "DUPLICATE",
    "FILED",
    "GOOGLE",
    "MICROSOFT",
    "NO_ROUTE",
    "NO_TLS",
    "OTHER",
    "PARKED",
    "QUARANTINED",
    "SMTP",
    "STARTTLS",
    "STORED",
    "TLS",
    "TRAY",
    "FolderCursor",
    "IncomingMail",
    "MailKey",
    "OAuthClient",
    "OAuthGrant",
    "Route",
    "Source",
    "TrayMail",
]

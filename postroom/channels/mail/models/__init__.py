from postroom.channels.mail.models.incoming import DUPLICATE, FILED, PARKED, QUARANTINED, STORED, IncomingMail
from postroom.channels.mail.models.route import NO_ROUTE, SMTP, TRAY, Route
from postroom.channels.mail.models.source import NO_TLS, STARTTLS, TLS, FolderCursor, Source
from postroom.channels.mail.models.tray import TrayMail

__all__ = [
    "DUPLICATE",
    "FILED",
    "NO_ROUTE",
    "NO_TLS",
    "PARKED",
    "QUARANTINED",
    "SMTP",
    "STARTTLS",
    "STORED",
    "TLS",
    "TRAY",
    "FolderCursor",
    "IncomingMail",
    "Route",
    "Source",
    "TrayMail",
]

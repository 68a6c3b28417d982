from postroom.channels.mail.models.alarm import Alarm
from postroom.channels.mail.models.census import Census
from postroom.channels.mail.models.incoming import DUPLICATE, FILED, PARKED, QUARANTINED, STORED, IncomingMail
from postroom.channels.mail.models.key import MailKey
from postroom.channels.mail.models.ledger_count import LedgerCount
from postroom.channels.mail.models.oauth import GOOGLE, MICROSOFT, OTHER, OAuthClient, OAuthGrant
from postroom.channels.mail.models.route import NO_ROUTE, SMTP, SPARE, TRAY, USUAL, Route
from postroom.channels.mail.models.sending import (
    COPY_ALWAYS,
    COPY_AS_NEEDED,
    COPY_GIVEN_UP,
    COPY_LAID,
    COPY_NEVER,
    COPY_UNNEEDED,
    COPY_WAITING,
    Departure,
    DkimKey,
    SendingRules,
    SentCopy,
)
from postroom.channels.mail.models.source import NO_TLS, STARTTLS, TLS, FolderCursor, Source
from postroom.channels.mail.models.tray import TrayMail

__all__ = [
    "COPY_ALWAYS",
    "COPY_AS_NEEDED",
    "COPY_GIVEN_UP",
    "COPY_LAID",
    "COPY_NEVER",
    "COPY_UNNEEDED",
    "COPY_WAITING",
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
    "SPARE",
    "STARTTLS",
    "STORED",
    "TLS",
    "TRAY",
    "USUAL",
    "Alarm",
    "Census",
    "Departure",
    "DkimKey",
    "FolderCursor",
    "IncomingMail",
    "LedgerCount",
    "MailKey",
    "OAuthClient",
    "OAuthGrant",
    "Route",
    "SendingRules",
    "SentCopy",
    "Source",
    "TrayMail",
]

"""Where a mail server is and how to sign in there, as a person typed it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ServerSettings:
    """One IMAP or SMTP server. `security` is tls, starttls or none; an empty username means no sign-in."""

    host: str
    port: int
    security: str
    username: str = ""
    password: str = field(default="", repr=False)
    # An OAuth 2 access token; then there is no password.
    token: str = field(default="", repr=False)

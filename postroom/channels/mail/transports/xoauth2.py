"""What a client says to sign in with an OAuth 2 token; Google's and Microsoft's own mechanism, taken by Dovecot too."""

import base64

from postroom.channels.mail.server_settings import ServerSettings


def first_answer(server: ServerSettings) -> str:
    """Return the initial response of SASL XOAUTH2, in base64."""
    said = f"user={server.username}\x01auth=Bearer {server.token}\x01\x01"
    return base64.b64encode(said.encode()).decode()

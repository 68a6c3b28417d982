"""What of a test server's settings a test may want otherwise."""

from typing import TypedDict


class ServerChanges(TypedDict, total=False):
    """Some fields of ServerSettings, as keyword arguments."""

    host: str
    port: int
    security: str
    username: str
    password: str

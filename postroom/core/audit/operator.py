"""Who types commands on the server itself: no person of the team, but the system's own user has a name."""

import getpass
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Operator:
    """Somebody at the server's own command line, under the name of their account there."""

    name: str
    actor_kind: str = "system"
    actor_id: int | None = None


def operator() -> Operator:
    """Return who runs this command; behind sudo, who that was before."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        # A container's user may have a number and no name.
        name = str(os.getuid())
    before = os.environ.get("SUDO_USER", "")
    return Operator(f"{before} ({name})" if before and before != name else name)

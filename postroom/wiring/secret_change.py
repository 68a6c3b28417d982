"""`postroom secrets rotate`: the two steps of changing the key, in words."""

from django.conf import settings

from postroom.core.audit.write import write
from postroom.core.events.actor import SYSTEM
from postroom.faces.cli.say import complain, say
from postroom.wiring import keys, secrets

_REFUSED = 1


def rotate(*, finish: bool) -> int:
    """Begin to change the key, or end it; return the exit code."""
    return _finish() if finish else _begin()


def _begin() -> int:
    if secrets.pending():
        complain("The key is being changed already. Restart Postroom, then: postroom secrets rotate --finish")
        return _REFUSED
    keys.begin_change(settings.POSTROOM_DATA)
    write("secrets.change_begun", by=SYSTEM)
    say("secret.key holds a new key before the old one. Nothing is sealed with it yet, and nothing is lost.")
    say("Restart Postroom (every process, on every machine), then: postroom secrets rotate --finish")
    return 0


def _finish() -> int:
    if not secrets.pending():
        complain("No change of the key was begun. Begin with: postroom secrets rotate")
        return _REFUSED
    done = secrets.reseal()
    # Once more: what was saved meanwhile by a process that knew the old key only.
    again = secrets.reseal()
    if again.anew:
        complain("Something was sealed with the old key just now: a process was not restarted. Restart it, and repeat.")
        return _REFUSED
    for where in done.broken:
        complain(f"No key opens this, so it was left: {where}. It has to be typed again.")
    keys.end_change(settings.POSTROOM_DATA)
    write("secrets.changed", by=SYSTEM, after={"sealed": done.seen, "anew": done.anew, "broken": len(done.broken)})
    say(f"{done.seen} secrets are sealed with the new key ({done.anew} of them now). The old key is gone.")
    say("Restart Postroom once more, and replace the copy of secret.key in your backups.")
    return 0

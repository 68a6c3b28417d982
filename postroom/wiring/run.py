"""`postroom run`: everything on one machine, started and looked after by one small process."""

import os
import select
import subprocess
import sys

from postroom.faces.cli.say import complain, say
from postroom.wiring.environment import Settings, read
from postroom.wiring.listening import CannotListen, listen, url
from postroom.wiring.supervise import Child, Supervisor


def run(*, demo: bool, any_port: bool) -> int:
    """Take the port, bring the database up to date, start web and worker, and keep them until Ctrl-C or SIGTERM."""
    settings = read(os.environ)
    try:
        listening = listen(settings.host, 0 if any_port else settings.port)
        _make_folder(settings)
    except CannotListen as refused:
        complain(f"{refused} Nothing was started.")
        return 1
    except OSError as error:
        complain(f"The data folder {settings.data} cannot be made or written: {error.strerror}. Check POSTROOM_DATA.")
        return 1
    os.environ["POSTROOM_PORT"] = str(listening.getsockname()[1])
    os.environ["POSTROOM_INTERNAL_URL"] = url(settings, listening)
    say(f"Postroom, data in {settings.data}" + (", database in PostgreSQL" if settings.database_url else ""))
    try:
        words = ["migrate", "--welcome", *["--demo"] * demo]
        prepared = subprocess.run([sys.executable, "-m", "postroom", *words], check=False)
    except KeyboardInterrupt:
        return 0
    if prepared.returncode:
        return prepared.returncode
    ready, tell = os.pipe()
    descriptor = listening.fileno()
    handed = {"POSTROOM_INTERNAL_LISTEN": str(descriptor), "POSTROOM_INTERNAL_READY": str(tell)}
    supervisor = Supervisor(
        [
            Child("web", "web server", descriptors=(descriptor, tell), environment=handed),
            Child("worker", "worker"),
        ]
    )
    supervisor.start()
    _announce(ready, supervisor)
    return supervisor.keep()


def _make_folder(settings: Settings) -> None:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(settings.data, os.W_OK | os.X_OK):
        raise PermissionError(13, os.strerror(13))


def _announce(ready: int, supervisor: Supervisor) -> None:
    """Say where it is as soon as the web server answers; when it does not come the supervisor says why."""
    while not supervisor.stopping:
        if select.select([ready], [], [], 0.1)[0]:
            say(f"Serving on {os.environ['POSTROOM_INTERNAL_URL']} (Ctrl-C stops it)")
            return
        supervisor.look()

"""One storm: mail comes in by two doors and replies go out, while everything is killed and broken."""

import os
import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.management import call_command

from postroom.core.accounts.models import OWNER, Mailbox, Membership, User
from tests.servers import certificates
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Cluster
from tests.servers.processes import free_port
from tests.servers.smtp_sink import SmtpSink
from tests.torture import after, troubles
from tests.torture.answers import Answers, answer, session_cookie
from tests.torture.doors import Tries, by_lmtp, held, into_imap
from tests.torture.killer import Victim
from tests.torture.mails import Letter, letter
from tests.torture.tally import tally
from tests.torture.weather import Weather
from tests.torture.wire import Wire

ADDRESS = "support@velo.example"
_BRINGERS = 6
_AGENTS = 3


@dataclass(frozen=True)
class Size:
    """How much of it."""

    mails: int
    replies: int
    kills: int


def storm(
    size: Size, *, folder: Path, cluster: Cluster | None, fill: troubles.Trouble | None, seed: int
) -> dict[str, object]:
    """Let it rage, wait until the last mail is where it belongs, and count. `fill` fills the disk for a while."""
    call_command("migrate", verbosity=0, interactive=False)
    scene = Scene.set(folder)
    causes = troubles.around(scene.smtp_wire, scene.imap_wire, scene.dovecot, cluster)
    if fill:
        causes["the disk full"] = fill
    try:
        return Course(size, scene, random.Random(seed), secrets.token_hex(3)).run(causes)
    finally:
        scene.clear()


@dataclass
class Scene:
    """The mailbox, its agent, and the servers around it."""

    folder: Path
    alice: User
    dovecot: Dovecot
    sink: SmtpSink
    smtp_wire: Wire
    imap_wire: Wire
    user: str

    @classmethod
    def set(cls, folder: Path) -> "Scene":
        """Start the servers and set the mailbox up with them."""
        made = certificates.make(folder / "certificates")
        dovecot, sink = Dovecot.start(), SmtpSink.start(made)
        together = dovecot.authority.read_bytes() + sink.authority.read_bytes()
        Path(os.environ["POSTROOM_CA_FILE"]).write_bytes(together)
        smtp_wire, imap_wire = Wire(sink.tls_port).start(), Wire(dovecot.tls_port).start()
        mailbox = Mailbox.objects.create(name="Support", address=ADDRESS)
        alice = User.objects.create(email="alice@team.example", name="Alice", role=OWNER)
        Membership.objects.create(mailbox=mailbox, user=alice)
        user = f"storm{secrets.token_hex(3)}"
        troubles.connect(mailbox, smtp_port=smtp_wire.port, imap_port=imap_wire.port, user=user)
        return cls(folder, alice, dovecot, sink, smtp_wire, imap_wire, user)

    def clear(self) -> None:
        """Stop the servers."""
        self.dovecot.stop()
        self.sink.stop()


@dataclass
class Course:
    """The storm's own course."""

    size: Size
    scene: Scene
    chance: random.Random
    name: str

    def run(self, causes: dict[str, troubles.Trouble]) -> dict[str, object]:
        """Go from the first mail to the tally."""
        began = time.monotonic()
        lmtp_port, port = free_port(), free_port()
        environment = dict(os.environ) | {"POSTROOM_LMTP_PORT": str(lmtp_port), "POSTROOM_PORT": str(port)}
        worker = Victim("worker", environment, self.scene.folder / "worker.log", self.chance, tidy=after.end_leases)
        web = Victim("web", environment, self.scene.folder / "web.log", self.chance)
        weather = Weather(self.chance, causes)
        tries, answers, stop = Tries(), Answers(self.size.replies), threading.Event()
        # They log in with the database's help: in good weather, the tally's own process weathers nothing.
        agents = self._agents(answers, f"http://127.0.0.1:{port}", stop)
        for one in (worker, web):
            one.begin(kills=self.size.kills // 2)
        weather.begin()
        # An odd number: so a writer's mails come by both doors.
        people = max(5, self.size.mails // 20) | 1
        letters = [letter(number, run=self.name, to=ADDRESS, people=people) for number in range(self.size.mails)]
        bringers = self._bringers(letters, lmtp_port, tries)
        for thread in (*bringers, *agents):
            thread.start()
        for thread in bringers:
            thread.join()
        after.wait_for(lambda: len(answers.tokens) >= self.size.replies, what="The last reply's yes")
        after.wait_for(lambda: worker.is_done and web.is_done, what="The last kill", hurry=after.hurry)
        stop.set()
        weather.clear_up()
        # As a person does in the morning, in good weather.
        worker.restart()
        after.settle(mails=len(letters))
        worker.end()
        web.end()
        found = tally(letters, tokens=answers.tokens, received=self.scene.sink.received)
        return {
            **asdict(found),
            "held by the IMAP server": held(self.scene.dovecot, self.scene.user),
            "kills of the worker": worker.kills,
            "kills of a process of the worker's own": worker.children_killed,
            "kills of the web process": web.kills,
            "tries at the doors that failed": tries.refused,
            "clicks on Send": answers.tries,
            "met": dict(sorted(weather.met.items())),
            "seconds": round(time.monotonic() - began),
            "wrong": found.wrong,
        }

    def _bringers(self, letters: list[Letter], port: int, tries: Tries) -> list[threading.Thread]:
        """Every other mail comes by LMTP, the others lie in the IMAP folder; so an answer may overtake its question."""
        door = {"port": port, "to": ADDRESS, "tries": tries}
        account = {"server": self.scene.dovecot, "user": self.scene.user, "tries": tries}
        by_door, by_account = letters[::2], letters[1::2]
        return [
            *(_thread(by_lmtp, by_door[number::_BRINGERS], **door) for number in range(_BRINGERS)),
            _thread(into_imap, by_account, **account),
        ]

    def _agents(self, answers: Answers, url: str, stop: threading.Event) -> list[threading.Thread]:
        cookie = session_cookie(self.scene.alice)
        return [_thread(answer, answers, url=url, cookie=cookie, stop=stop) for _ in range(_AGENTS)]


def _thread(target: Callable[..., None], *args: object, **options: object) -> threading.Thread:
    return threading.Thread(target=target, args=args, kwargs=options, daemon=True)

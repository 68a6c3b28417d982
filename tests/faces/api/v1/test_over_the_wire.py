"""What docs/api.md shows, done by curl against a running server; and two programs that answer at the same moment."""

import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

from postroom.core.accounts.actions.api_tokens import make_token
from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.core.conversations.models.message import NOTE, OUT
from tests.faces.api.v1.http import Asked, ask
from tests.faces.web.composer.conftest import file_of
from tests.faces.web.inbox.conftest import write
from tests.house.tree import ROOT
from tests.servers.postroom import Installation

_PAPER = ROOT / "docs/api.md"


def _examples() -> list[str]:
    """Return the commands of the paper, one by one."""
    blocks = re.findall(r"```sh\n(.*?)```", _PAPER.read_text(encoding="utf-8"), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl ")]


def test_programs_do_what_the_paper_says_and_of_two_at_once_one_is_stopped(
    installation: Installation, mailbox: Mailbox, alice: User, bob: User, tmp_path: Path
) -> None:
    base = f"{installation.run().url}/api/v1"
    _two_at_once(base, mailbox, (alice, bob))
    if shutil.which("curl"):
        _commands(base, mailbox, alice, tmp_path)


def _commands(base: str, mailbox: Mailbox, alice: User, folder: Path) -> None:
    """Do what stands in the paper, command by command."""
    Team.objects.create(name="Workshop")
    mail = "<paper@x.example>"
    conversation = write(
        mailbox, rfc_id=mail, files=(file_of(b"abc", name="bill.pdf", content_type="application/pdf"),)
    )
    token = make_token(name="Paper", answers=True, days=7, by=alice)
    (folder / "invoice.pdf").write_bytes(b"%PDF-1.4")
    environment = {**os.environ, "TOKEN": token, "POSTROOM": base}
    commands = _examples()
    assert len(commands) > 8
    for command in commands:
        state = ask("GET", f"{base}/conversations/{conversation.pk}", token).body["state"]
        real = command.replace("conversations/12", f"conversations/{conversation.pk}").replace("…", state)
        real = real.replace("files/7", f"files/{Attachment.objects.order_by('pk').values_list('pk', flat=True)[0]}")
        done = subprocess.run(
            ["bash", "-c", real.replace("curl ", "curl -sS --fail-with-body ", 1)],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    assert (folder / "bill.pdf").read_bytes() == b"abc"
    assert list(
        Message.objects.filter(kind=OUT, conversation=conversation).order_by("pk").values_list("text", flat=True)
    ) == [
        "It left today.",
        "Here it is.",
    ]
    assert Attachment.objects.get(name="invoice.pdf").message is not None
    assert Message.objects.filter(kind=NOTE).count() == 1
    now = Conversation.objects.get(pk=conversation.pk)
    assert (now.status, now.team and now.team.name) == ("open", "Workshop")


def _two_at_once(base: str, mailbox: Mailbox, people: tuple[User, User]) -> None:
    """Let two answer at the same moment: one is told what the other said."""
    conversation = write(mailbox)
    tokens = [make_token(name=one.name, answers=True, days=7, by=one) for one in people]
    place = f"{base}/conversations/{conversation.pk}"
    states = [ask("GET", place, token).body["state"] for token in tokens]
    start, found = threading.Barrier(2), dict[int, Asked]()

    def answer(which: int) -> None:
        start.wait()
        body = {"text": f"Yes, says {which}.", "state": states[which]}
        found[which] = ask("POST", f"{place}/replies", tokens[which], body)

    threads = [threading.Thread(target=answer, args=(which,)) for which in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    first, second = sorted(found, key=lambda which: found[which].status)
    assert (found[first].status, found[second].status) == (201, 409)
    (change,) = found[second].body["changed"]
    assert change["message"]["text"] == f"Yes, says {first}."
    assert Message.objects.get(kind=OUT).text == f"Yes, says {first}."
    # The one that was stopped reads that, and says what is left to say.
    body = {"text": "And a pump.", "state": found[second].body["state"]}
    assert ask("POST", f"{place}/replies", tokens[second], body).status == 201

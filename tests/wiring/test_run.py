"""One command keeps everything running, says what is wrong, and ends together."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.servers import processes
from tests.servers.postroom import Installation, Running


def child(running: Running, word: str) -> int:
    """Return the process id of the web server or the worker, 0 while there is none."""
    listed = subprocess.run(
        ["ps", "--ppid", str(running.process.pid), "-o", "pid=,args="], capture_output=True, text=True, check=False
    )
    found = [line.split() for line in listed.stdout.splitlines() if line.endswith(f"postroom {word}")]
    return int(found[0][0]) if found else 0


def alive(pid: int) -> bool:
    return pid > 0 and Path(f"/proc/{pid}").exists() and "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_both_processes_cleanly(installation: Installation, sign: signal.Signals) -> None:
    running = installation.run()
    pids = [child(running, "web"), child(running, "worker")]
    assert all(map(alive, pids))
    running.process.send_signal(sign)
    assert running.wait() == 0
    assert not any(map(alive, pids))
    assert running.output.rstrip().endswith("Stopped.")
    assert "Traceback" not in running.output
    assert not processes.answers(running.lmtp_port)


@pytest.mark.parametrize("word", ["worker", "web"])
def test_a_killed_process_is_started_again(installation: Installation, word: str) -> None:
    running = installation.run()
    before = child(running, word)
    os.kill(before, signal.SIGKILL)
    running.wait_for(lambda: child(running, word) not in (0, before), what="A new process")
    running.wait_for(lambda: processes.answers(running.lmtp_port), what="The worker")
    port = int(running.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as browser:
        # While the web server is away browsers wait in its queue; none is turned away.
        browser.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert browser.recv(12) == b"HTTP/1.1 200"
    assert "was ended by SIGKILL. Nothing is lost; it starts again in" in running.output
    assert running.stop() == 0


def test_the_children_end_with_a_supervisor_that_is_killed(installation: Installation) -> None:
    running = installation.run()
    pids = [child(running, "web"), child(running, "worker")]
    running.kill()
    running.wait_for(lambda: not any(map(alive, pids)), what="The end of web and worker")


def test_a_second_start_prepares_nothing_and_serves(installation: Installation) -> None:
    assert installation.run().stop() == 0
    second = installation.run()
    assert "Preparing the database" not in second.output
    assert second.stop() == 0


def test_an_empty_folder_gets_a_set_up_link_and_each_start_a_new_one(installation: Installation) -> None:
    links = []
    for _ in range(2):
        running = installation.run()
        (line,) = [line for line in running.output.splitlines() if "/setup/" in line]
        links.append(line.rpartition(" ")[2])
        assert links[-1].startswith(running.url)
        running.stop()
    assert links[0].rpartition("/")[2] != links[1].rpartition("/")[2]
    printed = installation.command("setup-link")
    assert printed.returncode == 0
    assert b"/setup/" in printed.stdout


@pytest.mark.usefixtures("alice")
def test_there_is_no_set_up_link_where_there_are_people(installation: Installation) -> None:
    running = installation.run()
    assert "/setup/" not in running.output
    running.stop()
    refused = installation.command("setup-link")
    assert refused.returncode == 1
    assert b"There are people here already" in refused.stderr
    refused = installation.command("run", "--port", "0", "--demo")
    assert refused.returncode == 1
    assert b"already holds a team" in refused.stderr


def test_a_port_in_use_is_said_before_anything_is_touched(tmp_path: Path, installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = installation.command("run", "--port", str(port), POSTROOM_DATA=str(tmp_path / "new"))
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use".encode() in refused.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("words", "settings", "code", "sentence"),
    [
        ((), {"POSTROOM_PROT": "1"}, 78, "POSTROOM_PROT is not a setting of Postroom. Did you mean POSTROOM_PORT?"),
        ((), {"POSTROOM_PORT": "http"}, 78, "POSTROOM_PORT is 'http'. It must be a whole number from 1 to 65535."),
        (("--port", "99999"), {}, 2, "'99999' is no port. It must be a whole number from 1 to 65535."),
        (("--port", "0", "--host", "mail.invalid"), {}, 1, "'mail.invalid' is no address of this machine"),
        (("--port", "0", "--host", "192.0.2.1"), {}, 1, "192.0.2.1 is no address of this machine"),
        (("--port", "0"), {"POSTROOM_DATA": "/proc/postroom"}, 1, "The data folder /proc/postroom cannot be made"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    installation: Installation, words: tuple[str, ...], settings: dict[str, str], code: int, sentence: str
) -> None:
    refused = installation.command("run", *words, stdin=b"", **settings)
    assert refused.returncode == code
    assert sentence in refused.stderr.decode()
    assert b"Traceback" not in refused.stderr


def test_what_may_go_wrong_with_a_piped_mail_means_try_again(installation: Installation, tmp_path: Path) -> None:
    mail = b"From: ann@customers.example\nTo: support@velo.example\nSubject: bell\n\nhello\n"
    for words, settings in (
        (("deliver", "--too", "x"), {}),
        (("deliver",), {"POSTROOM_PROT": "1"}),
        (("deliver",), {"POSTROOM_DATABASE_URL": "", "POSTROOM_DATA": str(tmp_path / "empty")}),
        (("deliver",), {"POSTROOM_DATABASE_URL": "", "POSTROOM_DATA": "/proc/postroom"}),
    ):
        assert installation.command(*words, stdin=mail, **settings).returncode == 75


def test_two_first_starts_at_once_migrate_once(tmp_path: Path) -> None:
    # On a folder of its own, which nothing has touched: this is about the file lock that SQLite lacks.
    from tests.servers.postroom import installation as make

    fresh = make(tmp_path, data=tmp_path / "data", database_url="")
    both = [fresh.start("migrate") for _ in range(2)]
    assert [running.wait() for running in both] == [0, 0]
    assert sum("Preparing the database" in running.output for running in both) == 1

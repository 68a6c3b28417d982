"""A small storm on this process's engine; the great one is bin/torture."""

import faulthandler
import json
import os
import subprocess
import sys

import pytest

from tests.engine import ENGINE


@pytest.mark.dovecot
def test_nothing_is_lost_doubled_or_sent_twice_in_a_small_storm() -> None:
    # Bounded by itself, below; a busy machine takes minutes.
    faulthandler.cancel_dump_traceback_later()
    size = ["--mails", "120", "--replies", "20", "--kills", "4"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTROOM_")}
    command = [sys.executable, "-m", "tests.torture", "--engine", ENGINE, "--json", *size]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr[-4000:]
    outcome = json.loads(ran.stdout.splitlines()[-1])
    assert outcome["wrong"] == {}
    assert outcome["mails"] == 120
    assert outcome["replies"] >= 20
    assert outcome["kills of the worker"] + outcome["kills of the web process"] == 4

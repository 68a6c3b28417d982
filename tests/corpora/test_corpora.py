"""Public corpora of mail, scored by their own scripts when they are beside the repository."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CORPORA = HERE.parents[1].parent / "shared" / "corpora"

# Floors, somewhat below what is reached, so that a step back shows. In percent of the checks of each line.
FLOORS = {
    "mime": {
        "no crash": 100, "subject": 98, "from address": 98, "from display name": 98, "to addresses": 98,
        "message-id": 98,
        "attachment count": 85, "attachment names (named parts)": 95, "attachment sizes (binary)": 92,
        "single text body right": 93,
        "all inline text parts shown": 96, "LF and CRLF forms agree": 98,
    },
    "charset": {"charset mails: no crash": 100, "charset mails: subject": 97,
    "charset mails: body words right (>=85% trigrams)": 94},
    "reply": {
        "no crash / time-out": 100, "crisp_erp: words kept": 100, "willdurand_erp: words kept": 100,
        "github_erp: words kept": 100,
        "crisp_erp: forgiving (kept, no quote shown)": 95, "willdurand_erp: forgiving (kept, no quote shown)": 95,
    },
    "forward": {
        "forward recognised": 98, "original sender address": 98, "original subject": 98, "original body whole": 98,
        "not forwarded: left alone": 100,
    },
    "bounces": {
        "sisimai: no crash": 100, "sisimai: is bounce": 99, "sisimai: status code": 95, "sisimai: 4xx/5xx class": 97,
        "flufl: is bounce": 98, "sisimai: bare CR form agrees": 99, "sisimai: CRLF form agrees": 99,
    },
    "tnef": {"no crash": 100, "files inside offered by name": 100,
    "nothing lost: winmail.dat or its members present": 100},
    "html": {
        "no crash": 100, "h5sc: nothing active survives": 100, "bleach: nothing active survives": 100,
        "ammonia: nothing active survives": 100,
        "no form controls survive": 100, "no overlay positioning": 100, "default view loads nothing remote": 100,
        "idempotent": 100,
        "round trip stays clean (mXSS)": 100,
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FLOORS))
def test_public_mail_is_understood(kind: str, tmp_path: Path) -> None:
    script = CORPORA / "score" / f"score_{kind}.py"
    if not script.exists():
        pytest.skip(f"The public corpora are not at {CORPORA}; nothing was scored.")
    if kind == "html":
        pytest.importorskip("html5lib", reason="The HTML score needs html5lib, which is not installed here.")
    out = tmp_path / "score.json"
    command = [sys.executable, str(script), str(HERE / "adapter.py"), "--show", "0", "--json", str(out)]
    ran = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    scores = json.loads(out.read_text())["scores"]
    reached = {line: 100 * scores[line][0] / scores[line][1] for line in FLOORS[kind]}
    missed = {line: f"{reached[line]:.1f} < {floor}" for line, floor in FLOORS[kind].items() if reached[line] < floor}
    assert not missed

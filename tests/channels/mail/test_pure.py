"""Understanding a mail needs no settings, no database and no Django that was set up."""

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]

# Each of these is a mail about which something is said: empty, without headers, parts without the line that parts them.
_PROGRAM = r"""
from postroom.channels.mail.parse import parse
for raw in (b"", b"no headers at all", b'Content-Type: multipart/mixed; boundary="x"\r\n\r\nnothing\r\n'):
    assert parse(raw).problems, raw
"""


def test_a_mail_with_problems_is_read_without_settings() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "POSTROOM_"))}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=_ROOT, env=bare, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr

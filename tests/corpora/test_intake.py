"""Every mail of the public corpora, through the real intake on both engines: all are filed, none is refused or lost."""

from pathlib import Path

import pytest

from postroom.channels.mail.models import STORED, IncomingMail
from postroom.core.accounts.models import Mailbox
from postroom.core.storage import blobs
from tests.channels.mail.letters import take_in

# Beside the repository on the machine that has them; they are no part of it.
_CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
_FOLDERS = ("mime", "charset", "forward")


@pytest.mark.skipif(not _CORPORA.is_dir(), reason="The corpora are not on this machine (../shared/corpora).")
@pytest.mark.parametrize("folder", _FOLDERS)
def test_every_mail_is_filed(mailbox: Mailbox, folder: str) -> None:
    mails = [path for path in sorted((_CORPORA / folder).rglob("*")) if path.suffix in (".eml", ".txt")]
    assert mails
    for path in mails:
        mail = take_in(path.read_bytes(), mailbox=mailbox)
        assert (mail.state != STORED, bool(mail.message_id)) == (True, True), path
        assert blobs().get(mail.digest) == path.read_bytes()
    assert not IncomingMail.objects.filter(attempts__gt=1).exists()

"""Tell what somebody has brought."""

import re
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from postroom.channels.mail.history.folders import Folder, OneMail, is_mail
from postroom.channels.mail.history.letters import Archive, NotAnArchive
from postroom.channels.mail.history.mbox import Mbox, looks_like_mbox
from postroom.channels.mail.history.zips import Zip
from postroom.channels.mail.models.history import EML, FOLDER, MBOX, ZIP, History

_FIELD = re.compile(rb"^[!-9;-~]+[ \t]*:", re.MULTILINE)


def kind_of(path: Path) -> str:
    """Return what lies there: mbox, folder, zip or a single mail; NotAnArchive with a sentence for anything else."""
    if path.is_dir():
        return FOLDER
    try:
        with path.open("rb") as file:
            beginning = file.read(2000)
    except OSError as error:
        raise NotAnArchive(
            _("%(path)s cannot be read (%(why)s).") % {"path": path, "why": error.strerror or error}
        ) from error
    if zipfile.is_zipfile(path):
        return ZIP
    if looks_like_mbox(beginning):
        return MBOX
    if is_mail(path.name) and _FIELD.search(beginning):
        return EML
    raise NotAnArchive(
        _("%(name)s is no mbox, no mail (.eml), no Maildir or folder of mails, and no zip of those.")
        % {"name": path.name}
    )


def archive_of(history: History) -> Archive:
    """Return the reader for a file or folder on this machine."""
    path = Path(history.path)
    readers: dict[str, Archive] = {MBOX: Mbox(path), FOLDER: Folder(path), ZIP: Zip(path), EML: OneMail(path)}
    return readers[history.kind]

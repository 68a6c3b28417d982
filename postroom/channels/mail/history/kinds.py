"""Tell what somebody has brought."""

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from postroom.channels.mail.history.folders import Folder
from postroom.channels.mail.history.letters import Archive, NotAnArchive
from postroom.channels.mail.history.mbox import Mbox, looks_like_mbox
from postroom.channels.mail.history.zips import Zip
from postroom.channels.mail.models.history import FOLDER, MBOX, ZIP, History


def kind_of(path: Path) -> str:
    """Return what lies there: mbox, folder or zip; NotAnArchive with a sentence for anything else."""
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
    raise NotAnArchive(
        _("%(name)s is no mbox, no Maildir or folder of .eml files, and no zip of those.") % {"name": path.name}
    )


def archive_of(history: History) -> Archive:
    """Return the reader for a file or folder on this machine."""
    path = Path(history.path)
    readers: dict[str, Archive] = {MBOX: Mbox(path), FOLDER: Folder(path), ZIP: Zip(path)}
    return readers[history.kind]

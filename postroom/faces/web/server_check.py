"""Try a mail server while somebody waits, and say what was found."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.check import CheckFailed, check_imap, check_pop, check_smtp


@dataclass(frozen=True)
class Verdict:
    """What a live test of one server found, in a sentence."""

    good: bool
    sentence: str
    # Of an IMAP folder that could be opened: mail after this is new.
    end: FolderEnd | None = None
    # Of an SMTP server that says so: the largest mail it takes, in bytes.
    max_size: int | None = None


def try_incoming(server: ServerSettings, *, folder: str, pop: bool = False) -> Verdict:
    """Sign in at an IMAP server and open the folder, or at a POP3 server."""
    try:
        end = check_pop(server) if pop else check_imap(server, folder=folder)
    except CheckFailed as failure:
        return Verdict(good=False, sentence=str(failure))
    sentence = _("%(host)s let us in. Mail can be fetched.") % {"host": server.host}
    return Verdict(good=True, sentence=sentence, end=end)


def try_outgoing(server: ServerSettings) -> Verdict:
    """Sign in at an SMTP server; no mail is sent."""
    try:
        max_size = check_smtp(server)
    except CheckFailed as failure:
        return Verdict(good=False, sentence=str(failure))
    sentence = _("%(host)s let us in. Replies can leave.") % {"host": server.host}
    return Verdict(good=True, sentence=sentence, max_size=max_size)

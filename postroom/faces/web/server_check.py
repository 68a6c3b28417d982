"""Try a mail server while somebody waits, and say what was found."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.models import Route, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.access_tokens import access_token
from postroom.channels.mail.transports.check import CheckFailed, check_imap, check_pop, check_smtp
from postroom.channels.mail.transports.oauth import SignInTrouble


@dataclass(frozen=True)
class Verdict:
    """What a live test of one server found, in a sentence."""

    good: bool
    sentence: str
    # Of an IMAP folder that could be opened: mail after this is new.
    end: FolderEnd | None = None
    # Of an SMTP server that says so: the largest mail it takes, in bytes.
    max_size: int | None = None


def try_incoming(server: ServerSettings, *, folder: str, pop: bool = False, way: Source | None = None) -> Verdict:
    """Sign in at an IMAP server and open the folder, or at a POP3 server; with the leave that `way` has, if any."""
    try:
        server = _with_leave(server, way)
        end = check_pop(server) if pop else check_imap(server, folder=folder)
    except (CheckFailed, SignInTrouble) as failure:
        return Verdict(good=False, sentence=str(failure))
    sentence = _("%(host)s let us in. Mail can be fetched.") % {"host": server.host}
    return Verdict(good=True, sentence=sentence, end=end)


def try_outgoing(server: ServerSettings, *, way: Route | None = None) -> Verdict:
    """Sign in at an SMTP server, as `try_incoming`; no mail is sent."""
    try:
        server = _with_leave(server, way)
        max_size = check_smtp(server)
    except (CheckFailed, SignInTrouble) as failure:
        return Verdict(good=False, sentence=str(failure))
    sentence = _("%(host)s let us in. Replies can leave.") % {"host": server.host}
    return Verdict(good=True, sentence=sentence, max_size=max_size)


def _with_leave(server: ServerSettings, way: Source | Route | None) -> ServerSettings:
    """Sign in with the provider's token where the same account does so now and no password was typed."""
    if way is None or way.grant is None or server.password:
        return server
    if (server.host, server.username) != (way.host, way.username):
        return server
    return replace(server, token=access_token(way.grant))

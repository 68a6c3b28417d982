"""Do on the server what the team did here: mark as read, move, delete. Never before the mail is safe with us."""

from datetime import timedelta

from imapclient import DELETED as DELETED_FLAG
from imapclient import SEEN as SEEN_FLAG
from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.actions.wishes import Place, count_try, end, places, put_off, waiting
from postroom.channels.mail.folder_names import ARCHIVE, JUNK, TRASH
from postroom.channels.mail.models import DELETE, DONE, FAILED, GONE, SEEN, ServerWish, Source
from postroom.channels.mail.transports.imap_asking import select, uids_in
from postroom.channels.mail.transports.imap_folders import find
from postroom.channels.mail.transports.imap_line import own_words
from postroom.channels.mail.transports.imap_wire import Line, is_lost, sense
from postroom.core.storage import blobs
from postroom.lib.marked import marked

NOT_HELD = marked("The whole mail is not here, so it stays on the server.")
NO_FOLDER = marked("No folder for this was found in the account. Choose one in the mailbox's settings.")
MOST_TRIES = 5
_PAUSE = timedelta(minutes=5)


def carry_out(line: Line, source: Source) -> bool:
    """Do what waits; tell whether anything was tried, since another folder may be selected then, not read-only."""
    wishes = waiting(source)
    for wish in wishes:
        count_try(wish, pause=_PAUSE)
        try:
            _carry_out(line, wish)
        except IMAPClientError as error:
            if is_lost(error):
                raise
            if wish.tries >= MOST_TRIES:
                end(wish, FAILED, words=own_words(error))
            else:
                put_off(wish, words=own_words(error))
    return bool(wishes)


def _carry_out(line: Line, wish: ServerWish) -> None:
    if wish.wish != SEEN and not _is_safe(wish):
        end(wish, FAILED, words=NOT_HELD)
        return
    found = 0
    for place in places(wish):
        now = select(line, place.folder, readonly=False)
        if now.uidvalidity != place.uidvalidity:
            # The watcher will number the folder anew, and then its mails are found again.
            put_off(wish, words="")
            return
        if not uids_in(line, first=place.uid, last=place.uid):
            continue
        found += 1
        if wish.wish == SEEN:
            with sense():
                line.add_flags([place.uid], [SEEN_FLAG], silent=True)
        elif not _move(line, wish, place):
            end(wish, FAILED, words=NO_FOLDER)
            return
    # Not there, but asked for before: that try did it, and died before it could say so.
    end(wish, DONE if found or wish.tries > 1 else GONE)


def _is_safe(wish: ServerWish) -> bool:
    """Tell whether every byte of the mail is here: moved or deleted, it might be nobody's but ours."""
    mail = wish.mail
    return not mail.problem and blobs().path(mail.digest).is_file()


def _move(line: Line, wish: ServerWish, place: Place) -> bool:
    """Put the mail where it is wished; False when there is no such folder. A second try makes no second copy."""
    target = _target(line, wish)
    if target == place.folder:
        return True
    with sense():
        if target and line.has_capability("MOVE"):
            line.move([place.uid], target)
            return True
        if not target and wish.wish != DELETE:
            return False
        if target and not (wish.tries > 1 and _is_there(line, wish, target, back_to=place.folder)):
            line.copy([place.uid], target)
        line.add_flags([place.uid], [DELETED_FLAG], silent=True)
        # Without UIDPLUS an EXPUNGE would take what others have marked, too: then the mark is all.
        if line.has_capability("UIDPLUS"):
            line.uid_expunge([place.uid])
    return True


def _target(line: Line, wish: ServerWish) -> str:
    source = wish.source
    chosen = {ARCHIVE: source.archive_folder, JUNK: source.junk_folder}.get(wish.wish, "")
    return chosen or find(line, TRASH if wish.wish == DELETE else wish.wish) or ""


def _is_there(line: Line, wish: ServerWish, folder: str, *, back_to: str) -> bool:
    """Tell whether a copy lies in the folder already, by its Message-ID."""
    rfc_id = _message_id(wish)
    if not rfc_id:
        return False
    select(line, folder)
    there = bool(line.search(["HEADER", "Message-ID", rfc_id]))
    select(line, back_to, readonly=False)
    return there


def _message_id(wish: ServerWish) -> str:
    from postroom.channels.mail.parse import parse

    head = blobs().get(wish.mail.digest).partition(b"\r\n\r\n")[0]
    return parse(head + b"\r\n\r\n").message_id or ""

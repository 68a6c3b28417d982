from django.conf import settings
from django.db import transaction

from postroom.core.accounts.models import LETTER_GIVEN_UP, LETTER_WAITING, Installation, Letter, Mailbox
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.lib import clock
from postroom.lib.addresses import normalize
from postroom.lib.sealing import seal
from postroom.lib.text import one_line, storable

_LONGEST = 20_000


def post_letter(*, to: str, name: str, subject: str, text: str) -> Letter:
    """Have a mail of Postroom's own sent to one person; it leaves once the caller's transaction is committed.

    `text` is plain text in its reader's language.
    """
    now = clock.now()
    return Letter.objects.create(
        to=normalize(to)[:254],
        name=one_line(name, length=120),
        subject=one_line(subject, length=250),
        sealed_text=seal(storable(text)[:_LONGEST], key=settings.POSTROOM_KEY),
        next_at=now,
        created_at=now,
    )


def try_letter_again(letter: Letter) -> bool:
    """Try a letter that was given up for another day; False when it is none, or nobody knows its text any more."""
    if not letter.sealed_text:
        return False
    now = clock.now()
    given_up = Letter.objects.filter(pk=letter.pk, state=LETTER_GIVEN_UP)
    return bool(given_up.update(state=LETTER_WAITING, tries=0, next_at=now, created_at=now))


def drop_letter(letter: Letter) -> bool:
    """Let go of a letter that was given up; False when it is none."""
    gone, _rows = Letter.objects.filter(pk=letter.pk, state=LETTER_GIVEN_UP).delete()
    return gone > 0


def send_letters_from(mailbox: Mailbox | None, *, by: Actor) -> bool:
    """Say from which mailbox's account letters leave; None for the first one that can. False when it was so."""
    with transaction.atomic():
        present = Installation.objects.select_for_update().get_or_create(pk=1)[0]
        old = Mailbox.objects.filter(pk=present.letters_from_id).first() if present.letters_from_id else None
        if old == mailbox:
            return False
        Installation.objects.filter(pk=1).update(letters_from=mailbox)
        write(
            "letters.mailbox",
            by=by,
            before={"address": old.address if old else ""},
            after={"address": mailbox.address if mailbox else ""},
        )
    return True

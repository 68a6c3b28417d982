"""Wish for something to be done with a mail on its server; a watcher does it when it has a line."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from postroom.channels.mail import source_keys
from postroom.channels.mail.models import DUPLICATE, FILED, SEEN, IncomingMail, ServerWish, Source
from postroom.core.conversations.models import Message, ReadMark
from postroom.core.conversations.models.message import IN
from postroom.lib import clock
from postroom.lib.text import one_line

# What somebody reads later than this was answered or closed long ago, or is marked when it is.
_NEWEST = 1000
_AT_ONCE = 50


@dataclass(frozen=True)
class Place:
    """Where a mail lies on the server, as far as we know."""

    folder: str
    uidvalidity: int
    uid: int


def wish_for(mailbox_id: int, *, conversation_id: int, wish: str, sources: list[Source]) -> None:
    """Wish this for each mail of the conversation that was fetched from one of these accounts. Twice is once."""
    received = Message.objects.filter(conversation_id=conversation_id, kind=IN).values("raw_digest")
    mails = IncomingMail.objects.filter(
        mailbox_id=mailbox_id, digest__in=received, outgoing=False, cursor__source__in=sources
    )
    _wish(mails.exclude(state=DUPLICATE).values_list("pk", "cursor__source_id"), wish)


def wish_no_more(mailbox_id: int, *, conversation_id: int, wishes: tuple[str, ...]) -> None:
    """Take back what has not been done yet; what has been done stays done."""
    received = Message.objects.filter(conversation_id=conversation_id, kind=IN).values("raw_digest")
    mails = IncomingMail.objects.filter(mailbox_id=mailbox_id, digest__in=received)
    ServerWish.objects.filter(mail__in=mails, wish__in=wishes, outcome="").delete()


def wish_what_was_read(source: Source) -> None:
    """Wish to mark as read what somebody on the team has read here. Reading has no event: it is private."""
    if not source.marks_seen:
        return
    newest = IncomingMail.objects.filter(mailbox=source.mailbox, state=FILED, cursor__source=source, outgoing=False)
    ids = list(newest.order_by("-pk").values_list("pk", flat=True)[:_NEWEST])
    read = ReadMark.objects.filter(conversation_id=OuterRef("conversation_id"), message_id__gte=OuterRef("message_id"))
    wished = ServerWish.objects.filter(mail=OuterRef("pk"), wish=SEEN)
    mails = IncomingMail.objects.filter(Exists(read), ~Exists(wished), pk__in=ids)
    _wish(mails.values_list("pk", "cursor__source_id"), SEEN)


def is_wished(source: Source) -> bool:
    """Tell whether something is to be done now."""
    return _due(source).exists()


def waiting(source: Source) -> list[ServerWish]:
    """Return what is to be done now, oldest first, some at a time."""
    return list(_due(source).select_related("mail", "source").order_by("pk")[:_AT_ONCE])


def places(wish: ServerWish) -> list[Place]:
    """Return where the mail lies now: each row of these bytes whose numbering is the folder's present one.

    After a folder was numbered anew the mail came again, under its new number, as a duplicate.
    """
    mails = IncomingMail.objects.filter(
        mailbox_id=wish.mail.mailbox_id, digest=wish.mail.digest, cursor__source=wish.source, outgoing=False
    )
    found = []
    for mail in mails.select_related("cursor"):
        key = source_keys.read(mail.source_key)
        if key and mail.cursor and key.uidvalidity == mail.cursor.uidvalidity:
            found.append(Place(mail.cursor.folder, key.uidvalidity, key.uid))
    return found


def count_try(wish: ServerWish, *, pause: timedelta) -> None:
    """Count a try before it is made, and say when the next may be."""
    wish.tries += 1
    wish.next_try_at = clock.now() + pause * wish.tries
    wish.save(update_fields=["tries", "next_try_at"])


def put_off(wish: ServerWish, *, words: str) -> None:
    """Write why it could not be done yet."""
    wish.words = one_line(words, length=2000)
    wish.save(update_fields=["words"])


def end(wish: ServerWish, outcome: str, *, words: str = "") -> None:
    """Write how it ended."""
    wish.outcome, wish.words, wish.ended_at = outcome, one_line(words, length=2000), clock.now()
    wish.save(update_fields=["outcome", "words", "ended_at"])


def _wish(mails: QuerySet[IncomingMail, tuple[int, int]], wish: str) -> None:
    now = clock.now()
    ServerWish.objects.bulk_create(
        [ServerWish(source_id=source_id, mail_id=mail_id, wish=wish, made_at=now) for mail_id, source_id in mails],
        ignore_conflicts=True,
    )


def _due(source: Source) -> QuerySet[ServerWish]:
    return source.wishes.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=clock.now()), outcome="")

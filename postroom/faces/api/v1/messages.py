"""What was said in a conversation, as text, as cleaned HTML, and with its files."""

from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.core.conversations.models.message import IN, OUT
from postroom.core.conversations.timeline import messages_of
from postroom.faces.api.v1 import shapes
from postroom.faces.api.v1.addresses import absolute
from postroom.faces.api.v1.asking import Answer, Asking
from postroom.faces.api.v1.lookups import conversation_to_read
from postroom.lib.html import sanitize_view, text_to_html
from postroom.lib.html.trackers import without_trackers

PAGE = 50
_KINDS: dict[str, shapes.Said] = {IN: "mail", OUT: "reply"}


def show_messages(asking: Asking, number: int) -> Answer:
    """Return the messages before another one."""
    conversation = conversation_to_read(asking, number)
    text = asking.request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
    return Answer(shapes.MessageList(number=number, **dict(newest(conversation, asking=asking, before=before))))


def newest(conversation: Conversation, *, asking: Asking, before: int | None = None) -> shapes.Messages:
    """Return the newest messages (of those before another one), side threads apart."""
    rows = messages_of(conversation)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(reversed(rows.order_by("-pk")[: PAGE + 1]))
    more, found = len(found) > PAGE, found[-PAGE:]
    place = absolute(asking.request, "api-messages", conversation.pk)
    return shapes.Messages(
        messages=[message(one, asking=asking) for one in found if one.side_thread_id is None],
        side_threads=_beside(found, asking=asking),
        earlier=f"{place}?before={found[0].pk}" if more else None,
    )


def message(one: Message, *, asking: Asking) -> shapes.Message:
    """Return one message; of a note that was taken back only that it was."""
    gone = one.retracted_at is not None
    return shapes.Message(
        id=one.pk,
        kind=_KINDS.get(one.kind, "note"),
        from_=_writer(one),
        to=people(one.to),
        cc=people(one.cc),
        bcc=people(one.bcc),
        at=one.created_at,
        subject=one.subject,
        text="" if gone else one.text,
        html="" if gone else _html(one),
        files=[] if gone else [_file(file, asking=asking) for file in one.attachments.all()],
        message_id=one.rfc_id,
        automatic=one.automatic,
        delivery=one.delivery,
        leaves_at=one.send_after,
        sent_at=one.sent_at,
        edited_at=one.edited_at,
        retracted=gone,
    )


def people(rows: list[dict[str, str]]) -> list[shapes.Person]:
    """Return the people of a To or Cc as they were stored."""
    return [shapes.Person(name=str(one.get("name") or ""), email=str(one.get("email") or "")) for one in rows]


def _writer(one: Message) -> shapes.Person:
    if one.author is not None:
        return shapes.Person(name=one.author.name, email=one.from_email)
    return shapes.Person(name=one.from_name, email=one.from_email)


def _beside(found: list[Message], *, asking: Asking) -> list[shapes.SideThread]:
    sides = {one.side_thread_id: one.side_thread for one in found if one.side_thread is not None}
    return [
        shapes.SideThread(
            id=side.pk,
            subject=side.subject,
            people=people(side.people),
            messages=[message(one, asking=asking) for one in found if one.side_thread_id == number],
        )
        for number, side in sides.items()
    ]


def _html(one: Message) -> str:
    if not one.untrusted_html.strip():
        return text_to_html(one.text)
    return without_trackers(sanitize_view(one.untrusted_html))[0]


def _file(file: Attachment, *, asking: Asking) -> shapes.File:
    return shapes.File(
        id=file.pk,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        content_id=file.content_id,
        url=absolute(asking.request, "api-file", file.pk),
    )

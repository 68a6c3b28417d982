"""Answer the customer, and write notes: the verbs of the pages, under the rules of the pages."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from postroom.channels.mail.sizes import too_large
from postroom.core.accounts.rights import rights_in
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.refusals import ConversationGone, ConversationMoved, ReplyRefused
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.upload import TooLarge
from postroom.core.conversations.allowed import refuse_unless_answering, refuse_unless_noting
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.moments import MomentRefused, refuse_impossible
from postroom.faces.api.v1 import states
from postroom.faces.api.v1.asking import Answer, Asking, Problem
from postroom.faces.api.v1.bodies import Body, read
from postroom.faces.api.v1.files import kept
from postroom.faces.api.v1.lookups import conversation_or_404
from postroom.faces.api.v1.messages import message as shown
from postroom.faces.api.v1.moved import moved
from postroom.faces.api.v1.shapes_sent import NoteToWrite, ReplyToWrite
from postroom.lib import clock
from postroom.lib.html import sanitize, text_to_html, to_text
from postroom.lib.text import storable

_LONGEST_KEY = 255


def reply_to_customer(asking: Asking, number: int) -> Answer:
    """Queue a reply; 409 with what changed when the program has not seen how things stand."""
    conversation = conversation_or_404(asking, number)
    refuse_unless_answering(rights_in(conversation.mailbox_id, user_id=asking.user.pk))
    body = read(asking, ReplyToWrite)
    key = _key(asking, number)
    if first := _first(asking, key, html=_html(body.said)):
        return _created(first, asking)
    seen = states.read(body.said.state, conversation=conversation) if body.said.state is not None else None
    with _refusals(conversation, asking):
        if body.said.send_after is not None:
            refuse_impossible(body.said.send_after, now=clock.now())
        _refuse_too_large(conversation, body)
        with kept(body.files, conversation=conversation, asking=asking) as files:
            made = reply(
                conversation,
                by=asking.user,
                html=_html(body.said),
                to=body.said.to,
                cc=body.said.cc,
                bcc=body.said.bcc,
                attachments=files,
                seen=seen.message if seen else None,
                state=seen.state if seen else None,
                anyway=bool(body.said.anyway),
                client_token=key,
                send_after=body.said.send_after,
                cancel_if_answered=body.said.cancel_if_answered,
            )
    return _created(made, asking)


def write_note(asking: Asking, number: int) -> Answer:
    """Add a note for colleagues."""
    conversation = conversation_or_404(asking, number)
    refuse_unless_noting(rights_in(conversation.mailbox_id, user_id=asking.user.pk))
    body = read(asking, NoteToWrite)
    key, html = _key(asking, number), _html(body.said)
    if first := _first(asking, key, html=html):
        return _created(first, asking)
    with _refusals(conversation, asking), kept(body.files, conversation=conversation, asking=asking) as files:
        made = add_note(conversation, by=asking.user, html=html, attachments=files, client_token=key)
    return _created(made, asking)


def _html(said: ReplyToWrite | NoteToWrite) -> str:
    return said.html if said.html is not None else text_to_html(said.text or "")


def _key(asking: Asking, number: int) -> str | None:
    """Return the Idempotency-Key, this person's for this conversation alone; None without one."""
    text = asking.request.headers.get("Idempotency-Key", "").strip()
    if len(text) > _LONGEST_KEY:
        raise Problem(400, "key", _("An Idempotency-Key has at most 255 characters. Nothing was taken."))
    kind = asking.request.path.rpartition("/")[2]
    whole = f"api:{asking.user.pk}:{number}:{kind}:{text}"
    return hashlib.sha256(whole.encode(errors="replace")).hexdigest() if text else None


def _first(asking: Asking, key: str | None, *, html: str) -> Message | None:
    """Return the message that this key made before, when its answer got lost; a problem if it said something else."""
    if key is None:
        return None
    mine = Message.objects.filter(seen_by(asking.user, through="conversation"), author=asking.user, client_token=key)
    found = mine.select_related("author").first()
    if found is not None and to_text(sanitize(storable(html))) != found.text:
        sentence = _("This Idempotency-Key was used for other words. Nothing was taken. Use each for one message.")
        raise Problem(422, "key", sentence, more={"message": found.pk})
    return found


def _refuse_too_large(conversation: Conversation, body: Body[ReplyToWrite]) -> None:
    size = sum(file.size or 0 for file in body.files)
    if sentence := too_large(conversation.mailbox, written=len(_html(body.said).encode()), files=size):
        raise Problem(413, "too-large", sentence)


@contextmanager
def _refusals(conversation: Conversation, asking: Asking) -> Iterator[None]:
    """Say refusals of the verbs as problems. Whatever was uploaded is forgotten by then."""
    try:
        yield
    except ConversationMoved as refusal:
        raise moved(refusal, conversation=conversation, asking=asking) from None
    except ConversationGone as refusal:
        more = {"conversation": refusal.number}
        sentence = _("This conversation was joined to #%(number)s. Nothing was taken. Write there.") % {
            "number": refusal.number
        }
        raise Problem(409, "joined", sentence, more=more) from None
    except TooLarge as refusal:
        raise Problem(413, "too-large", str(refusal)) from None
    except (ReplyRefused, MomentRefused) as refusal:
        raise Problem(422, "refused", str(refusal)) from None
    except OSError:
        raise Problem(507, "disk", _("The disk of the server would not take the files. Nothing was taken.")) from None


def _created(made: Message, asking: Asking) -> Answer:
    found = Message.objects.filter(seen_by(asking.user, through="conversation"), pk=made.pk).select_related("author")
    row = found.prefetch_related("attachments").first()
    return Answer(shown(row, asking=asking), status=201) if row else Answer(status=201)

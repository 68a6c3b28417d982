"""Carry out what one of us wrote by mail, with the verbs of the page; what is refused is kept as their draft."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.channels.mail.answer_asked import Asked, kept_files
from postroom.channels.mail.answer_drafts import keep_draft
from postroom.channels.mail.answer_letters import NotTaken
from postroom.channels.mail.answer_words import CLOSE, NOTE, answer_in
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.replies import standing
from postroom.channels.mail.sizes import too_large
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.refusals import ConversationMoved, EmptyReply, ReplyRefused
from postroom.core.conversations.actions.reply import lock, reply
from postroom.core.conversations.actions.stale import refuse_stale
from postroom.core.conversations.actions.upload import TooLarge
from postroom.core.conversations.allowed import NotAllowed, must_answer
from postroom.core.conversations.answering_by_mail import answers_are_taken
from postroom.core.conversations.models import INFECTED, TRASH, AnswerableLetter, Conversation, FileVerdict, Message
from postroom.core.conversations.newest_words import newest_of_customer
from postroom.core.conversations.state import Changed, State


class Stopped(Exception):
    """Nothing was sent; `told` is for its writer."""

    def __init__(self, told: NotTaken) -> None:
        super().__init__(told.why)
        self.told = told


@dataclass(frozen=True)
class Done:
    """The reply or note that was made; None when the conversation was only closed."""

    conversation_id: int
    message: Message | None = None
    note: bool = False


def carry_out(letter: AnswerableLetter, *, parsed: Parsed, token: str, objection: str = "") -> Done:
    """Make the reply or the note, or close; Stopped with what its writer is told when that cannot be.

    `objection` is what is known to speak against it.
    """
    asked = _asked(letter, parsed, token=token)
    try:
        with transaction.atomic():
            joined = asked.conversation.pk != letter.conversation_id
            return _done(asked, objection=objection or _objection(asked, joined=joined))
    except ConversationMoved as moved:
        why = _("The conversation has changed since the letter that you answered.")
        raise _stopped(asked, why, changed=moved.changed) from moved
    except EmptyReply as empty:
        raise _stopped(asked, _("There were no words above the letter.")) from empty
    except (ReplyRefused, NotAllowed, TooLarge) as refused:
        raise _stopped(asked, str(refused)) from refused


def _asked(letter: AnswerableLetter, parsed: Parsed, *, token: str) -> Asked:
    then, here = letter.conversation, _seen_by(letter.user, letter.conversation)
    knew = newest_of_customer(then, up_to=letter.seen) if then is not None else None
    answer = answer_in(parsed, about=knew, address=here.mailbox.address if here else "")
    if then is None:
        raise Stopped(NotTaken(_("This letter cannot be answered by mail. Go on in Postroom."), wrote=answer.text))
    if here is None:
        raise Stopped(NotTaken(_("You do not see that conversation any more."), wrote=answer.text))
    state = State.parse(letter.state)
    return Asked(letter.user, answer, here, letter.seen, state, f"mail.{token}", parsed.attachments)


def _seen_by(person: User, conversation: Conversation | None) -> Conversation | None:
    """Return where the conversation stands now, if this person sees that."""
    if conversation is None:
        return None
    here = Conversation.objects.visible_to(person).filter(pk=standing(conversation).pk)
    return here.select_related("mailbox", "contact").first()


def _done(asked: Asked, *, objection: str) -> Done:
    if objection:
        raise ReplyRefused(objection)
    if asked.answer.command == NOTE:
        return Done(asked.conversation.pk, _noted(asked), note=True)
    closes = asked.answer.command == CLOSE
    message = None
    if asked.answer.text or asked.files or not closes:
        message = _replied(asked)
    else:
        _must_be_as_it_was(asked)
    if closes:
        close(asked.conversation, by=asked.by)
    return Done(asked.conversation.pk, message)


def _objection(asked: Asked, *, joined: bool) -> str:
    if not answers_are_taken():
        return _("Answers by mail are switched off here. Go on in Postroom.")
    if asked.answer.unknown:
        words = _("#%(word)s is no command. A first line can be #note or #close.")
        return words % {"word": asked.answer.unknown}
    if joined:
        words = _("The conversation was joined to #%(number)s since. Look whether your answer fits there.")
        return words % {"number": asked.conversation.pk}
    return _("The conversation was thrown away. Restore it first.") if asked.conversation.status == TRASH else ""


def _noted(asked: Asked) -> Message:
    files = kept_files(asked)
    return add_note(asked.conversation, by=asked.by, html=asked.html, attachments=files, client_token=asked.token)


def _replied(asked: Asked) -> Message:
    files = kept_files(asked)
    size = sum(file.size for file in files)
    if sentence := too_large(asked.conversation.mailbox, written=len(asked.html.encode()), files=size):
        raise ReplyRefused(sentence)
    bad = FileVerdict.objects.filter(pk__in=[file.digest for file in files], state=INFECTED).first() if files else None
    if bad is not None:
        raise ReplyRefused(_("The virus scanner found %(found)s in a file of your mail.") % {"found": bad.found})
    return reply(
        asked.conversation,
        by=asked.by,
        html=asked.html,
        attachments=files,
        seen=asked.seen,
        state=asked.state,
        client_token=asked.token,
    )


def _must_be_as_it_was(asked: Asked) -> None:
    """Only to be closed: asked of the same state as a reply is."""
    must_answer(asked.conversation.mailbox_id, by=asked.by)
    lock(asked.conversation)
    refuse_stale(asked.conversation, by=asked.by, seen=asked.seen, state=asked.state)


def _stopped(asked: Asked, why: str, *, changed: Changed | None = None) -> Stopped:
    kept = keep_draft(asked)
    return Stopped(NotTaken(why, about=asked.conversation, changed=changed, wrote=asked.answer.text, kept=kept))

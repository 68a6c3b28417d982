"""What we write back to one of us whose answer by mail was not taken."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from postroom.channels.mail.loops import PACES, may_answer_automatically
from postroom.channels.mail.parsed import Parsed
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.answerable import post_answerable
from postroom.core.conversations.answering_by_mail import (
    answer_line,
    how_to_answer,
    is_answerable,
    is_discreet,
    link_to,
    words_may_be_written,
)
from postroom.core.conversations.models import AnswerableLetter, Conversation, Message
from postroom.core.conversations.newest_words import said_now
from postroom.core.conversations.state import Changed
from postroom.core.events.kinds import KINDS, Assigned
from postroom.core.events.models import Event
from postroom.lib import clock

_LONGEST_WORDS = 2000
_MOST_MESSAGES = 5


@dataclass(frozen=True)
class NotTaken:
    """Why an answer was not taken, as a sentence in its writer's language, and what they are shown beside it.

    `about` is None when they do not see the conversation (any more): then nothing of it is said. `wrote` are their own
    words, and `kept` says that these are their draft there now.
    """

    why: str
    about: Conversation | None = None
    changed: Changed | None = None
    wrote: str = ""
    kept: bool = False


def may_write_back(to: User, parsed: Parsed, *, mailbox: Mailbox) -> bool:
    """Tell whether this mail may be answered by a letter: programs that answer each other would never end."""
    if not may_answer_automatically(mailbox, email=to.email, parsed=parsed):
        return False
    now = clock.now()
    back = AnswerableLetter.objects.filter(user=to, back=True)
    return all(back.filter(created_at__gte=now - span)[:most].count() < most for most, span in PACES)


def write_back(to: User, told: NotTaken) -> None:
    """Say that nothing was sent, why, and what they can do; an answer to this letter knows what is new."""
    about = told.about
    answerable = about is not None and is_answerable(about, by=to)
    # Not what came while this was being written.
    seen = told.changed.latest if told.changed else (about.last_message_id or 0) if about else 0
    paragraphs = [_("Hello %(name)s,") % {"name": to.name}, _("Your answer was not sent."), told.why]
    if about is not None:
        paragraphs.append(_named(about))
        paragraphs += _news(about, told.changed) if told.changed else []
        paragraphs += [_where_kept(about)] if told.kept else []
    if told.wrote:
        paragraphs += [_("You wrote:"), told.wrote]
    if about is not None and answerable:
        paragraphs = [answer_line(), *paragraphs, how_to_answer(about)]
    text = "\n\n".join(filter(None, paragraphs)) + "\n"
    subject = _("Not sent: %(subject)s") % {"subject": _subject(about) if about else _("your answer by mail")}
    post_answerable(to, subject=subject, text=text, about=about if answerable else None, seen=seen, back=True)


def _subject(about: Conversation) -> str:
    return f"#{about.pk}" if is_discreet(about) else f"{about.subject or _('No subject')} #{about.pk}"


def _named(about: Conversation) -> str:
    return "\n".join(filter(None, (_subject(about), link_to(about))))


def _where_kept(about: Conversation) -> str:
    words = _("Your words are kept as your draft in the conversation. Send them there, or answer this mail.")
    return "\n".join(filter(None, (words, link_to(about))))


def _news(about: Conversation, changed: Changed) -> list[str]:
    shown = words_may_be_written(about)
    said = [_said(message, shown=shown) for message in changed.messages[-_MOST_MESSAGES:]]
    return [_("Meanwhile:"), *said, *(_done(event) for event in changed.events)]


def _said(message: Message, *, shown: bool) -> str:
    who = message.author.name if message.author else message.from_name or message.from_email
    if not shown:
        return _("%(who)s wrote.") % {"who": who}
    return f"{_('%(who)s wrote:') % {'who': who}}\n{said_now(message, length=_LONGEST_WORDS)}"


def _done(event: Event) -> str:
    kind = KINDS.get(event.kind)
    who = "Postroom"
    if event.actor_kind == "user":
        person = User.objects.filter(pk=event.actor_id or 0).first()
        who = person.name if person else _("Somebody who has left")
    if event.kind == Assigned.name and event.data.get("user_id") == event.actor_id:
        return f"{who} {_('took this conversation')}."
    return f"{who} {str(kind.sentence) % event.data}." if kind else ""

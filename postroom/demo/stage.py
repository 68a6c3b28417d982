"""Play one step of a thread at its moment, by the same verbs that the pages call."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from postroom.channels.mail.models import PARKED, IncomingMail
from postroom.channels.mail.receive import file_next
from postroom.channels.mail.transports.outgoing import Outgoing
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.pend import mark_pending
from postroom.core.conversations.actions.prioritize import set_priority
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.snooze import snooze
from postroom.core.conversations.actions.spam import mark_spam
from postroom.core.conversations.actions.tag import tag
from postroom.core.conversations.actions.upload import attach
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.core.conversations.models.message import SENT
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import ReplySent
from postroom.core.events.record import record
from postroom.core.outbox.deliver import deliver_next
from postroom.core.storage import blobs
from postroom.demo.customers_mail import customers_mail
from postroom.demo.enclosures import enclosure
from postroom.demo.pages import note_html, reply_html
from postroom.demo.plan import Act
from postroom.demo.script import MAIL, NOTE, REPLY
from postroom.demo.team import Team
from postroom.lib import clock

PRIORITIES = {"low": -1, "normal": 0, "high": 1, "urgent": 2}
_UNDO = timedelta(seconds=10)
# The tray shows the mail of these days.
_IN_TRAY = timedelta(days=7)


class BrokenThread(RuntimeError):
    """A thread could not be played as it is written; the sentence says which and why."""


class Stage:
    """Plays acts in the order of time and remembers which conversation each thread became."""

    def __init__(self, team: Team, *, now: datetime) -> None:
        self.team = team
        self.now = now
        self.conversations: dict[str, Conversation] = {}
        self.messages = 0

    def play(self, act: Act) -> None:
        """Let the step happen; BrokenThread when it did not do what it says."""
        with clock.at(act.moment):
            if act.step.kind == MAIL:
                self._mail(act)
            elif act.step.kind == REPLY:
                self._reply(act)
            elif act.step.kind == NOTE:
                self._note(act)
            else:
                self._verb(act)

    def _mail(self, act: Act) -> None:
        known = self.conversations.get(act.thread.slug)
        mailbox = self.team.mailboxes[act.thread.mailbox]
        raw, envelope_from = customers_mail(act.thread, act.place, moment=act.moment, to=mailbox, conversation=known)
        # What `accept` does, but for its own commit: the whole demo is one transaction.
        row = IncomingMail.objects.create(
            mailbox=mailbox,
            transport="demo",
            digest=blobs().put(raw),
            size=len(raw),
            envelope_from=envelope_from,
            envelope_to=mailbox.address,
            received_at=act.moment,
        )
        file_next()
        row.refresh_from_db(fields=["conversation_id", "state"])
        if act.thread.state == "parked" and row.state == PARKED:
            return
        if row.conversation_id is None or (known and row.conversation_id != known.pk):
            raise BrokenThread(f"{act.thread.where}: step {act.place} was not filed where it belongs.")
        if not known:
            rows = Conversation.objects.select_related("mailbox", "contact")
            self.conversations[act.thread.slug] = rows.get(pk=row.conversation_id)
        self.messages += 1

    def _reply(self, act: Act) -> None:
        conversation, person = self._conversation(act), self.team.people[act.step.who]
        html = reply_html(act.step.text, language=act.thread.language, who=act.step.who, place=act.place)
        files = self._files(act, conversation, person)
        message = reply(conversation, by=person, html=html, attachments=files, send_after=act.moment + _UNDO)
        with clock.at(act.moment + _UNDO):
            if act.moment < self.now - _IN_TRAY:
                _sent_long_ago(message)
            elif not deliver_next(Outgoing()):
                raise BrokenThread(f"{act.thread.where}: the reply of step {act.place} did not leave.")
        self.messages += 1

    def _note(self, act: Act) -> None:
        add_note(self._conversation(act), by=self.team.people[act.step.who], html=note_html(act.step.text))
        self.messages += 1

    def _verb(self, act: Act) -> None:
        conversation, person, what = self._conversation(act), self.team.people[act.step.who], act.step.what
        plain: dict[str, Callable[..., bool]] = {
            "close": close,
            "reopen": reopen,
            "pending": mark_pending,
            "spam": mark_spam,
        }
        if act.step.verb in plain:
            plain[act.step.verb](conversation, by=person)
        elif act.step.verb == "tag":
            for name in what.split(","):
                tag(conversation, name=name, by=person)
        elif act.step.verb == "snooze":
            snooze(conversation, until=self._morning(int(what)), by=person)
        elif act.step.verb == "priority":
            set_priority(conversation, priority=PRIORITIES[what], by=person)
        elif act.step.verb == "assign":
            assign(conversation, to=self.team.groups.get(what) or self.team.people[what], by=person)
        else:
            raise BrokenThread(f"{act.thread.where}: nobody knows how to {act.step.verb!r}.")

    def _morning(self, days: int) -> datetime:
        """Nine o'clock, so many days from now: it is still to come."""
        day = timezone.localtime(self.now).date() + timedelta(days=days)
        return datetime.combine(day, time(9), tzinfo=timezone.get_current_timezone())

    def _conversation(self, act: Act) -> Conversation:
        # As it was when it began: the verbs ask the row, not this copy, for what may have changed since.
        return self.conversations[act.thread.slug]

    def _files(self, act: Act, conversation: Conversation, person: User) -> list[Attachment]:
        files = (enclosure(name, language=act.thread.language, moment=act.moment) for name in act.step.files)
        return [
            attach(conversation, by=person, name=file.name, content_type=file.content_type, data=file.data)
            for file in files
        ]


def _sent_long_ago(message: Message) -> None:
    """Leave the reply as the outbox leaves it, but for the mail in the tray, which was emptied since."""
    now = clock.now()
    Message.objects.filter(pk=message.pk).update(
        delivery=SENT, sent_at=now, attempts=1, delivery_words=_("Laid in the mail tray.")
    )
    conversation = message.conversation
    record(
        ReplySent(),
        by=SYSTEM,
        mailbox_id=conversation.mailbox_id,
        conversation_id=conversation.pk,
        message_id=message.pk,
    )

"""The way out that each mailbox has chosen, and the spare one for when that fails."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail import sent_copies
from postroom.channels.mail.build import build, subject_line
from postroom.channels.mail.models import SMTP, TRAY, Route
from postroom.channels.mail.signing import signed
from postroom.channels.mail.transports.smtp import Envelope
from postroom.channels.mail.transports.tray import lay_in_tray
from postroom.channels.mail.transports.trying import Try
from postroom.channels.mail.wire import wire_address
from postroom.core.conversations.models import Message
from postroom.core.outbox.outcomes import Deferred, Handed, NotSent, Refused
from postroom.core.storage import blobs
from postroom.lib.blobs import BlobMissing
from postroom.lib.sealing import SealBroken


class Outgoing:
    """The outbox's transport: every reply leaves by its mailbox's routes."""

    def send(self, message: Message, *, to: Sequence[str], before_data: Callable[[], None]) -> Handed:
        """Send the reply to those named; Deferred, Held, Refused or Uncertain otherwise.

        What they say is in the writer's language, who reads it on the message.
        """
        with translation.override(message.author.language if message.author else "en"):
            return self._send(message, to=to, before_data=before_data)

    def left(self, message: Message) -> None:
        """Keep the very bytes that left, and have a copy laid into the Sent folder."""
        Message.objects.filter(pk=message.pk).update(raw_digest=message.raw_digest)
        sent_copies.wanted(message)

    def _send(self, message: Message, *, to: Sequence[str], before_data: Callable[[], None]) -> Handed:
        mailbox = message.conversation.mailbox
        routes = list(Route.objects.filter(mailbox=mailbox).order_by("rank"))
        if not routes or routes[0].kind not in (SMTP, TRAY):
            raise Deferred(
                _("%(address)s has no way out yet. The reply is safe. Name its SMTP server in the mailbox's settings.")
                % {"address": mailbox.address}
            )
        wires = {email: wire_address(email) for email in to}
        envelope = Envelope(sender=wire_address(mailbox.address), recipients=tuple(dict.fromkeys(wires.values())))
        raw = _as_it_leaves(message)
        if routes[0].kind == TRAY:
            subject = subject_line(message)
            words = lay_in_tray(mailbox, raw, envelope, laid_as=message.pk, subject=subject, before_data=before_data)
            return Handed(words)
        message.raw_digest = blobs().put(raw)
        try:
            return _as_typed(Try(mailbox, message.pk, raw, envelope, before_data).by(routes), wires)
        except NotSent as end:
            end.answers = _as_typed(Handed("", end.answers), wires).answers
            raise


def _as_it_leaves(message: Message) -> bytes:
    """Return the mail; what somebody has already is the same to the last byte for the others."""
    try:
        if message.sent_at and message.raw_digest:
            return blobs().get(message.raw_digest)
        return signed(build(message), mailbox=message.conversation.mailbox)
    except BlobMissing as gone:
        raise Refused(
            _("A file of this reply is missing on our disk, so it was not sent. (%(why)s)") % {"why": gone}
        ) from gone
    except SealBroken as broken:
        raise Refused(
            _("The key that signs this domain's mail cannot be opened any more. Make a new one in the settings.")
        ) from broken


def _as_typed(end: Handed, wires: dict[str, str]) -> Handed:
    """Return what was said of each recipient under the address that was typed."""
    said = {answer.email: answer for answer in end.answers}
    answers = [replace(said[wire], email=typed) for typed, wire in wires.items() if wire in said]
    return replace(end, answers=tuple(answers))

"""The way out that each mailbox has chosen, and the spare one for when that fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail import sent_copies
from postroom.channels.mail.build import build
from postroom.channels.mail.models import SMTP, TRAY, Departure, Route
from postroom.channels.mail.pace import rules_of, take_turn
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.signing import signed
from postroom.channels.mail.transports.access_tokens import server_of
from postroom.channels.mail.transports.oauth import SignInTrouble
from postroom.channels.mail.transports.smtp import Envelope, ServerUnusable, SmtpTransport
from postroom.channels.mail.transports.tray import lay_in_tray
from postroom.channels.mail.wire import wire_address
from postroom.core.conversations.models import Message
from postroom.core.outbox.outcomes import Deferred, Handed, NotSent, Refused
from postroom.core.storage import blobs
from postroom.lib import clock
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
            return Handed(lay_in_tray(message, raw, envelope, before_data=before_data))
        message.raw_digest = blobs().put(raw)
        try:
            return _as_typed(_Try(message, raw, envelope, before_data).by(routes), wires)
        except NotSent as end:
            end.answers = _as_typed(Handed("", end.answers), wires).answers
            raise


@dataclass
class _Try:
    """One try to send one mail, by the first of its routes that can be used."""

    message: Message
    raw: bytes
    envelope: Envelope
    before_data: Callable[[], None]
    begun: bool = False

    def by(self, routes: Sequence[Route]) -> Handed:
        """Hand it over. Another route is tried only while no server can have the mail."""
        turn = take_turn(self.message)
        try:
            return self._by_first(routes)
        except NotSent:
            if not self.begun:
                _give_back(turn)
            raise

    def _by_first(self, routes: Sequence[Route]) -> Handed:
        first, *others = routes
        try:
            return self._by_one(first)
        except ServerUnusable as unusable:
            end = unusable.end
        except Deferred as put_off:
            if self.begun or not others or not self._failed_long(first):
                raise
            end = put_off
        if not others:
            raise end
        try:
            return self._by_first(others)
        except NotSent as other:
            if self.begun:
                raise
            # Both are told; whether it is worth another try, the one says that can still hope.
            hopeful = isinstance(end, Deferred) or isinstance(other, Deferred)
            answers = other.answers or end.answers
            raise (Deferred if hopeful else Refused)(f"{end} {other}", answers=answers) from other

    def _by_one(self, route: Route) -> Handed:
        rows = Route.objects.filter(pk=route.pk)

        def told_size(size: int | None) -> None:
            if size != route.max_size:
                rows.update(max_size=size)

        try:
            transport = SmtpTransport(_server(route), told_size)
            words = transport.send(self.raw, self.envelope, before_data=self._begin)
        except (NotSent, ServerUnusable) as end:
            now = clock.now()
            rows.update(last_error=str(end), last_error_at=now)
            if not isinstance(end, Refused):
                rows.filter(failing_since=None).update(failing_since=now)
            raise
        rows.update(last_ok_at=clock.now(), last_error="", last_error_at=None, failing_since=None)
        return words

    def _begin(self) -> None:
        self.before_data()
        self.begun = True

    def _failed_long(self, route: Route) -> bool:
        patience = timedelta(minutes=rules_of(self.message.conversation.mailbox).spare_after)
        return route.failing_since is not None and clock.now() - route.failing_since >= patience


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


def _give_back(turn: Departure | None) -> None:
    if turn is not None:
        turn.delete()


def _server(route: Route) -> ServerSettings:
    try:
        return server_of(route)
    except SealBroken as broken:
        raise ServerUnusable(Refused(str(broken))) from broken
    except SignInTrouble as trouble:
        raise ServerUnusable(Deferred(str(trouble))) from trouble

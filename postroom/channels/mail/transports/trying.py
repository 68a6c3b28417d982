"""One try to hand a mail over, by the usual server or by the spare one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from postroom.channels.mail.models import Departure, Route
from postroom.channels.mail.pace import rules_of, take_turn
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.access_tokens import server_of
from postroom.channels.mail.transports.oauth import SignInTrouble
from postroom.channels.mail.transports.smtp import Envelope, ServerUnusable, SmtpTransport
from postroom.core.accounts.models import Mailbox
from postroom.core.outbox.outcomes import Deferred, Handed, NotSent, Refused
from postroom.lib import clock
from postroom.lib.sealing import SealBroken


@dataclass
class Try:
    """One try to send one mail, by the first of its mailbox's routes that can be used."""

    mailbox: Mailbox
    # Under which the mailbox's rates count it.
    counted_as: int
    raw: bytes
    envelope: Envelope
    before_data: Callable[[], None]
    begun: bool = False

    def by(self, routes: Sequence[Route]) -> Handed:
        """Hand it over. Another route is tried only while no server can have the mail."""
        turn = take_turn(self.mailbox, counted_as=self.counted_as)
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
        patience = timedelta(minutes=rules_of(self.mailbox).spare_after)
        return route.failing_since is not None and clock.now() - route.failing_since >= patience


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

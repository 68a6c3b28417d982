"""The way out that each mailbox has chosen."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail.build import build, recipients
from postroom.channels.mail.models import SMTP, TRAY, Route
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.smtp import Envelope, SmtpTransport
from postroom.channels.mail.transports.tray import lay_in_tray
from postroom.channels.mail.wire import wire_address
from postroom.core.conversations.models import Message
from postroom.core.outbox.outcomes import Deferred, NotSent, Refused
from postroom.lib import clock
from postroom.lib.blobs import BlobMissing
from postroom.lib.sealing import SealBroken, unseal


class Outgoing:
    """The outbox's transport: every reply leaves by its mailbox's route."""

    def send(self, message: Message, *, before_data: Callable[[], None]) -> str:
        """Send the reply and return the server's own words; Deferred, Refused or Uncertain otherwise.

        What they say is in the writer's language, who reads it on the message.
        """
        with translation.override(message.author.language if message.author else "en"):
            return self._send(message, before_data=before_data)

    def _send(self, message: Message, *, before_data: Callable[[], None]) -> str:
        mailbox = message.conversation.mailbox
        route = Route.objects.filter(mailbox=mailbox).first()
        if route is None or route.kind not in (SMTP, TRAY):
            raise Deferred(
                _("%(address)s has no way out yet. The reply is safe. Name its SMTP server in the mailbox's settings.")
                % {"address": mailbox.address}
            )
        envelope = Envelope(sender=wire_address(mailbox.address), recipients=tuple(recipients(message)))
        raw = _built(message)
        if route.kind == TRAY:
            return lay_in_tray(message, raw, envelope, before_data=before_data)
        return _by_smtp(route, raw, envelope, before_data=before_data)


def _built(message: Message) -> bytes:
    try:
        return build(message)
    except BlobMissing as gone:
        raise Refused(
            _("A file of this reply is missing on our disk, so it was not sent. (%(why)s)") % {"why": gone}
        ) from gone


def _by_smtp(route: Route, raw: bytes, envelope: Envelope, *, before_data: Callable[[], None]) -> str:
    transport = SmtpTransport(_server(route))
    rows = Route.objects.filter(pk=route.pk)
    try:
        words = transport.send(raw, envelope, before_data=before_data)
    except NotSent as outcome:
        rows.update(last_error=str(outcome), last_error_at=clock.now())
        raise
    rows.update(last_ok_at=clock.now(), last_error="", last_error_at=None)
    return words


def _server(route: Route) -> ServerSettings:
    try:
        password = unseal(route.sealed_password, key=settings.POSTROOM_KEY)
    except SealBroken as broken:
        raise Refused(str(broken)) from broken
    return ServerSettings(route.host, route.port, route.security, route.username, password)

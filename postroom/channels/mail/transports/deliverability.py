"""Look at everything that decides whether a mailbox's mail arrives, in a few seconds and all at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from datetime import UTC, datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from postroom.channels.mail.deliverability.findings import BAD, GOOD, UNKNOWN, WARNING, Finding
from postroom.channels.mail.deliverability.looks import (
    DKIM,
    DMARC,
    MX,
    REVERSE,
    SPF,
    look_at_dkim,
    look_at_dmarc,
    look_at_mx,
    look_at_reverse_names,
    look_at_spf,
)
from postroom.channels.mail.deliverability.names import Names, NoAnswer, names
from postroom.channels.mail.deliverability.sender import Sender, sender_of
from postroom.channels.mail.models import NO_TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.smtp_line import SmtpTrouble, look
from postroom.core.accounts.models import Mailbox
from postroom.lib import clock

# As long as somebody looks at a page without wondering.
SECONDS = 5.0
TLS = "TLS"
_SOON_DAYS = 14

Look = Callable[[Sender, Names], Iterator[Finding]]
_LOOKS: tuple[tuple[str, Look], ...] = (
    (SPF, look_at_spf),
    (DKIM, look_at_dkim),
    (DMARC, look_at_dmarc),
    (REVERSE, look_at_reverse_names),
    (MX, look_at_mx),
)


def check_deliverability(mailbox: Mailbox) -> list[Finding]:
    """Return what was found, in a fixed order; all looks are made at once, and none is waited for much over SECONDS."""
    sender, language = sender_of(mailbox), translation.get_language() or "en"
    pool = ThreadPoolExecutor(len(_LOOKS) + len(sender.servers), thread_name_prefix="deliverability")
    try:
        asked = [(topic, pool.submit(_ask, one, sender, language)) for topic, one in _LOOKS]
        asked += [(TLS, pool.submit(_look_at_tls, server, language)) for server in sender.servers]
        return [finding for topic, future in asked for finding in _found(topic, future)]
    finally:
        # A name server that hangs is not waited for.
        pool.shutdown(wait=False, cancel_futures=True)


def _ask(one: Look, sender: Sender, language: str) -> list[Finding]:
    with translation.override(language):
        return list(one(sender, names(seconds=SECONDS)))


def _found(topic: str, future: Future[list[Finding]]) -> list[Finding]:
    try:
        return future.result(timeout=SECONDS + 1)
    except (NoAnswer, TooSlow):
        sentence = _("No name server answered in time, so nothing is known.")
        return [Finding(topic, UNKNOWN, sentence, _("Try again in a minute."))]


def _look_at_tls(server: ServerSettings, language: str) -> list[Finding]:
    with translation.override(language):
        about: dict[str, object] = {"host": server.host}
        try:
            seen = look(server, seconds=SECONDS / 2)
        except SmtpTrouble as trouble:
            return [Finding(TLS, BAD, str(trouble))]
        if server.security == NO_TLS or not seen.version:
            sentence = _("Mail goes to %(host)s without encryption: all on the way can read it.") % about
            return [Finding(TLS, BAD, sentence, _("Choose TLS or STARTTLS in the mailbox's settings."))]
        about["version"] = seen.version
        if seen.until is None:
            return [Finding(TLS, GOOD, _("%(host)s speaks %(version)s with a trusted certificate.") % about)]
        return [_certificate(seen.until, about)]


def _certificate(until: datetime, about: dict[str, object]) -> Finding:
    about["date"] = date_format(until.astimezone(UTC), "DATE_FORMAT")
    sentence = _("%(host)s speaks %(version)s, and its certificate is trusted and good until %(date)s.") % about
    if (until - clock.now()).days < _SOON_DAYS:
        return Finding(TLS, WARNING, sentence, _("It ends soon. Whoever runs the server has to renew it."))
    return Finding(TLS, GOOD, sentence)

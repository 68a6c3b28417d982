"""Send Postroom's own letters through the account of a mailbox, as its replies leave."""

from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail import letter_queue
from postroom.channels.mail.letters import build_letter, sending_mailbox
from postroom.channels.mail.models import TRAY, Route
from postroom.channels.mail.signing import signed
from postroom.channels.mail.transports.smtp import Envelope
from postroom.channels.mail.transports.tray import lay_in_tray
from postroom.channels.mail.transports.trying import Try
from postroom.channels.mail.wire import wire_address
from postroom.core.accounts.models import Letter, Mailbox
from postroom.core.accounts.queries import owners_language
from postroom.core.outbox.outcomes import Held, NotSent, Refused
from postroom.lib.killpoint import killpoint
from postroom.lib.sealing import SealBroken


def letter_next() -> bool:
    """Send the next letter that is due; False when there is none. The network is used outside any transaction."""
    letter = letter_queue.claim_letter()
    if letter is None:
        return False
    killpoint("after_letter_lease")
    with translation.override(owners_language()):
        _try(letter)
    return True


def _try(letter: Letter) -> None:
    mailbox = sending_mailbox()
    if mailbox is None:
        letter_queue.no_way_out(letter, _("No mailbox can send mail yet. Name a mailbox's SMTP server."))
        return
    try:
        raw = build_letter(letter, mailbox=mailbox)
    except SealBroken:
        letter_queue.refused(letter, _("This letter was sealed with another key. Have it made again."))
        return
    try:
        raw = signed(raw, mailbox=mailbox)
    except SealBroken:
        words = _("The key that signs this domain's mail cannot be opened any more. Make a new one in the settings.")
        letter_queue.put_off(letter, words)
        return
    attempt = _attempt(letter, mailbox, raw)
    try:
        _leave(letter, attempt)
    except Held as held:
        letter_queue.no_way_out(letter, str(held))
    except NotSent as end:
        # Only what was said of this letter is final; what is wrong with the account will be mended.
        final = isinstance(end, Refused) and (attempt.begun or bool(end.answers))
        (letter_queue.refused if final else letter_queue.put_off)(letter, str(end))
    else:
        killpoint("after_letter_data")
        letter_queue.sent(letter)


def _attempt(letter: Letter, mailbox: Mailbox, raw: bytes) -> Try:
    envelope = Envelope(sender=wire_address(mailbox.address), recipients=(wire_address(letter.to),))
    return Try(mailbox, -letter.pk, raw, envelope, before_data=lambda: killpoint("before_letter_data"))


def _leave(letter: Letter, attempt: Try) -> None:
    routes = list(Route.objects.filter(mailbox=attempt.mailbox).order_by("rank"))
    if routes and routes[0].kind == TRAY:
        lay_in_tray(
            attempt.mailbox,
            attempt.raw,
            attempt.envelope,
            laid_as=-letter.pk,
            subject=letter.subject,
            before_data=attempt.before_data,
        )
    else:
        attempt.by(routes)

"""Hand a mail in at our own LMTP door, as a mail server would."""

import smtplib

from django.conf import settings
from django.utils.translation import gettext as _

_SECONDS = 20


class HandInFailed(Exception):
    """The mail was not taken; the sentence says why and what to do."""


def hand_in(raw: bytes, *, sender: str, recipient: str) -> None:
    """Deliver the bytes through LMTP to one recipient; HandInFailed with a sentence when they were not taken.

    When this returns, the mail is stored: the door says 250 only then.
    """
    host, port = settings.POSTROOM_LMTP_HOST, settings.POSTROOM_LMTP_PORT
    try:
        with smtplib.LMTP(host, port, local_hostname="localhost", timeout=_SECONDS) as door:
            # Addresses with letters beyond ASCII need the extension of RFC 6531.
            plain = (sender + recipient).isascii()
            door.sendmail(sender, [recipient], raw, mail_options=() if plain else ("SMTPUTF8",))
    except smtplib.SMTPRecipientsRefused as refusal:
        code, words = refusal.recipients.get(recipient, (550, b""))
        raise HandInFailed(_refused(code, words)) from None
    except smtplib.SMTPResponseException as refusal:
        raise HandInFailed(_refused(refusal.smtp_code, refusal.smtp_error)) from None
    except smtplib.SMTPNotSupportedError:
        raise HandInFailed(
            _("The mail door does not take addresses with letters beyond a to z. Write from another address.")
        ) from None
    except (OSError, smtplib.SMTPException):
        raise HandInFailed(
            _(
                "Nobody answers at the mail door %(host)s:%(port)s, so the mail was not sent. "
                "Is the worker running? Your text is still here: try again."
            )
            % {"host": host, "port": port}
        ) from None


def _refused(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return _("The mail door did not take the mail (%(code)s %(words)s). Your text is still here.") % {
        "code": code,
        "words": " ".join(said.split())[:300],
    }

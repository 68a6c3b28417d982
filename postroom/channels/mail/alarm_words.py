"""What can be wrong with a mailbox's mail: codes as stored, and the sentences that people read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

FAILING = "failing"
SILENT = "silent"
COUNTS_DIFFER = "counts_differ"
QUARANTINE = "quarantine"
REFUSED = "replies_refused"
UNCERTAIN = "replies_uncertain"
DEFERRED = "replies_deferred"
SIGN_IN_OVER = "sign_in_over"
SECRET_ENDS = "secret_ends"
CERTIFICATE_ENDS = "certificate_ends"
LETTERS = "letters"


@dataclass(frozen=True)
class Words:
    """`title` is for lists; `sentence` says what is wrong, with the names and numbers of the alarm's detail.

    `advice` is what is safe, or to do. `page` is where it is mended: settings, ledger, quarantine, inbox or letters.
    """

    title: str | Promise
    sentence: str | Promise
    advice: str | Promise
    page: str


WORDS: dict[str, Words] = {
    FAILING: Words(
        _("Mail cannot be fetched"),
        _("Mail could not be fetched from %(host)s for a while."),
        _("Nothing is lost: it waits on the server. Look at what the server said."),
        "settings",
    ),
    SILENT: Words(
        _("A mailbox is silent"),
        _("No mail came for %(hours)s h. At this time of the week it was never more than %(usual)s h."),
        _("Perhaps nobody wrote. Send this mailbox a mail to be sure."),
        "settings",
    ),
    COUNTS_DIFFER: Words(
        _("The server holds mail that is not here"),
        _("The server at %(host)s holds mail that is not here: %(n)s."),
        _("It can be fetched from the mail ledger."),
        "ledger",
    ),
    QUARANTINE: Words(
        _("Mail could not be understood"),
        _("Mail waits that could not be understood: %(n)s."),
        _("The originals are safe. Read them again, or leave them as they are."),
        "quarantine",
    ),
    REFUSED: Words(
        _("Replies were refused"),
        _("Replies were refused by the mail server: %(n)s."),
        _("They are safe in their conversations. Somebody has to look at them."),
        "inbox",
    ),
    UNCERTAIN: Words(
        _("It is not known whether replies were sent"),
        _("Of some replies it is not known whether they were sent: %(n)s."),
        _("They are not sent again by themselves. Somebody has to decide."),
        "inbox",
    ),
    DEFERRED: Words(
        _("Replies wait to be sent"),
        _("Replies have been waiting to be sent for hours: %(n)s."),
        _("They are tried again by themselves. Look at what the server said."),
        "settings",
    ),
    SIGN_IN_OVER: Words(
        _("A sign-in at a mail provider is over"),
        _("%(name)s no longer lets us in as %(account)s."),
        _("Nothing is lost. Sign in there again."),
        "settings",
    ),
    SECRET_ENDS: Words(
        _("A secret ends soon"),
        _("The secret for signing in at %(name)s ends on %(day)s."),
        _("Make a new one there and type it here before that day."),
        "settings",
    ),
    CERTIFICATE_ENDS: Words(
        _("A certificate ends soon"),
        _("The certificate of %(name)s ends on %(day)s."),
        _("Get a new one before that day; the old one still opens old mail."),
        "settings",
    ),
    LETTERS: Words(
        _("Postroom's own mail does not leave"),
        _("Invitations and notices of Postroom itself did not leave or did not arrive: %(n)s."),
        _("See what the mail server said, and send them again or through another mailbox."),
        "letters",
    ),
}
_UNKNOWN = Words(_("Trouble with mail"), _("Something is wrong with this mailbox's mail."), "", "settings")


def words(kind: str) -> Words:
    """Return what is said of an alarm of this kind."""
    return WORDS.get(kind, _UNKNOWN)


def sentence(kind: str, detail: Mapping[str, object]) -> str:
    """Return the alarm's sentence in the reader's language; without its numbers when they are not as expected."""
    said = str(words(kind).sentence)
    try:
        named = {**detail, "day": _day(str(detail["day"]))} if "day" in detail else detail
        return said % named
    except (KeyError, TypeError, ValueError):
        return str(_UNKNOWN.sentence)


def _day(day: str) -> str:
    return formats.date_format(date.fromisoformat(day), pgettext("date format", "j M Y"))

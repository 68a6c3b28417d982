"""What is told, in a sentence, in the language that is active."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.followers.notifications.models import (
    ALARM,
    ANSWERED,
    COMMENTED,
    FOLLOWED,
    GIVEN,
    GLASS,
    MENTIONED,
    NAMED,
    NOT_SENT,
    SIGNED_IN,
    STARTED,
    TAKEN_OVER,
    TRIAL,
    WOKEN,
)

# On a locked screen, and where nobody is named.
_WITHOUT_NAMES: dict[str, str | Promise] = {
    GIVEN: gettext_lazy("You were given a conversation"),
    ANSWERED: gettext_lazy("A customer of yours answered"),
    MENTIONED: gettext_lazy("You were mentioned in a note"),
    COMMENTED: gettext_lazy("A colleague commented on your draft"),
    TAKEN_OVER: gettext_lazy("A colleague took your draft over"),
    FOLLOWED: gettext_lazy("There is news in a conversation that you follow"),
    WOKEN: gettext_lazy("A conversation that you snoozed is back"),
    STARTED: gettext_lazy("There is a new conversation"),
    NOT_SENT: gettext_lazy("A reply of yours did not leave"),
    NAMED: gettext_lazy("You were named in a sensitive conversation"),
    GLASS: gettext_lazy("Somebody broke the glass of a sensitive conversation"),
    ALARM: gettext_lazy("Something is wrong with a mailbox’s mail"),
    SIGNED_IN: gettext_lazy("A new sign-in. Was it you?"),
    TRIAL: gettext_lazy("Push works in this browser"),
}


def without_names(reason: str) -> str:
    """Return what happened, and neither to whom nor by whom."""
    return str(_WITHOUT_NAMES[reason])


def sentence(reason: str, who: str) -> str:
    """Return what happened and who did it; `who` may be empty."""
    if not who or reason in (NOT_SENT, ALARM, SIGNED_IN, WOKEN):
        return without_names(reason)
    sentences = {
        GIVEN: _("%(who)s gave you a conversation"),
        ANSWERED: _("%(who)s answered"),
        MENTIONED: _("%(who)s mentioned you"),
        COMMENTED: _("%(who)s commented on your draft"),
        TAKEN_OVER: _("%(who)s took your draft over"),
        FOLLOWED: _("%(who)s did something in a conversation that you follow"),
        STARTED: _("%(who)s wrote, and nobody has it yet"),
        NAMED: _("%(who)s named you in a sensitive conversation"),
        GLASS: _("%(who)s broke the glass of a sensitive conversation"),
    }
    return sentences[reason] % {"who": who}

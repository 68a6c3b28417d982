from django.utils import translation
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.models import User


def tell_of_second_factor(action: str, user: User, *, by: User) -> None:
    """Write to a person that what they sign in with has changed, in their language; inside the transaction of it.

    `action` is the audit log's name for what was done.
    """
    with translation.override(user.language):
        lines = (
            _("Hello %(name)s,") % {"name": user.name},
            _sentence(action, by=by),
            _("Was it not you? Choose another password, and tell whoever runs your Postroom."),
        )
        subject = _("Your sign-in to Postroom has changed")
        post_letter(to=user.email, name=user.name, subject=subject, text="\n\n".join(lines) + "\n")


def _sentence(action: str, *, by: User) -> str:
    sentences = {
        "second_factor.added": _("an authenticator app or a passkey was added to your sign-in."),
        "second_factor.removed": _("an authenticator app or a passkey was removed from your sign-in."),
        "recovery_codes.made": _("you have new recovery codes; the old ones count no more."),
        "second_factor.reset": _(
            "%(name)s has reset your second factor. You sign in with your password alone until you add a new one."
        ),
    }
    return sentences[action] % {"name": by.name}

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.devices import device_words, place_words
from postroom.core.accounts.known import remember_origin
from postroom.core.accounts.models import User
from postroom.core.audit.origin import present_origin
from postroom.core.events.kinds.sign_ins import SignedInAnew
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.text import one_line


def arrive(user: User, *, device: str) -> bool:
    """Note that a person has signed in with this browser (its digest), from where the present request comes.

    When the browser or the network is new to them they are told: here, and by letter. True then.
    """
    origin = present_origin()
    with transaction.atomic():
        if not remember_origin(user, device=device, ip=origin.ip):
            return False
        agent = one_line(origin.device, length=200)
        with translation.override(user.language):
            post_letter(
                to=user.email,
                name=user.name,
                subject=_("A new sign-in to Postroom"),
                text=_letter(user, agent, origin.ip),
            )
        record(SignedInAnew(user_id=user.pk, device=agent, ip=origin.ip), by=user)
    return True


def _letter(user: User, agent: str, ip: str) -> str:
    when = formats.date_format(timezone.localtime(clock.now()), "DATETIME_FORMAT")
    lines = [
        _("Hello %(name)s,") % {"name": user.name},
        _("somebody signed in to Postroom as you, with a browser or from a network not seen before:"),
        "\n".join((device_words(agent), place_words(ip), f"{when} ({timezone.get_current_timezone_name()})")),
        _("Was it you? Then there is nothing to do."),
        _(
            "If it was not, sign in, end that session under My profile, Where you are signed in, "
            "and choose another password. Then tell whoever runs your Postroom."
        ),
    ]
    address = settings.POSTROOM_BASE_URL
    return "\n\n".join([*lines, *([f"{address}/settings/sessions"] if address else [])]) + "\n"

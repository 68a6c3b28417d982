"""Ask somebody to join. Their row is there at once, inactive, with the access they will have."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.access import grant
from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.actions.people import PersonRefused, clean_email, clean_name
from postroom.core.accounts.actions.profile import known_language
from postroom.core.accounts.actions.roles import give_role, role_name
from postroom.core.accounts.models import AGENT, LEVELS, NONE, Grant, Invitation, Mailbox, Role, User
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds.staff import InvitationWithdrawn, PersonInvited
from postroom.core.events.record import record
from postroom.lib import clock

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Invited:
    """The person, and the link that lets them in: shown once, and known to nobody afterwards."""

    person: User
    link: str


def invite(
    *,
    email: str,
    name: str,
    role: str = AGENT,
    custom_role: Role | None = None,
    levels: Mapping[Mailbox, int] | None = None,
    language: str = "en",
    address: str,
    by: User,
) -> Invited:
    """Make a place for somebody and send them the link to it, which is `address` with a token behind.

    PersonRefused names the field that has to change; RoleRefused when the role allows more than the inviter's.
    """
    email = clean_email(email)
    named = clean_name(name or email.partition("@")[0])
    person = User(email=email, name=named, language=known_language(language), is_active=False)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
            if role != AGENT:
                give_role(person, role=role, custom_role=custom_role, by=by)
            for mailbox, level in (levels or {}).items():
                if level in LEVELS and level != NONE:
                    grant(mailbox, user=person, level=level, by=by)
            return _ask(person, address=address, by=by)
    except IntegrityError:
        raise PersonRefused(_taken(email), field="email") from None


def invite_again(person: User, *, address: str, by: User) -> Invited:
    """Send a new link, good for another week; the old one ends. PersonRefused when they have come meanwhile."""
    with transaction.atomic():
        waiting = Invitation.objects.select_for_update().filter(user=person, used_at=None).first()
        if waiting is None:
            raise PersonRefused(_("This invitation was used or withdrawn meanwhile. Reload the page."), field="email")
        return _ask(person, address=address, by=by)


def withdraw(person: User, *, by: Actor) -> bool:
    """End an invitation, and the place that waited with it. False when it was used or withdrawn meanwhile."""
    with transaction.atomic():
        # Held, so that somebody who accepts in this very moment is not deleted.
        waiting = Invitation.objects.select_for_update().filter(user=person, used_at=None).first()
        if waiting is None:
            return False
        waiting.delete()
        for one in Grant.objects.filter(user=person).select_related("mailbox"):
            grant(one.mailbox, user=person, level=None, by=by)
        number = person.pk
        write("person.invitation_withdrawn", by=by, subject=f"person:{number}", subject_name=person.name)
        if person.last_login is None and person.deactivated_at is None:
            # Nobody has ever been here under this name: the address is free for another invitation.
            User.objects.filter(pk=number).delete()
        record(InvitationWithdrawn(person=person.name, user_id=number), by=by)
    return True


def digest_of_token(token: str) -> str:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _ask(person: User, *, address: str, by: User) -> Invited:
    now = clock.now()
    token = secrets.token_urlsafe(24)
    Invitation.objects.update_or_create(
        user=person,
        defaults={
            "digest": digest_of_token(token),
            "invited_by": by,
            "sent_at": now,
            "expires_at": now + GOOD_FOR,
            "used_at": None,
        },
    )
    link = address + token
    _send(person, link=link, by=by)
    write(
        "person.invited",
        by=by,
        subject=f"person:{person.pk}",
        subject_name=person.name,
        after={"email": person.email, "role": role_name(person.role, person.custom_role)},
    )
    record(PersonInvited(person=person.name, user_id=person.pk), by=by)
    return Invited(person, link)


def _send(person: User, *, link: str, by: User) -> None:
    with translation.override(person.language):
        said = {"name": person.name, "by": by.name, "days": GOOD_FOR.days}
        paragraphs = (
            _("Hello %(name)s,") % said,
            _("%(by)s invites you to answer mail together in Postroom. Open this link and choose a password:") % said,
            link,
            _("The link works once, for %(days)s days. Nobody else should get it.") % said,
            _("If you do not know what this is about, delete this mail: nothing happens then."),
        )
        subject = _("%(by)s invites you to Postroom") % said
        post_letter(to=person.email, name=person.name, subject=subject, text="\n\n".join(paragraphs) + "\n")


def _taken(email: str) -> str:
    there = User.objects.filter(email=email).first()
    if there is not None and not there.is_active:
        if Invitation.objects.filter(user=there, used_at=None).exists():
            return _("This address was invited already. Send that invitation again from the list of people.")
        return _("Somebody with this address was deactivated. Reactivate them from the list of people.")
    return _("Somebody with this address is here already.")

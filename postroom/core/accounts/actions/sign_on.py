import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.accept import join_by_invitation
from postroom.core.accounts.actions.join import let_in
from postroom.core.accounts.actions.people import clean_name
from postroom.core.accounts.models import SignInLink, SignInProvider, SpentAssertion, User
from postroom.core.accounts.sign_on import Said, SignOnRefused, link_of
from postroom.core.audit.write import write
from postroom.core.events.actor import SYSTEM, Actor
from postroom.core.events.kinds import PersonAdded, SignInLinked, SignInUnlinked
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.addresses import is_address, normalize
from postroom.lib.text import one_line

# python3-saml takes an assertion for five minutes longer than it says.
_CLOCKS_DIFFER_BY = timedelta(hours=1)


def recognise(provider: SignInProvider, *, said: Said) -> User:
    """Return whom the provider means: linked before, found by a verified address, or new and welcome.

    Raises SignOnRefused. Nobody is signed in by this.
    """
    if not (said.subject and said.issuer) or len(said.subject) > 255 or len(said.issuer) > 500:
        raise SignOnRefused(_("%(provider)s did not say who you are.") % {"provider": provider.name})
    with transaction.atomic():
        found = link_of(provider, said=said)
        link = found or _first_time(provider, said=said)
        if not (link.user.is_active or join_by_invitation(link.user, how=f"{provider.kind}:{provider.name}")):
            raise SignOnRefused(_("This sign-in is switched off. Ask the owner of this Postroom."))
        SignInLink.objects.filter(pk=link.pk).update(last_used_at=clock.now(), email=_address(said))
    return link.user


def link(provider: SignInProvider, *, person: User, said: Said, by: Actor) -> SignInLink:
    """Let the provider sign this person in from now on, who has shown both sign-ins. Again: just the old link."""
    with transaction.atomic():
        found = link_of(provider, said=said)
        if found is None:
            found = _link(provider, person=person, said=said, by=by)
        if found.user_id != person.pk:
            raise SignOnRefused(
                _("This sign-in at %(provider)s is linked with somebody else here. They have to undo that first.")
                % {"provider": provider.name}
            )
        SignInLink.objects.filter(pk=found.pk).update(last_used_at=clock.now(), email=_address(said))
    return found


def unlink(link: SignInLink, *, by: Actor) -> bool:
    """Let the provider sign this person in no more. False when it was undone already."""
    with transaction.atomic():
        gone, _rows = SignInLink.objects.filter(pk=link.pk).delete()
        if not gone:
            return False
        person, provider = link.user, link.provider
        about = {"provider": provider.name, "account": link.email or link.subject}
        write("sign_in.unlinked", by=by, subject=f"person:{person.pk}", subject_name=person.name, before=about)
        record(SignInUnlinked(person=person.name, user_id=person.pk, provider=provider.name), by=by)
    return True


def spend(assertion: str, *, until: datetime) -> bool:
    """Use up a signed statement that signs somebody in, good until then; False when it was used before."""
    with transaction.atomic():
        SpentAssertion.objects.filter(until__lt=clock.now() - _CLOCKS_DIFFER_BY).delete()
        digest = hashlib.sha256(assertion.encode(errors="replace")).hexdigest()
        _row, new = SpentAssertion.objects.get_or_create(digest=digest, defaults={"until": until})
    return new


def _first_time(provider: SignInProvider, *, said: Said) -> SignInLink:
    """Link whoever has this verified address, or somebody new."""
    email = _address(said)
    about = {"provider": provider.name, "email": email or said.subject[:100]}
    if not (email and said.email_verified):
        raise SignOnRefused(
            _(
                "%(provider)s knows you, but does not say that an address is yours for certain. Sign in as you did "
                "before, and link %(provider)s under My profile."
            )
            % about
        )
    if provider.domains and email.rpartition("@")[2] not in provider.domains:
        raise SignOnRefused(_("Addresses such as %(email)s are not let in by %(provider)s.") % about)
    person = User.objects.select_for_update().filter(email=email).first()
    if person is None:
        return _newcomer(provider, said=said, email=email)
    if person.is_owner:
        # Whoever can make an account with an owner's address over there would own this place.
        raise SignOnRefused(
            _(
                "An owner is not recognised by address alone. Sign in as you did before, and link %(provider)s under "
                "My profile."
            )
            % about
        )
    return _link(provider, person=person, said=said, by=SYSTEM)


def _newcomer(provider: SignInProvider, *, said: Said, email: str) -> SignInLink:
    about = {"provider": provider.name, "email": email}
    if not provider.takes_newcomers:
        raise SignOnRefused(
            _("Nobody here has the address %(email)s. Ask an owner of this Postroom to invite you.") % about
        )
    name = clean_name(one_line(said.name, length=120) or email.partition("@")[0])
    person = User(name=name, email=email, role=provider.newcomers_role)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        # Two windows at once: the other one has made them.
        raise SignOnRefused(_("You were added just now by another window. Sign in again.")) from None
    after = {"email": email, "role": person.role, "provider": provider.name}
    write("person.added", by=SYSTEM, subject=f"person:{person.pk}", subject_name=name, after=after)
    record(PersonAdded(person=name, user_id=person.pk), by=SYSTEM)
    for mailbox in provider.newcomers_mailboxes.all():
        let_in(mailbox, user=person, by=SYSTEM)
    return _link(provider, person=person, said=said, by=SYSTEM)


def _link(provider: SignInProvider, *, person: User, said: Said, by: Actor) -> SignInLink:
    made, new = SignInLink.objects.get_or_create(
        provider=provider,
        issuer=said.issuer,
        subject=said.subject,
        defaults={"user": person, "email": _address(said), "created_at": clock.now()},
    )
    if new:
        after = {"provider": provider.name, "account": made.email or made.subject}
        write("sign_in.linked", by=by, subject=f"person:{person.pk}", subject_name=person.name, after=after)
        record(SignInLinked(person=person.name, user_id=person.pk, provider=provider.name), by=by)
    return made


def _address(said: Said) -> str:
    email = normalize(one_line(said.email, length=400))
    return email if is_address(email) and len(email) <= 254 else ""

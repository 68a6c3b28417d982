"""What a directory does to people. It never touches a role, a password or a mailbox."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from scim2_models import ForbiddenException, NotFoundException, UniquenessException

from postroom.core.accounts.actions.directory import Directory, bring, correct
from postroom.core.accounts.actions.directory_entries import forget, remember
from postroom.core.accounts.actions.invite import withdraw
from postroom.core.accounts.models import DirectoryEntry, User
from postroom.core.conversations.actions.deactivate import deactivate, reactivate
from postroom.faces.api.scim import shapes, shown, told
from postroom.faces.api.scim.numbers import number


def rows() -> QuerySet[User]:
    """Return everybody whom a directory may see: those it has removed are gone."""
    there = User.objects.exclude(directory_entry__removed_at__isnull=False)
    return there.select_related("directory_entry").prefetch_related("teams").order_by("pk")


def found(text: str) -> User:
    """Return the person of this id."""
    person = rows().filter(pk=number(text)).first()
    if person is None:
        raise NotFoundException(detail=_("Nobody has this id."))
    return person


def create(wanted: shapes.User, *, by: Directory, is_owners: bool) -> shapes.User:
    """Bring somebody, or back whom the directory had removed."""
    document, email, name = told.document(wanted), told.email(wanted), told.name(wanted)
    _refuse_taken(wanted, but=None)
    person = User.objects.filter(email=email).select_related("directory_entry").first()
    if person is None:
        person = bring(email=email, name=name, external_id=told.external_id(wanted), by=by)
    elif shown.is_removed(person):
        _refuse_owner(person, is_owners=is_owners)
        correct(person, email=email, name=name, external_id=told.external_id(wanted), by=by)
    else:
        raise UniquenessException(
            detail=_("Somebody with this address is here already. Look for userName eq the address to keep them.")
        )
    remember(person, document=document)
    _switch(person, active=wanted.active is not False, by=by)
    return shown.user(found(str(person.pk)))


def update(person: User, *, wanted: shapes.User, by: Directory, is_owners: bool) -> shapes.User:
    """Make somebody what the directory says they are."""
    document, email = told.document(wanted), told.email(wanted)
    _refuse_taken(wanted, but=person)
    is_here = person.is_active or person.deactivated_at is None
    is_switched = wanted.active is not None and wanted.active != is_here
    if email != person.email or is_switched:
        _refuse_owner(person, is_owners=is_owners)
    correct(person, email=email, name=told.name(wanted), external_id=told.external_id(wanted), by=by)
    remember(person, document=document)
    if is_switched and not _switch(person, active=bool(wanted.active), by=by):
        return wanted.model_copy(deep=True)
    return shown.user(found(str(person.pk)))


def remove(person: User, *, by: Directory, is_owners: bool) -> None:
    """Let somebody go: deactivated here, where what they wrote stays theirs, and gone for the directory."""
    _refuse_owner(person, is_owners=is_owners)
    if _switch(person, active=False, by=by):
        # Whoever comes later may have the directory's id.
        correct(person, email=person.email, name=person.name, external_id="", by=by)
        forget(person)


def _switch(person: User, *, active: bool, by: Directory) -> bool:
    """Let somebody in or go. False when they were only invited, and with the invitation are not there any more."""
    if active:
        reactivate(person, by=by)
    elif person.is_active:
        deactivate(person, hand_to=None, by=by)
    elif person.deactivated_at is None:
        withdraw(person, by=by)
        return User.objects.filter(pk=person.pk).exists()
    return True


def _refuse_owner(person: User, *, is_owners: bool) -> None:
    """An admin may make a token; by an owner's address they would become one."""
    if person.is_owner and not is_owners:
        raise ForbiddenException(
            detail=_("Owners are changed here, or by a directory whose token an owner has made. Nothing was changed.")
        )


def _refuse_taken(wanted: shapes.User, *, but: User | None) -> None:
    """A user name that is no address is in no column, and still nobody else's."""
    entries = DirectoryEntry.objects.filter(
        user__isnull=False, removed_at=None, document__userName__iexact=wanted.user_name or ""
    )
    if entries.exclude(user=but).exists() if but else entries.exists():
        raise UniquenessException(detail=_("Somebody else has this userName. Nothing was changed."))

from collections.abc import Collection

from django.conf import settings
from django.db import transaction

from postroom.core.accounts.models import Mailbox, SignInProvider
from postroom.core.accounts.passwordless import keep_a_way_in
from postroom.core.audit.write import Plain, write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import SignInProviderChanged
from postroom.core.events.record import record
from postroom.lib.sealing import seal

# What the audit log tells of a provider; secrets only as "changed".
_TOLD = (
    "kind",
    "name",
    "enabled",
    "issuer",
    "client_id",
    "metadata_url",
    "host",
    "port",
    "security",
    "bind_dn",
    "base_dn",
    "search",
    "subject_attribute",
    "email_attribute",
    "name_attribute",
    "trusts_addresses",
    "trusts_second_factor",
    "domains",
    "takes_newcomers",
    "newcomers_role",
)


def save_provider(
    provider: SignInProvider, *, mailboxes: Collection[Mailbox] | None = None, secret: str | None = None, by: Actor
) -> bool:
    """Keep a provider as its fields are now, new or changed. False when nothing was different.

    `mailboxes` are those that newcomers get, `secret` is sealed here; None leaves either as it is.
    """
    with transaction.atomic():
        old = SignInProvider.objects.select_for_update().filter(pk=provider.pk).first() if provider.pk else None
        before = _told(old) if old else {}
        if old and old.enabled and not provider.enabled:
            keep_a_way_in(without=provider)
        if secret is not None:
            provider.sealed_secret = seal(secret, key=settings.POSTROOM_KEY) if secret else ""
        provider.save()
        if mailboxes is not None:
            provider.newcomers_mailboxes.set(mailboxes)
        after = _told(provider)
        if secret is not None:
            after["secret"] = "changed"
        if old and old.metadata != provider.metadata:
            after["metadata"] = "changed"
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        if not changed:
            return False
        _tell("sign_in.provider_changed" if old else "sign_in.provider_added", provider, before, changed, by=by)
    return True


def remove_provider(provider: SignInProvider, *, by: Actor) -> bool:
    """Forget a provider, its secret and who is whom there. False when it was gone already."""
    with transaction.atomic():
        if not SignInProvider.objects.select_for_update().filter(pk=provider.pk).exists():
            return False
        keep_a_way_in(without=provider)
        before = _told(provider) | {"people": provider.links.count()}
        _tell("sign_in.provider_removed", provider, before, {}, by=by)
        SignInProvider.objects.filter(pk=provider.pk).delete()
    return True


def _told(provider: SignInProvider) -> dict[str, Plain | list[str] | list[int]]:
    told: dict[str, Plain | list[str] | list[int]] = {field: getattr(provider, field) for field in _TOLD}
    told["newcomers_mailboxes"] = list(provider.newcomers_mailboxes.order_by("pk").values_list("address", flat=True))
    return {key: value for key, value in told.items() if value not in ("", [])}


def _tell(
    action: str,
    provider: SignInProvider,
    before: dict[str, Plain | list[str] | list[int]],
    after: dict[str, Plain | list[str] | list[int]],
    *,
    by: Actor,
) -> None:
    was = {key: value for key, value in before.items() if key in after or not after}
    subject = f"sign_in_provider:{provider.pk}"
    write(action, by=by, subject=subject, subject_name=provider.name, before=was, after=after)
    record(SignInProviderChanged(provider=provider.name), by=by)

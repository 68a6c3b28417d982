from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models.person import User

if TYPE_CHECKING:
    from postroom.core.accounts.models.access import Membership


class Mailbox(models.Model):
    """One address that the team answers together."""

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=254, unique=True)
    # The name customers see before the address: "Léa at Velo Nord" becomes the reply's From.
    from_name = models.CharField(max_length=120, default="", blank=True)
    signature = models.TextField(default="", blank=True)
    # Whether answers may come to support+c12.proof@…: only where the mail server takes such addresses.
    plus_address = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(
        User, through="Membership", related_name="mailboxes"
    )

    def __str__(self) -> str:
        return self.address


class Signature(models.Model):
    """How one person signs in one mailbox, instead of as everybody does."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="signatures")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="signatures")
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "mailbox"], name="one_signature_each")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.mailbox_id}"

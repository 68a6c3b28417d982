from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

OWNER = "owner"
AGENT = "agent"


class UserManager(BaseUserManager["User"]):
    """Sign-ins are found by address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person of the team with an own sign-in."""

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, default=AGENT)
    language = models.CharField(max_length=12, default="en")
    # Whether a single letter is a verb (WCAG 2.1.4 asks that it can be switched off).
    single_keys = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_kind(self) -> str:
        return "user"

    @property
    def actor_id(self) -> int | None:
        return self.pk

    @property
    def is_owner(self) -> bool:
        return self.role == OWNER


class Team(models.Model):
    """A group that work can be given to."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(User, related_name="teams", blank=True)

    def __str__(self) -> str:
        return self.name


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


class Membership(models.Model):
    """This person sees and answers this mailbox."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "mailbox"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.mailbox_id}"


class Installation(models.Model):
    """This Postroom itself: one row, with id 1."""

    demo = models.BooleanField(default=False)
    # SHA-256 of the one-time set-up link's token; empty when the team is set up.
    setup_digest = models.CharField(max_length=64, default="")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return "demo" if self.demo else "team"


class FailedSignIn(models.Model):
    """How often one address was tried in vain from one network address; a later try may have to wait a little."""

    # SHA-256 of the two addresses: what is mistyped here is nobody's to read.
    digest = models.CharField(max_length=64, primary_key=True)
    failures = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.failures} failures"

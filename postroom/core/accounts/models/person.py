import unicodedata
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

OWNER = "owner"
ADMIN = "admin"
SUPERVISOR = "supervisor"
AGENT = "agent"
OBSERVER = "observer"
# What these may do is said in permissions.py; a person of any other role has a row in Role.
BUILT_IN_ROLES = (OWNER, ADMIN, SUPERVISOR, AGENT, OBSERVER)
CUSTOM = "custom"


class Role(models.Model):
    """A role that this team made itself: a name for a list of permissions."""

    name = models.CharField(max_length=80, unique=True)
    # Codes of permissions.py; one that is not known any more gives nothing.
    permissions = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Sign-ins are found by address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person of the team with an own sign-in."""

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, default=AGENT)
    # Set when `role` is CUSTOM, and only then.
    custom_role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT, related_name="people")
    language = models.CharField(max_length=12, default="en")
    # An IANA name; empty for the installation's own.
    time_zone = models.CharField(max_length=64, default="", blank=True)
    # The blob of a square picture that we have made ourselves; empty for the initials.
    photo_digest = models.CharField(max_length=64, default="", blank=True)
    # ISO weekday ("1" is Monday) -> list of ["09:00", "17:30"]; empty when nothing is said.
    working_hours = models.JSONField(default=dict, blank=True)
    # Whether a single letter is a verb (WCAG 2.1.4 asks that it can be switched off).
    single_keys = models.BooleanField(default=True)
    # On holiday: from when to when (null: until they say so), who covers, and a word for colleagues.
    away_from = models.DateTimeField(null=True)
    away_until = models.DateTimeField(null=True)
    covered_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    away_words = models.CharField(max_length=200, null=True)
    is_active = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(null=True)
    # What the directory that keeps our people calls this one (SCIM); empty for people we added ourselves.
    external_id = models.CharField(max_length=255, default="", blank=True)
    # An owner who may sign in with a password when everybody else has to come by single sign-on.
    break_glass = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="external_id_once"
            ),
        ]

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

    def set_password(self, raw_password: str | None) -> None:
        """Set the password, in the one spelling (NFKC) that every keyboard's way to write it comes to."""
        super().set_password(None if raw_password is None else _one_spelling(raw_password))

    def check_password(self, raw_password: str) -> bool:
        """Tell whether this is the password, as it is spelt usually or as it was typed (kept so by older versions)."""
        usual = _one_spelling(raw_password)
        return super().check_password(usual) or (usual != raw_password and super().check_password(raw_password))

    @classmethod
    def check_nobodys_password(cls, raw_password: str) -> None:
        """Take as long as `check_password` does with a wrong one."""
        usual = _one_spelling(raw_password)
        for spelling in {usual, raw_password}:
            AbstractBaseUser.set_password(cls(), spelling)


def _one_spelling(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


class Invitation(models.Model):
    """A link by which somebody makes their first sign-in; the person is there already, inactive until it is used."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation")
    # SHA-256 of the link's token.
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"for {self.user_id}"

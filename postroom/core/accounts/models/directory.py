from typing import ClassVar

from django.db import models

from postroom.core.accounts.models.person import User
from postroom.core.accounts.models.team import Team


class DirectoryToken(models.Model):
    """What a directory shows us to be let in (SCIM, RFC 7644 2)."""

    name = models.CharField(max_length=80)
    # SHA-256 of the token, which was shown once.
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class DirectoryEntry(models.Model):
    """What a directory has told us of a person or a team, word for word where we have no column of our own for it."""

    user = models.OneToOneField(User, null=True, on_delete=models.CASCADE, related_name="directory_entry")
    team = models.OneToOneField(Team, null=True, on_delete=models.CASCADE, related_name="directory_entry")
    # Without what is a column here: what was sent is what comes back.
    document = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # The directory has deleted the person: they are deactivated here, and to it they are not there.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, team__isnull=True)
                | models.Q(user__isnull=True, team__isnull=False),
                name="entry_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"of person {self.user_id}" if self.user_id else f"of team {self.team_id}"

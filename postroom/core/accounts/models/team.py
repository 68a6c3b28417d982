from typing import ClassVar

from django.db import models

from postroom.core.accounts.models.person import User


class Team(models.Model):
    """A group that work can be given to."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(User, related_name="teams", blank=True)
    # What the directory that keeps our groups calls this one (SCIM).
    external_id = models.CharField(max_length=255, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="team_external_id_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

from typing import ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models import Team, User


class View(models.Model):
    """A saved filter in the sidebar: its owner's alone, a team's, or everybody's.

    What it shows is still only what the reader may see.
    """

    name = models.CharField(max_length=80)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # Shared with this team, or with everybody, or (neither) with nobody.
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    for_all = models.BooleanField(default=False)
    # In the condition language (postroom.core.conversations.condition).
    condition = models.TextField(default="", blank=True)
    # newest, oldest, waiting or priority.
    sort = models.CharField(max_length=20, default="newest")
    # Codes of what the list shows beside the usual; empty for the usual.
    columns = models.JSONField(default=list, blank=True)
    # "", comfortable or dense.
    density = models.CharField(max_length=12, default="", blank=True)
    position = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "position"], name="view_owner")]

    def __str__(self) -> str:
        return self.name


class ViewPlace(models.Model):
    """Where one person has a view in their own sidebar, and whether it is shown there; without a row, as it comes."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(View, on_delete=models.CASCADE, related_name="placed")
    position = models.IntegerField(null=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "view"], name="view_placed_once")]

    def __str__(self) -> str:
        return f"{self.view_id} of {self.user_id}"

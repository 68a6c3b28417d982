from typing import ClassVar

from django.db import models

from postroom.core.accounts.models.mailbox import Mailbox
from postroom.core.accounts.models.person import User
from postroom.core.accounts.models.team import Team

# What somebody may do in a mailbox; each level holds those below it.
NONE = 0
SEEING = 1
ANSWERING = 2
MANAGING = 3
LEVELS = (NONE, SEEING, ANSWERING, MANAGING)


class Grant(models.Model):
    """What was decided about one mailbox for one person or one team.

    A person's own grant, NONE too, goes before those of their teams; among teams the highest counts.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="grants")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="grants")
    level = models.SmallIntegerField(default=ANSWERING)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "mailbox"], name="one_grant_a_person"),
            models.UniqueConstraint(fields=["team", "mailbox"], name="one_grant_a_team"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, team__isnull=True)
                | models.Q(user__isnull=True, team__isnull=False),
                name="grant_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id or self.team_id} in {self.mailbox_id}: {self.level}"


class Membership(models.Model):
    """What follows from all grants: this person sees this mailbox, and may do this much in it.

    Every check of a right asks this table; no row is NONE. Made by actions/access.py and by nobody else.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    level = models.SmallIntegerField(default=ANSWERING)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "mailbox"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.mailbox_id}: {self.level}"

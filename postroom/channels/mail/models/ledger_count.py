from typing import ClassVar

from django.db import models
from django.db.models import Q


class LedgerCount(models.Model):
    """How many mails of a day ended in a state: database triggers write one loose row a mail, summed up later.

    Appended and never updated while mail comes in: one counter of a mailbox would make the doors wait for each other.
    Mail that still waits is not counted here, it is few and has an index.
    """

    # No foreign key: when a mailbox goes with its mail, the triggers still write.
    mailbox_id = models.BigIntegerField()
    transport = models.CharField(max_length=16)
    # YYYY-MM-DD in UTC, when it came to us.
    day = models.CharField(max_length=10)
    state = models.CharField(max_length=12)
    n = models.IntegerField()
    loose = models.BooleanField(default=True, db_default=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["mailbox_id", "state", "day"], name="ledger_count_read"),
            models.Index(fields=["id"], name="ledger_count_loose", condition=Q(loose=True)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailbox_id", "transport", "day", "state"],
                name="ledger_count_once",
                condition=Q(loose=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.day} {self.state}: {self.n}"

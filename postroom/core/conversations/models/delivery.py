from typing import ClassVar

from django.db import models

from postroom.core.conversations.models.message import Message

# Put off, or asked for again by a person: it is sent to this recipient at the message's next try.
WAITING = "waiting"
TAKEN = "taken"
TURNED_AWAY = "turned_away"
DELAYED = "delayed"
BOUNCED = "bounced"
DELIVERED = "delivered"
# Their mail program said so (RFC 8098).
READ = "read"


class Delivery(models.Model):
    """What became of a reply for one of its recipients."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    # As postroom.lib.addresses.normalize makes it.
    email = models.CharField(max_length=254)
    # waiting, taken or turned away by our server; delayed, bounced, delivered or read by what a report says later.
    state = models.CharField(max_length=12)
    # The enhanced status code (RFC 3463), such as 5.1.1; empty when nobody named one.
    status = models.CharField(max_length=12, default="", blank=True)
    # The server's own words.
    words = models.TextField(default="", blank=True)
    # The message that holds the report.
    report_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "email"], name="delivery_once")]
        # A report that quotes nothing is found by whom it speaks of, and when.
        indexes: ClassVar = [models.Index(fields=["email", "at"], name="delivery_email")]

    def __str__(self) -> str:
        return f"{self.email} {self.state}"

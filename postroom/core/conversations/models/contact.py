from django.db import models
from django.utils import timezone


class Contact(models.Model):
    """A customer: somebody who wrote to us, known by one address."""

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def actor_kind(self) -> str:
        return "contact"

    @property
    def actor_id(self) -> int | None:
        return self.pk

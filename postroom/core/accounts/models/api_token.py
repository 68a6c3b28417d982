from typing import ClassVar

from django.db import models

from postroom.core.accounts.models.person import User


class ApiToken(models.Model):
    """What a program shows to read, and perhaps to answer, as one person (faces/api/v1)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    # As its person calls it: what the program is.
    name = models.CharField(max_length=80)
    # SHA-256 of the token, which was shown once; and its last letters, by which people tell theirs apart.
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=8)
    # May write and change, and not only read.
    answers = models.BooleanField(default=False)
    # It was made in a session of a single sign-on, which asks for second factors itself.
    signed_on = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Rounded to a minute or so; the address, and what the program calls itself.
    last_used_at = models.DateTimeField(null=True)
    last_ip = models.CharField(max_length=45, default="", blank=True)
    last_agent = models.CharField(max_length=200, default="", blank=True)
    # Kept, so that a program that still shows it is told what became of it.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "created_at"], name="api_token_of_person")]

    def __str__(self) -> str:
        return self.name

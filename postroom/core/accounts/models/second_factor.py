from django.db import models

from postroom.core.accounts.models.person import User


class SecondFactorTries(models.Model):
    """How often somebody's second factor was typed wrongly in a row; a later try may have to wait.

    Counted for the person and not for a network address: whoever gets here knows the password already.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="+")
    failures = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.failures} failures of {self.user_id}"

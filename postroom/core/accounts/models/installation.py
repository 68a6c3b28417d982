from django.db import models
from django.utils import timezone


class Installation(models.Model):
    """This Postroom itself: one row, with id 1."""

    demo = models.BooleanField(default=False)
    # SHA-256 of the one-time set-up link's token; empty when the team is set up.
    setup_digest = models.CharField(max_length=64, default="")
    # From which mailbox's account Postroom's own letters leave; None is the first one that can send.
    letters_from = models.ForeignKey("Mailbox", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return "demo" if self.demo else "team"


class SecurityPolicy(models.Model):
    """What this organisation asks of its people's sign-ins: one row, with id 1 (policy.py)."""

    # NOBODY, MANAGERS (whoever may change more than conversations) or EVERYBODY; from `second_factor_by` on.
    second_factor = models.CharField(max_length=12, default="nobody")
    second_factor_by = models.DateField(null=True)
    # Off only while a working single sign-on is there; an owner with `break_glass` still may.
    password_sign_in = models.BooleanField(default=True)
    # Networks (CIDR) from which people may come; empty for everywhere.
    allow_list = models.JSONField(default=list, blank=True)
    # Hosts inside our own network that requests may be sent to (lib/http.py), as "host" or "host:port".
    allowed_hosts = models.JSONField(default=list, blank=True)
    # A session ends after so many days, and after so many minutes in which nothing was done (0: never for that).
    session_days = models.IntegerField(default=30)
    session_idle_minutes = models.IntegerField(default=0)
    # Whether programs may come in as somebody, by a token (ApiToken).
    api_tokens = models.BooleanField(default=True)
    # Whether people may answer customers by answering our letters, and whether those say what the customer wrote.
    answers_by_mail = models.BooleanField(default=True)
    words_in_letters = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"second factor: {self.second_factor}"


class FailedSignIn(models.Model):
    """How often something was tried in vain lately: an account from a network, from all of them, by a browser.

    What is counted and how long a later try has to wait is in guessing.py.
    """

    # SHA-256 of what is counted: what is mistyped here is nobody's to read.
    digest = models.CharField(max_length=64, primary_key=True)
    failures = models.IntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.failures} failures"

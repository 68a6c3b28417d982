from django.db import models

from postroom.channels.mail.models.source import TLS
from postroom.core.accounts.models import Mailbox, User

# What it comes from.
MBOX = "mbox"
EML = "eml"
FOLDER = "folder"
ZIP = "zip"
ACCOUNT = "imap"

# counting -> ready (a person looks at the preview) -> running -> done; paused and failed go on when told to.
COUNTING = "counting"
READY = "ready"
RUNNING = "running"
PAUSED = "paused"
FAILED = "failed"
DONE = "done"


class History(models.Model):
    """Mail from before Postroom, on its way into a mailbox: a file, a folder or a whole account."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    # What people call it: the file's name, or the account.
    name = models.CharField(max_length=300)
    # Where the file or folder lies on this machine; `ours` when it was uploaded and goes when all is taken in.
    path = models.TextField(default="", blank=True)
    ours = models.BooleanField(default=False)
    host = models.CharField(max_length=253, default="", blank=True)
    port = models.IntegerField(default=993)
    security = models.CharField(max_length=10, default=TLS)
    username = models.CharField(max_length=320, default="", blank=True)
    sealed_password = models.TextField(default="", blank=True)
    # As if it came today: rules, notifications, open conversations. Nobody wants that for old mail.
    awake = models.BooleanField(default=False)

    state = models.CharField(max_length=10, default=COUNTING)
    # Up to where it was counted or taken in, in the words of its kind.
    place = models.TextField(default="", blank=True)
    found = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    # Mails that the mailbox had already.
    known = models.IntegerField(default=0)
    # Mails that could not be read from there: too large, or broken off.
    passed_over = models.IntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    # A few of the subjects, to see that it is the right one.
    samples = models.JSONField(default=list)
    trouble = models.TextField(default="", blank=True)
    leased_until = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

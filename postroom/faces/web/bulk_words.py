"""What pages say of bulk changes: what is being done, what came of it, and why some were left as they were."""

from collections import Counter
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext_lazy

from postroom.core.conversations.bulk import wanted as why
from postroom.core.conversations.models import BulkJob
from postroom.core.conversations.models.bulk import DONE, STOPPED, WAITING

# A verb as a button has it.
VERB_WORDS: dict[str, str | Promise] = {
    "close": __("Close"),
    "reopen": __("Reopen"),
    "pending": __("Mark as pending"),
    "snooze": __("Snooze"),
    "wake": __("End the snooze"),
    "spam": __("Mark as spam"),
    "not_spam": __("Not spam"),
    "trash": __("Move to the trash"),
    "restore": __("Restore"),
    "assign": __("Give to somebody"),
    "unassign": __("Take from their owners"),
    "tag": __("Add a tag"),
    "untag": __("Remove a tag"),
    "priority": __("Set the priority"),
    "move": __("Move to another mailbox"),
    "read": __("Mark as read"),
    "unread": __("Mark as unread"),
}
_DONE: dict[str, Promise | str] = {
    "close": ngettext_lazy("Closed %(num)s conversation.", "Closed %(num)s conversations.", "num"),
    "reopen": ngettext_lazy("Reopened %(num)s conversation.", "Reopened %(num)s conversations.", "num"),
    "pending": ngettext_lazy("%(num)s conversation is pending.", "%(num)s conversations are pending.", "num"),
    "snooze": ngettext_lazy("Snoozed %(num)s conversation.", "Snoozed %(num)s conversations.", "num"),
    "wake": ngettext_lazy("Woke %(num)s conversation.", "Woke %(num)s conversations.", "num"),
    "spam": ngettext_lazy("%(num)s conversation is spam.", "%(num)s conversations are spam.", "num"),
    "not_spam": ngettext_lazy("%(num)s conversation is no spam.", "%(num)s conversations are no spam.", "num"),
    "trash": ngettext_lazy("%(num)s conversation is in the trash.", "%(num)s conversations are in the trash.", "num"),
    "restore": ngettext_lazy("Restored %(num)s conversation.", "Restored %(num)s conversations.", "num"),
    "assign": ngettext_lazy("%(num)s conversation has a new owner.", "%(num)s conversations have a new owner.", "num"),
    "unassign": ngettext_lazy(
        "%(num)s conversation is free to take.", "%(num)s conversations are free to take.", "num"
    ),
    "tag": ngettext_lazy("Tagged %(num)s conversation.", "Tagged %(num)s conversations.", "num"),
    "untag": ngettext_lazy("Took the tag off %(num)s conversation.", "Took the tag off %(num)s conversations.", "num"),
    "priority": ngettext_lazy(
        "%(num)s conversation has another priority.", "%(num)s conversations have another priority.", "num"
    ),
    "move": ngettext_lazy("Moved %(num)s conversation.", "Moved %(num)s conversations.", "num"),
    "read": ngettext_lazy("%(num)s conversation is read.", "%(num)s conversations are read.", "num"),
    "unread": ngettext_lazy("%(num)s conversation is unread.", "%(num)s conversations are unread.", "num"),
}
_BACK = ngettext_lazy("Put %(num)s conversation back.", "Put %(num)s conversations back.", "num")
_LEFT = ngettext_lazy("%(num)s was left as it was.", "%(num)s were left as they were.", "num")
_WHY: dict[str, Promise | str] = {
    why.UNSEEN: ngettext_lazy(
        "%(num)s is not there for you any more.", "%(num)s are not there for you any more.", "num"
    ),
    why.BARRED: ngettext_lazy(
        "%(num)s is in a mailbox where you may not change anything.",
        "%(num)s are in a mailbox where you may not change anything.",
        "num",
    ),
    why.NEWER: ngettext_lazy(
        "In %(num)s somebody has written meanwhile.", "In %(num)s somebody has written meanwhile.", "num"
    ),
    why.ALREADY: ngettext_lazy("%(num)s was so already.", "%(num)s were so already.", "num"),
    why.OWNER: ngettext_lazy(
        "%(num)s cannot be seen or answered by the new owner.",
        "%(num)s cannot be seen or answered by the new owner.",
        "num",
    ),
    why.REPLY: ngettext_lazy(
        "From %(num)s a reply is just being sent.", "From %(num)s a reply is just being sent.", "num"
    ),
    why.NAMES: ngettext_lazy(
        "%(num)s is sensitive, and none of its people is on that mailbox.",
        "%(num)s are sensitive, and none of their people is on that mailbox.",
        "num",
    ),
    why.MOMENT: ngettext_lazy(
        "For %(num)s the moment had passed already.", "For %(num)s the moment had passed already.", "num"
    ),
    why.GONE: ngettext_lazy(
        "For %(num)s the person, team or mailbox is not here any more.",
        "For %(num)s the person, team or mailbox is not here any more.",
        "num",
    ),
    why.CHANGED: ngettext_lazy(
        "%(num)s was changed by somebody since.", "%(num)s were changed by somebody since.", "num"
    ),
}


@dataclass(frozen=True)
class Told:
    """What came of a change: what was done, how many were left, and why, a sentence for each reason."""

    done: str
    left: str
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All of it but the reasons; the one reason where there is only one."""
        return " ".join(filter(None, (self.done, self.reasons[0] if len(self.reasons) == 1 else self.left)))


def told(job: BulkJob) -> Told:
    """Say what came of a job so far: one small query, when some were left."""
    left = str(_LEFT % {"num": job.refused}) if job.refused else ""
    return Told(_done(job), left, _reasons(job) if job.refused else ())


def title(job: BulkJob) -> str:
    """Name what a job does, or did."""
    word = str(VERB_WORDS.get(job.verb, job.verb))
    return _("Put back: %(verb)s") % {"verb": word.lower()} if job.undoes_id else word


def state(job: BulkJob) -> str:
    """Say how far a job is."""
    if job.state == DONE:
        return _("done")
    if job.state == STOPPED:
        return _("stopped")
    return _("counting …") if job.state == WAITING else _("under way")


def _done(job: BulkJob) -> str:
    words = _BACK if job.undoes_id else _DONE[job.verb]
    return str(words % {"num": job.done}) if job.done else _("Nothing was changed.")


def _reasons(job: BulkJob) -> tuple[str, ...]:
    counted = Counter(job.steps.filter(changed=False).values_list("before__why", flat=True))
    # Those of a selection that were not there at all have no row.
    counted[why.UNSEEN] += job.refused - sum(counted.values())
    return tuple(str(_WHY[code] % {"num": count}) for code, count in counted.most_common() if count and code in _WHY)

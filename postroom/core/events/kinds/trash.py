"""What happens to the trash of a mailbox."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class TrashEmptied(Kind):
    """Conversations of a mailbox's trash were deleted for good; it names none. Open pages fetch their lists again."""

    name = "trash.emptied"
    sentence = _("deleted %(count)s conversations of the trash for good")
    count: int


@dataclass(frozen=True)
class TrashRuleChanged(Kind):
    """Somebody said after how many days a mailbox's trash is emptied; None for never."""

    name = "trash.rule_changed"
    sentence = _("changed when the trash is emptied")
    days: int | None = None

"""What happens to a draft that is shared. One's own is nobody's news."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class DraftShared(Kind):
    """Everybody who sees the conversation can read the draft, comment on it and take it over."""

    name = "draft.shared"
    sentence = _("shared a draft")


@dataclass(frozen=True)
class DraftKeptPrivate(Kind):
    """A shared draft is its holder's alone again."""

    name = "draft.kept_private"
    sentence = _("made their draft private again")


@dataclass(frozen=True)
class DraftTakenOver(Kind):
    """Somebody goes on with a colleague's draft; `holder_id` had it until then."""

    name = "draft.taken_over"
    sentence = _("took over the draft of %(holder)s")
    personal = frozenset({"holder"})
    holder: str
    holder_id: int | None = None


@dataclass(frozen=True)
class DraftCommented(Kind):
    """A word about a draft before it is sent; `holder_id` writes it."""

    name = "draft.commented"
    sentence = _("commented on the draft")
    holder_id: int | None = None


@dataclass(frozen=True)
class DraftDiscarded(Kind):
    """A shared draft was thrown away."""

    name = "draft.discarded"
    sentence = _("discarded a shared draft")

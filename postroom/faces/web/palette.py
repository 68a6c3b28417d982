"""The palette's own entries: each is what this person may open, or do."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.models import MERGED, Conversation, Tag
from postroom.faces.web.settings_tabs import settings_tabs
from postroom.faces.web.words import STATUS_WORDS

_MOST = 8
_MOST_TAGS = 300
# Beyond these the search page finds more: a palette has to answer while somebody types.
_NEWEST = 2000

Entry = dict[str, object]


def always(user: User) -> dict[str, list[Entry]]:
    """Return what is there before anything is typed: the pages of the settings, and the tags."""
    settings: list[Entry] = [
        {"word": str(tab.word), "hint": _("Settings"), "icon": tab.icon, "url": reverse(f"settings-{tab.key}")}
        for tab in settings_tabs(user)
    ]
    names = Tag.objects.order_by("name").values_list("name", flat=True)[:_MOST_TAGS]
    tags: list[Entry] = [{"word": name, "hint": _("Tag"), "icon": "tag", "tag": name} for name in names]
    return {"entries": settings + tags}


def conversations(user: User, typed: str) -> dict[str, list[Entry]]:
    """Return the conversations that this person may see: the one of a number, then the newest that fit."""
    rows = Conversation.objects.visible_to(user).exclude(status=MERGED).select_related("contact")
    number = typed.removeprefix("#")
    found = list(rows.filter(pk=int(number))) if number.isascii() and number.isdigit() and len(number) < 18 else []
    if len(typed) > 1:
        newest = rows.order_by("-last_activity_at").values("pk")[:_NEWEST]
        fits = Q(subject__icontains=typed) | Q(contact__name__icontains=typed) | Q(contact__email__icontains=typed)
        fitting = rows.filter(fits, pk__in=newest).order_by("-last_activity_at")
        found += [row for row in fitting[:_MOST] if row not in found]
    return {"entries": [_entry(row) for row in found[:_MOST]]}


def _entry(row: Conversation) -> Entry:
    who = row.contact.name or row.contact.email
    return {
        "word": row.subject or _("No subject"),
        "hint": f"{who} · #{row.pk} · {STATUS_WORDS[row.status]}",
        "icon": "mail",
        "url": reverse("conversation", args=[row.pk]),
        "pane": True,
    }

"""What a push says: ids, a sentence of its kind, and more only for whoever chose so."""

import json
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.followers.notifications.models import ANSWERED, Choices, Notification
from postroom.followers.notifications.read import unseen
from postroom.followers.notifications.words import sentence, without_names

_LONGEST = 120


@dataclass(frozen=True)
class Push:
    """A push: what the browser's service worker reads, and under which topic a newer one replaces it."""

    message: bytes
    topic: str


def pushed(news: list[Notification], choices: Choices) -> Push:
    """Return the push for one piece of news, or for all that gathered in quiet hours."""
    first = news[0]
    with translation.override(first.user.language):
        said = _one(first, choices) if len(news) == 1 else _many(news)
    said["unseen"] = unseen(first.user)
    return Push(json.dumps(said, ensure_ascii=False).encode(), f"n{first.pk}" if len(news) == 1 else "gathered")


def _one(news: Notification, choices: Choices) -> dict[str, object]:
    # A sensitive conversation is never named on a locked screen.
    tells = choices.says_more and news.conversation is not None and not news.conversation.sensitive
    said: dict[str, object] = {"id": news.pk, "conversation": news.conversation_id, "title": without_names(news.reason)}
    if tells and news.conversation is not None:
        who = news.who or (news.conversation.last_from if news.reason == ANSWERED else "")
        said["title"] = sentence(news.reason, who)[:_LONGEST]
        said["body"] = (news.conversation.subject or _("No subject"))[:_LONGEST]
    return said


def _many(news: list[Notification]) -> dict[str, object]:
    count = len(news)
    title = ngettext("%(count)s thing happened meanwhile", "%(count)s things happened meanwhile", count)
    return {"id": news[0].pk, "conversation": None, "title": title % {"count": count}}

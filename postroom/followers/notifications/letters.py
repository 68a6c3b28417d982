"""Tell by mail: one letter for all that gathered, and only of what nobody has looked at meanwhile."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.core.accounts.actions.letters import post_letter
from postroom.followers.notifications import claiming
from postroom.followers.notifications.models import Notification
from postroom.followers.notifications.quiet import next_moment
from postroom.followers.notifications.read import still_news
from postroom.followers.notifications.tell import choices_of
from postroom.followers.notifications.words import sentence
from postroom.lib import clock

_MOST = 50


def write_next() -> bool:
    """Write the next letter of news that is due; False when there is none. It leaves as Postroom's letters do."""
    first = claiming.claim(by_push=False)
    if first is None:
        return False
    tellings = [first, *claiming.claim_others(first)]
    user, now = first.notification.user, clock.now()
    news = [one.notification for one in tellings if still_news(one.notification)]
    moment = next_moment(user, choices_of(user), now=now)
    if news and moment is not None and moment > now:
        claiming.wait_until(tellings, moment)
        return True
    with transaction.atomic():
        # A letter and the end of what it tells are one change: it is written once.
        if news and moment is not None:
            with translation.override(user.language):
                post_letter(to=user.email, name=user.name, subject=_subject(news), text=_text(user.name, news))
        claiming.over(tellings)
    return True


def _subject(news: list[Notification]) -> str:
    if len(news) == 1:
        return _said(news[0])
    words = ngettext("%(count)s thing for you in Postroom", "%(count)s things for you in Postroom", len(news))
    return words % {"count": len(news)}


def _text(name: str, news: list[Notification]) -> str:
    lines = [_("Hello %(name)s,") % {"name": name}, *(_line(one) for one in news[:_MOST])]
    lines.append(_("You chose to be told of this by mail. Change it in Postroom under Settings, Notifications."))
    return "\n\n".join(lines) + "\n"


def _said(one: Notification) -> str:
    return sentence(one.reason, "" if one.reason == "signed_in" else one.who)


def _line(one: Notification) -> str:
    said = f"{_said(one)}."
    if one.conversation is not None:
        # A letter lies in other people's servers: a sensitive conversation goes by its number alone.
        subject = "" if one.conversation.sensitive else one.conversation.subject or _("No subject")
        said = f"{said}\n{subject} #{one.conversation_id}".replace("\n ", "\n")
    return f"{said}\n{settings.POSTROOM_BASE_URL}{_path(one)}" if settings.POSTROOM_BASE_URL else said


def _path(one: Notification) -> str:
    return f"/conversations/{one.conversation_id}" if one.conversation_id else "/notifications"

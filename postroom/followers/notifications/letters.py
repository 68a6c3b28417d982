"""Tell by mail: one letter for all that gathered, and only of what nobody has looked at meanwhile."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.answerable import post_answerable
from postroom.core.conversations.answering_by_mail import (
    answer_line,
    how_to_answer,
    is_answerable,
    words_may_be_written,
)
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.newest_words import newest_of_customer, said_now
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
                _post(user, news)
        claiming.over(tellings)
    return True


def _post(user: User, news: list[Notification]) -> None:
    about = _only_one(user, news)
    # Read before the words: what comes meanwhile was not known to whoever answers.
    seen = (about.last_message_id or 0) if about else 0
    answerable = about is not None and is_answerable(about, by=user)
    paragraphs = [_("Hello %(name)s,") % {"name": user.name}, *(_line(one) for one in news[:_MOST])]
    if about is not None and words_may_be_written(about):
        paragraphs += _said_by_customer(about, seen=seen)
    if about is not None and answerable:
        paragraphs = [answer_line(), *paragraphs, how_to_answer(about)]
    paragraphs.append(_("You chose to be told of this by mail. Change it in Postroom under Settings, Notifications."))
    text = "\n\n".join(paragraphs) + "\n"
    post_answerable(user, subject=_subject(news), text=text, about=about if answerable else None, seen=seen)


def _only_one(user: User, news: list[Notification]) -> Conversation | None:
    """Return the conversation that all of it is about, as its row is now; None for several, or for none."""
    numbers = {one.conversation_id for one in news}
    if len(numbers) != 1:
        return None
    here = Conversation.objects.visible_to(user).filter(pk=numbers.pop() or 0)
    return here.select_related("mailbox").first()


def _said_by_customer(conversation: Conversation, *, seen: int) -> list[str]:
    newest = newest_of_customer(conversation, up_to=seen)
    if newest is None:
        return []
    who = newest.from_name or newest.from_email
    return [_("%(who)s wrote:") % {"who": who}, said_now(newest) or _("(no words, look at its files)")]


def _subject(news: list[Notification]) -> str:
    if len(news) == 1:
        return _said(news[0])
    words = ngettext("%(count)s thing for you in Postroom", "%(count)s things for you in Postroom", len(news))
    return words % {"count": len(news)}


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

from collections import Counter
from datetime import timedelta

import pytest

from postroom.channels.mail.models import FILED, PARKED, IncomingMail, TrayMail
from postroom.core.accounts.actions.mailboxes import MailboxRefused, add_mailbox
from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.accounts.setup import is_demo, needs_setup
from postroom.core.conversations.automatic import LIST, NEWSLETTER
from postroom.core.conversations.models import SPAM, Attachment, Conversation, Message, ReadMark
from postroom.core.conversations.models.message import IN, NOTE, OUT, SENT
from postroom.core.events.actor import SYSTEM
from postroom.core.events.models import Bookmark, Event
from postroom.demo.company import COLLEAGUES, demo_people
from postroom.demo.seed import Demo, NotEmpty, seed
from postroom.followers.notifications.react import FOLLOWER as NOTIFICATIONS
from tests.demo.conftest import NOW


def test_there_are_four_agents_three_mailboxes_and_about_two_hundred_conversations(demo: Demo) -> None:
    assert [person.name for person in demo.people] == [colleague.name for colleague in COLLEAGUES]
    assert len(demo.people) == User.objects.count() == 4
    assert demo.mailboxes == Mailbox.objects.count() == 3
    assert demo.conversations == Conversation.objects.count()
    assert 190 <= demo.conversations <= 220
    assert demo.messages == Message.objects.count()


def test_the_first_of_the_people_is_the_owner(demo: Demo) -> None:
    assert [person.is_owner for person in demo_people()] == [True, False, False, False]
    assert demo_people() == list(demo.people)


def test_the_installation_knows_that_it_is_a_demo(demo: Demo) -> None:
    assert is_demo()
    assert not needs_setup()


def test_every_state_can_be_seen(demo: Demo) -> None:
    states = Counter(Conversation.objects.values_list("status", flat=True))
    assert states["open"] >= 20
    assert states["pending"] >= 10
    assert states["snoozed"] >= 2
    assert states["closed"] >= 100
    assert 2 <= states["spam"] <= 6
    waiting = Conversation.objects.filter(status="open")
    assert waiting.filter(assignee=None, team=None).count() >= 5
    assert waiting.filter(team__isnull=False).exists()
    assert waiting.filter(priority=2).exists()
    for person in demo.people:
        assert waiting.filter(assignee=person).exists(), person


def test_no_owner_is_blind(demo: Demo) -> None:
    seen = set(Membership.objects.values_list("mailbox_id", "user_id"))
    for conversation in Conversation.objects.exclude(assignee=None):
        assert (conversation.mailbox_id, conversation.assignee_id) in seen, conversation
    for message in Message.objects.exclude(author=None).select_related("conversation"):
        assert (message.conversation.mailbox_id, message.author_id) in seen, message


def test_every_part_the_newcomer_is_promised_is_there(demo: Demo) -> None:
    messages = Message.objects.all()
    assert messages.filter(kind=NOTE).count() >= 40
    assert messages.filter(kind=IN, untrusted_html__contains="<table").count() >= 3
    assert messages.exclude(automatic="").exists()
    assert messages.filter(automatic__in=(LIST, NEWSLETTER)).exists()
    endings = {name.rpartition(".")[2] for name in Attachment.objects.values_list("name", flat=True)}
    assert {"pdf", "jpg", "png", "csv", "ics"} <= endings
    long = [c for c in Conversation.objects.all() if c.message_count >= 6]
    assert len(long) >= 8


def test_every_picture_is_where_its_mail_shows_it(demo: Demo) -> None:
    pictures = Attachment.objects.filter(inline=True).select_related("message")
    assert len(pictures) >= 10
    for picture in pictures:
        assert picture.message is not None
        assert f"cid:{picture.content_id}" in picture.message.untrusted_html


def test_a_remote_picture_waits_to_be_asked_for(demo: Demo) -> None:
    html = Message.objects.get(from_email="nouvelles@cuirs-delorme.example").untrusted_html
    assert "https://pixel.mailing.example/open.gif" in html


def test_every_mail_was_understood_and_filed(demo: Demo) -> None:
    assert set(IncomingMail.objects.values_list("state", flat=True)) == {FILED, PARKED}
    assert not [message.problems for message in Message.objects.all() if message.problems]


def test_every_reply_has_left_and_the_newest_lie_in_the_tray(demo: Demo) -> None:
    replies = Message.objects.filter(kind=OUT)
    assert set(replies.values_list("delivery", flat=True)) == {SENT}
    newest = replies.order_by("-created_at")[:20]
    assert TrayMail.objects.filter(message_id__in=[reply.pk for reply in newest]).count() == 20


def test_an_answer_to_a_reply_quotes_it_and_is_in_its_conversation(demo: Demo) -> None:
    answers = Message.objects.filter(kind=IN).exclude(in_reply_to="")
    assert len(answers) >= 100
    for answer in answers:
        assert Message.objects.filter(conversation=answer.conversation_id, rfc_id=answer.in_reply_to).exists()


def test_it_all_happened_in_the_last_sixty_days_and_the_newest_minutes_ago(demo: Demo) -> None:
    times = [*Message.objects.values_list("created_at", flat=True)]
    assert min(times) >= NOW - timedelta(days=61)
    assert NOW - timedelta(minutes=10) <= max(times) < NOW


def test_the_log_is_in_the_order_of_time(demo: Demo) -> None:
    times = list(Event.objects.order_by("id").values_list("at", flat=True))
    assert times == sorted(times)


def test_only_what_is_new_is_unread(demo: Demo) -> None:
    for person in demo.people:
        read = ReadMark.objects.filter(user=person).count()
        assert 5 <= Conversation.objects.count() - read <= 25


def test_only_the_last_day_is_news(demo: Demo) -> None:
    bookmark = Bookmark.objects.get(follower=NOTIFICATIONS.name)
    old = Event.objects.get(pk=bookmark.event_id)
    assert NOW - timedelta(hours=36) < old.at < NOW - timedelta(hours=12)
    assert Event.objects.filter(pk__gt=old.pk, kind="message.received").exists()


def test_no_day_was_left_unwritten(demo: Demo) -> None:
    for message in Message.objects.exclude(conversation__status=SPAM):
        assert "{" not in message.text, message.text


def test_a_second_time_is_refused_and_changes_nothing(demo: Demo) -> None:
    before = Message.objects.count(), Event.objects.count()
    with pytest.raises(NotEmpty, match="already"):
        seed(now=NOW)
    assert (Message.objects.count(), Event.objects.count()) == before


def test_where_it_cannot_be_finished_nothing_stays(db: None) -> None:
    add_mailbox(name="Partners", address="partners@cycles-senne.example", by=SYSTEM)
    with pytest.raises(MailboxRefused):
        seed(now=NOW)
    assert not User.objects.exists()
    assert not is_demo()
    assert Mailbox.objects.count() == 1

"""A browser is told what its person chose, sealed for it alone, as long as they are signed in there and may see it."""

from datetime import timedelta

import pytest

from postroom.core.accounts.models import Membership
from postroom.core.accounts.models.session import Session
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.followers.notifications.actions.devices import NoSuchDevice, add_device, devices_of
from postroom.followers.notifications.models import Notification, PushDevice, PushKey, Telling
from postroom.followers.notifications.push_key import private_key, public_key
from postroom.followers.notifications.read import see
from postroom.followers.notifications.transports.push import push_next
from postroom.lib import clock
from postroom.lib.web_push import Keys
from tests.followers.notifications.at_home import Home
from tests.servers.push_service import PushService

pytestmark = pytest.mark.django_db(transaction=True)


def test_bobs_telephone_learns_that_he_was_given_a_conversation_and_not_which(home: Home) -> None:
    home.subscribe()
    conversation = home.give()
    told = Notification.objects.get()
    expected = {"id": told.pk, "conversation": conversation.pk, "title": "You were given a conversation", "unseen": 1}
    assert home.arrived() == [expected]
    headers = home.service.taken[0].headers
    assert (headers["Content-Encoding"], headers["TTL"], headers["Topic"]) == ("aes128gcm", "43200", f"n{told.pk}")
    assert b"given" not in home.service.taken[0].body
    assert home.service.senders == [(public_key(), "mailto:support@velo.example")]
    assert not Telling.objects.exists()
    assert devices_of(home.desk.bob).get().told_at


def test_who_chose_so_reads_who_and_what_but_for_sensitive_conversations(home: Home) -> None:
    home.subscribe()
    home.choose(says_more=True)
    home.give()
    [first] = home.arrived()
    assert (first["title"], first["body"]) == ("Alice gave you a conversation", "Where is my bicycle?")
    secret = home.give(subject="My illness")
    mark_sensitive(secret, people=[home.desk.bob], by=home.desk.alice)
    assert "illness" not in str(home.arrived()[-1])
    assert home.arrived()[-1]["title"] == "You were given a conversation"


def test_each_of_bobs_browsers_is_told_and_none_in_which_he_signed_out(home: Home) -> None:
    home.subscribe("telephone")
    home.subscribe("laptop").delete()
    home.give()
    assert len(home.arrived("telephone")) == 1
    assert home.arrived("laptop") == []
    # Its session has run out, and nobody has swept it away yet.
    Session.objects.update(expire_date=clock.now())
    home.give()
    assert len(home.arrived("telephone")) == 1


def test_what_was_seen_or_is_out_of_sight_is_not_pushed_any_more(home: Home) -> None:
    home.subscribe()
    home.give()
    see(home.desk.bob)
    assert home.arrived() == []
    home.give()
    Membership.objects.filter(user=home.desk.bob).delete()
    assert home.arrived() == []
    assert not Telling.objects.exists()


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_forgotten(home: Home, status: int) -> None:
    home.subscribe("telephone")
    home.subscribe("laptop")
    home.service.answers.append((status, {}))
    home.give()
    assert len(home.arrived("telephone")) + len(home.arrived("laptop")) == 1
    assert devices_of(home.desk.bob).count() == 1
    assert not Telling.objects.exists()


def test_a_busy_service_is_asked_again_as_late_as_it_wants_and_what_it_refuses_is_said(home: Home) -> None:
    home.subscribe()
    home.give()
    home.service.answers += [(429, {"Retry-After": "600"}), (503, {})]
    assert home.arrived() == []
    assert "busy (429)" in devices_of(home.desk.bob).get().problem
    start = clock.now()
    with clock.at(start + timedelta(minutes=9)):
        assert home.arrived() == []
    with clock.at(start + timedelta(minutes=11)):
        assert home.arrived() == []
    with clock.at(start + timedelta(minutes=40)):
        assert len(home.arrived()) == 1
    assert not devices_of(home.desk.bob).get().problem
    home.give()
    home.service.answers.append((403, {}))
    assert len(home.arrived()) == 1
    assert "refused it (403)" in devices_of(home.desk.bob).get().problem
    assert not Telling.objects.exists()


def test_a_service_that_is_away_is_given_up_after_a_day(home: Home) -> None:
    session = home.subscribe()
    PushDevice.objects.update(endpoint="http://127.0.0.1:9/nobody")
    home.give()
    assert push_next()
    assert "did not answer" in PushDevice.objects.get(session=session).problem
    with clock.at(clock.now() + timedelta(days=1, hours=1)):
        assert push_next()
        assert not push_next()
    assert not Telling.objects.exists()


def test_another_worker_takes_up_what_a_dead_one_held(home: Home) -> None:
    home.subscribe()
    home.give()
    Telling.objects.update(leased_until=clock.now() + timedelta(minutes=2))
    assert home.arrived() == []
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert len(home.arrived()) == 1


def test_a_browser_in_which_somebody_else_signs_in_is_told_nothing_of_bobs(home: Home) -> None:
    session = home.subscribe()
    home.give()
    phone = home.browsers["telephone"]
    session.user = home.desk.alice
    session.save()
    add_device(home.desk.alice, session, endpoint=phone.endpoint, keys=phone.keys)
    assert home.arrived() == []
    assert not devices_of(home.desk.bob).exists()


def test_the_key_is_made_once_and_sealed(home: Home) -> None:
    first = public_key()
    assert public_key() == first
    row = PushKey.objects.get()
    assert private_key() not in row.sealed_private


@pytest.mark.parametrize(
    "endpoint", ["http://push.example/1", "ftp://push.example", "", "https://push.example/" + "x" * 3000]
)
def test_what_is_no_subscription_is_refused(home: Home, service: PushService, endpoint: str) -> None:
    session = home.subscribe()
    with pytest.raises(NoSuchDevice):
        add_device(home.desk.bob, session, endpoint=endpoint, keys=service.browser("x").keys)
    with pytest.raises(NoSuchDevice):
        add_device(home.desk.bob, session, endpoint="https://push.example/1", keys=Keys("", ""))

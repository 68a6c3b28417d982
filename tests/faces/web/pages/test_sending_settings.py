"""How a mailbox sends, as its owner sees and changes it."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import NO_TLS, SPARE, DkimKey, Route, SendingRules
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox, User
from tests.servers.name_server import NameServer
from tests.servers.processes import free_port
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture
def zone(settings: Settings) -> Iterator[NameServer]:
    """A name server that we ask."""
    server = NameServer.start()
    settings.POSTROOM_DNS = (server.address,)
    yield server
    server.stop()


@pytest.fixture
def owner(alice: User, sign_in: Callable[[User], Client]) -> Client:
    """Alice's browser."""
    return sign_in(alice)


@pytest.fixture
def page(mailbox: Mailbox, alice: User, smtp_sink: SmtpSink) -> str:
    """The address of the page of a mailbox with a server."""
    send_through(
        mailbox, server=ServerSettings("localhost", smtp_sink.open_port, NO_TLS), max_size=26_214_400, by=alice
    )
    return f"/settings/mailboxes/{mailbox.pk}"


def _spare(port: int, **changes: str) -> dict[str, str]:
    form = {"way": "smtp", "host": "localhost", "port": str(port), "security": "none", "username": "", **changes}
    return {f"spare-{name}": value for name, value in form.items()}


def test_the_page_says_how_replies_leave(owner: Client, page: str) -> None:
    shown = owner.get(f"{page}/sending").content.decode()
    assert "Replies leave through localhost." in shown
    assert "26.2 MB" in shown
    assert f"{page}/sending" in owner.get(page).content.decode()


def test_rates_are_kept_and_nonsense_is_refused(owner: Client, page: str) -> None:
    good = {"rules-per_minute": "20", "rules-per_day": "", "rules-spare_after": "", "rules-keep_copy": "never"}
    assert owner.post(f"{page}/sending", good).status_code == 302
    rules = SendingRules.objects.get()
    assert (rules.per_minute, rules.per_day, rules.spare_after, rules.keep_copy) == (20, None, 15, "never")
    for name, value in (("per_minute", "0"), ("per_day", "x"), ("spare_after", "-1"), ("keep_copy", "often")):
        assert owner.post(f"{page}/sending", {**good, f"rules-{name}": value}).status_code == 422
    assert SendingRules.objects.get().per_minute == 20


def test_a_second_server_is_tried_before_it_is_kept(owner: Client, page: str, smtp_sink: SmtpSink) -> None:
    away = free_port()
    refused = owner.post(f"{page}/spare", _spare(away))
    assert refused.status_code == 422
    assert "nothing listens on port" in refused.content.decode()
    assert not Route.objects.filter(rank=SPARE).exists()
    assert "nothing listens on port" in owner.post(f"{page}/spare/test", _spare(away)).content.decode()
    assert owner.post(f"{page}/spare", {**_spare(away), "spare-anyway": "yes"}).status_code == 302
    assert owner.post(f"{page}/spare", _spare(smtp_sink.open_port)).status_code == 302
    route = Route.objects.get(rank=SPARE)
    assert (route.port, route.max_size) == (smtp_sink.open_port, 33_554_432)
    assert owner.post(f"{page}/spare", {"spare-way": "later"}).status_code == 302
    assert Route.objects.count() == 1


def test_a_key_is_made_shown_used_and_thrown_away(owner: Client, page: str) -> None:
    assert owner.post(f"{page}/signing", {"do": "make"}).status_code == 302
    key = DkimKey.objects.get()
    shown = owner.get(f"{page}/sending").content.decode()
    assert f"{key.selector}._domainkey.velo.example" in shown
    assert f"v=DKIM1; k=rsa; p={key.public_key}" in shown
    assert "PRIVATE" not in shown
    owner.post(f"{page}/signing", {"do": "sign"})
    assert "Mail from velo.example is signed." in owner.get(f"{page}/sending").content.decode()
    owner.post(f"{page}/signing", {"do": "nonsense"})
    owner.post(f"{page}/signing", {"do": "stop"})
    owner.post(f"{page}/signing", {"do": "forget"})
    assert not DkimKey.objects.exists()


def test_the_check_shows_each_record_to_add(owner: Client, page: str, zone: NameServer) -> None:
    assert "findings" in owner.get(f"{page}/deliverability").content.decode()
    zone.has("localhost", "A", "81.2.69.142")
    shown = owner.get(f"{page}/deliverability/findings").content.decode()
    assert "v=spf1 ip4:81.2.69.142 ~all" in shown
    assert "_dmarc.velo.example" in shown
    assert "without encryption" in shown


@pytest.mark.parametrize("path", ["sending", "deliverability", "deliverability/findings"])
def test_only_the_owner_sees_it(bob: User, page: str, sign_in: Callable[[User], Client], path: str) -> None:
    assert sign_in(bob).get(f"{page}/{path}").status_code == 404

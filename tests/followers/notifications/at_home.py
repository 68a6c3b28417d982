"""Bob and his telephone: what reaches it, and when."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from postroom.core.accounts.models.session import Session
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.models import Conversation
from postroom.core.events.follow import follow
from postroom.followers.notifications.actions.choose import Wanted, choose
from postroom.followers.notifications.actions.devices import add_device
from postroom.followers.notifications.kinds import KINDS
from postroom.followers.notifications.react import FOLLOWER
from postroom.followers.notifications.transports.push import push_next
from postroom.lib import clock
from tests.core.conftest import Desk
from tests.servers.push_service import Browser, PushService

ALL_WAYS = {kind.reason: ["app", "push", "mail"] for kind in KINDS}


@dataclass
class Home:
    """Bob's browsers, and the push service behind them."""

    desk: Desk
    service: PushService
    browsers: dict[str, Browser] = field(default_factory=dict)

    def subscribe(self, name: str = "telephone") -> Session:
        """Let one browser of Bob's be told; return the session in it."""
        now = clock.now()
        row = {"session_data": "", "first_seen": now, "last_seen": now, "expire_date": now + timedelta(days=30)}
        session = Session.objects.create(digest=name, user=self.desk.bob, device=name, **row)
        self.browsers[name] = self.service.browser(name)
        add_device(self.desk.bob, session, endpoint=self.browsers[name].endpoint, keys=self.browsers[name].keys)
        return session

    def give(self, *, subject: str = "Where is my bicycle?") -> Conversation:
        """Let Alice give Bob a conversation, and the follower see it."""
        conversation = Conversation.objects.get(pk=self.desk.mail(subject=subject).conversation_id)
        assign(conversation, to=self.desk.bob, by=self.desk.alice)
        while follow(FOLLOWER):
            pass
        return conversation

    def arrived(self, name: str = "telephone") -> list[dict[str, object]]:
        """Send what is due, and return what this browser has read so far."""
        while push_next():
            pass
        mine = [one for one in self.service.taken if one.path.endswith(f"/{name}")]
        return [self.browsers[name].open(one.body) for one in mine]

    def choose(self, **wanted: object) -> None:
        """Let Bob say how he wants to be told; all ways for everything unless said otherwise."""
        choose(self.desk.bob, Wanted(**{"ways": ALL_WAYS, **wanted}))  # type: ignore[arg-type]


@pytest.fixture
def home(desk: Desk, service: PushService) -> Home:
    """Bob at home."""
    return Home(desk, service)

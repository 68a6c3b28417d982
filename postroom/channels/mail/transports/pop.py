"""Look into a POP3 account now and then: it allows one visitor at a time, and calls nobody."""

import poplib
from dataclasses import dataclass

from postroom.channels.mail.transports.pop_box import take_box
from postroom.channels.mail.transports.pop_line import close_line, hang_up, open_line, trouble
from postroom.channels.mail.transports.watcher import Watcher

_SECONDS = 30
_POLL_SECONDS = 60.0


@dataclass
class PopWatcher(Watcher):
    """One account's watcher."""

    patience: float = _SECONDS
    poll: float = _POLL_SECONDS

    def session(self) -> None:
        server = self.server()
        line = open_line(server, seconds=self.patience)
        try:
            take_box(line, self.source, self.stop)
        except (poplib.error_proto, OSError) as error:
            raise trouble(error, server) from error
        else:
            close_line(line)
        finally:
            hang_up(line)
        self.note_success()
        self.stop.wait(self.poll)

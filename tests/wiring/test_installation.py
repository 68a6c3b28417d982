"""One command brings everything up, and one signal ends it."""

from tests.servers.postroom import Installation


def test_run_serves_pages_and_takes_mail_and_stops_when_asked(installation: Installation) -> None:
    running = installation.run()
    assert "Serving on" in running.output
    assert running.stop() == 0

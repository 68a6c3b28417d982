"""The SCIM community's own tester, over HTTP, as a directory would come."""

from contextlib import closing

from pytest_django.live_server_helper import LiveServer
from scim2_tester import Status, check_server

from postroom.core.accounts.actions.directory_tokens import make_token
from postroom.core.accounts.models import User
from tests.faces.api.scim.scim_client import HttpScimClient, provider

# Whether somebody may sign in is always told: it cannot be taken away, only switched.
_EXPECTED = {("check_remove_attribute", "active")}


def test_every_check_of_the_tester_passes(live_server: LiveServer, alice: User) -> None:
    client = HttpScimClient(f"{live_server.url}/scim/v2", make_token(name="Tester", by=alice), provider=provider())
    with closing(client.session):
        results = check_server(client)
    missed = {
        (result.title, str((result.data or {}).get("urn"))): result.reason
        for result in results
        if result.status is not Status.SUCCESS
    }
    assert missed.keys() == _EXPECTED, missed
    assert len(results) > 60

from postroom.core.accounts.models import SecurityPolicy
from tests.servers.postroom import Installation


def test_somebody_locked_out_lets_everybody_in_again(installation: Installation) -> None:
    SecurityPolicy.objects.create(pk=1, allow_list=["203.0.113.0/24"])
    done = installation.command("allow-everywhere", "--reason", "The office moved")
    assert done.returncode == 0
    assert b"203.0.113.0/24" in done.stdout
    assert SecurityPolicy.objects.get().allow_list == []
    again = installation.command("allow-everywhere")
    assert b"already" in again.stdout

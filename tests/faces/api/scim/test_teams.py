"""A directory keeps teams: what a team opens follows its members."""

from postroom.core.accounts.actions.access import grant
from postroom.core.accounts.models import ANSWERING, Mailbox, Membership, Team, User
from tests.faces.api.scim.conftest import GROUP, Okta


def _group(okta: Okta, name: str, *members: User) -> dict[str, str]:
    wanted = {"schemas": [GROUP], "displayName": name, "members": [{"value": str(one.pk)} for one in members]}
    answer = okta("POST", "/Groups", wanted)
    assert answer.status_code == 201, answer.content
    told: dict[str, str] = answer.json()
    return told


def test_members_come_and_go_and_with_them_what_the_team_opens(
    okta: Okta, alice: User, charlie: User, mailbox: Mailbox
) -> None:
    path = f"/Groups/{_group(okta, 'Support')['id']}"
    grant(mailbox, team=Team.objects.get(), level=ANSWERING, by=alice)
    okta.change(path, {"op": "add", "path": "members", "value": [{"value": str(charlie.pk)}]})
    assert Membership.objects.filter(user=charlie, mailbox=mailbox).exists()
    assert okta("GET", f"/Users/{charlie.pk}").json()["groups"][0]["display"] == "Support"
    okta.change(path, {"op": "remove", "path": f'members[value eq "{charlie.pk}"]'})
    assert not Membership.objects.filter(user=charlie).exists()
    # As Entra says it.
    okta.change(path, {"op": "Add", "path": "members", "value": [{"value": str(charlie.pk)}]})
    okta.change(path, {"op": "Remove", "path": "members", "value": [{"value": str(charlie.pk)}]})
    assert not Membership.objects.filter(user=charlie).exists()


def test_a_team_holds_people_who_are_here_and_nothing_else(okta: Okta, bob: User) -> None:
    path = f"/Groups/{_group(okta, 'Support', bob)['id']}"
    for member in ({"value": "999999"}, {"value": "x"}, {"value": str(bob.pk), "type": "Group"}, {}):
        answer = okta.change(path, {"op": "add", "path": "members", "value": [member]})
        assert answer.status_code == 400, member
    assert list(Team.objects.get().members.all()) == [bob]


def test_a_team_is_adopted_renamed_and_disbanded(okta: Okta) -> None:
    team = Team.objects.create(name="Workshop")
    found = okta("GET", '/Groups?filter=displayName eq "workshop"').json()["Resources"]
    assert [one["id"] for one in found] == [str(team.pk)]
    assert okta("POST", "/Groups", {"schemas": [GROUP], "displayName": "WORKSHOP"}).status_code == 409
    path = f"/Groups/{team.pk}"
    okta.change(path, {"op": "replace", "value": {"displayName": "Repairs", "externalId": "g1"}})
    assert okta("GET", path).json()["displayName"] == "Repairs"
    assert okta("DELETE", path).status_code == 204
    assert okta("GET", path).status_code == 404
    assert not Team.objects.exists()

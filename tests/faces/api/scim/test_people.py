"""A directory keeps people: brings them, renames them, lets them go and in again, and reaches nothing else."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from postroom.core.accounts.actions.directory_tokens import end_token, make_token
from postroom.core.accounts.models import ADMIN, AGENT, OWNER, DirectoryToken, Mailbox, Membership, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.models import Conversation
from tests.faces.api.scim.conftest import USER, Okta
from tests.house.access_scene import _filed

SignIn = Callable[[User], Client]


def test_a_person_comes_with_what_was_sent_and_with_no_access(okta: Okta) -> None:
    told = okta.bring("dora", externalId="00u1", name={"givenName": "Dora", "familyName": "Maes"}, title="Boss")
    assert told["userName"] == "dora@X.example"
    assert told["name"] == {"givenName": "Dora", "familyName": "Maes"}
    assert told["meta"]["location"] == f"http://testserver/scim/v2/Users/{told['id']}"
    dora = User.objects.get(pk=told["id"])
    assert (dora.email, dora.name, dora.role, dora.external_id) == ("dora@x.example", "Dora", AGENT, "00u1")
    assert not dora.has_usable_password()
    assert not Membership.objects.filter(user=dora).exists()
    entry = AuditEntry.objects.get(action="person.added", subject=f"person:{dora.pk}")
    assert (entry.actor_kind, entry.actor_name) == ("directory", "Okta")
    assert okta("GET", f"/Users/{dora.pk}").json() == told


@pytest.mark.parametrize(
    "wanted",
    [
        {"userName": "dora"},
        {"userName": ""},
        {"displayName": "Dora"},
        {"userName": "a@b.example", "externalId": "x" * 300},
        {"userName": "a@b.example", "displayName": "a\0b"},
        {"userName": "a@b.example", "emails": [{"value": "x" * 70_000}]},
        {"userName": ["a"]},
        {"userName": {"a": 1}, "emails": 7},
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(okta: Okta, wanted: dict[str, object]) -> None:
    before = User.objects.count()
    answer = okta("POST", "/Users", {"schemas": [USER]} | wanted)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert User.objects.count() == before


def test_a_user_name_that_is_no_address_needs_a_mail_address_and_stays_its_own(okta: Okta) -> None:
    told = okta.bring("x", userName="dmaes", emails=[{"value": "Dora@x.example", "primary": True}])
    assert told["userName"] == "dmaes"
    assert User.objects.get(pk=told["id"]).email == "dora@x.example"
    assert okta("GET", '/Users?filter=userName eq "DMAES"').json()["totalResults"] == 1
    again = {"schemas": [USER], "userName": "DMaes", "emails": [{"value": "other@x.example"}]}
    assert okta("POST", "/Users", again).status_code == 409


def test_people_who_were_here_are_found_whatever_the_case_and_adopted(okta: Okta, bob: User) -> None:
    found = okta("GET", '/Users?filter=userName eq "BOB@Team.Example"').json()
    assert [one["id"] for one in found["Resources"]] == [str(bob.pk)]
    taken = okta("POST", "/Users", {"schemas": [USER], "userName": "Bob@team.example"})
    assert (taken.status_code, taken.json()["scimType"]) == (409, "uniqueness")
    okta.change(f"/Users/{bob.pk}", {"op": "Replace", "value": {"displayName": "Bob Claes", "externalId": "00u7"}})
    bob.refresh_from_db()
    assert (bob.name, bob.external_id, bob.role, bob.membership_set.count()) == ("Bob Claes", "00u7", AGENT, 1)


def test_what_is_changed_here_is_seen_there(okta: Okta) -> None:
    told = okta.bring("dora")
    User.objects.filter(pk=told["id"]).update(name="Dora M.")
    now = okta("GET", f"/Users/{told['id']}").json()
    assert now["displayName"] == "Dora M."
    assert now["meta"]["version"] != told["meta"]["version"]
    stale = okta("PUT", f"/Users/{told['id']}", told, **{"If-Match": told["meta"]["version"]})
    assert stale.status_code == 412


# Entra writes "False" in a string, and its operations with a capital.
@pytest.mark.parametrize(
    "off", [{"op": "replace", "value": {"active": False}}, {"op": "Replace", "path": "active", "value": "False"}]
)
def test_whoever_is_switched_off_is_out_at_once_and_their_work_is_free(
    okta: Okta, bob: User, mailbox: Mailbox, sign_in: SignIn, off: dict[str, object]
) -> None:
    conversation = _filed(mailbox).conversation
    assign(conversation, to=bob, by=bob)
    browser = sign_in(bob)
    assert browser.get("/settings/profile").status_code == 200
    answer = okta.change(f"/Users/{bob.pk}", off)
    assert answer.status_code == 204
    assert okta("GET", f"/Users/{bob.pk}").json()["active"] is False
    assert browser.get("/settings/profile").status_code == 302
    assert Conversation.objects.get(pk=conversation.pk).assignee is None
    on = okta.change(f"/Users/{bob.pk}", {"op": "replace", "path": "active", "value": True})
    assert on.status_code == 204
    bob.refresh_from_db()
    assert bob.is_active
    assert browser.get("/settings/profile").status_code == 302


def test_whoever_is_deleted_is_gone_there_and_can_come_again(okta: Okta) -> None:
    number = okta.bring("dora", externalId="00u1")["id"]
    assert okta("DELETE", f"/Users/{number}").status_code == 204
    assert okta("GET", f"/Users/{number}").status_code == 404
    assert okta("DELETE", f"/Users/{number}").status_code == 404
    assert okta("GET", '/Users?filter=userName eq "dora@x.example"').json()["totalResults"] == 0
    assert not User.objects.get(pk=number).is_active
    assert okta.bring("dora", externalId="00u1", displayName="Dora again")["id"] == number
    assert User.objects.get(pk=number).is_active


def test_the_last_owner_stays(okta: Okta, alice: User) -> None:
    for answer in (
        okta("DELETE", f"/Users/{alice.pk}"),
        okta.change(f"/Users/{alice.pk}", {"op": "replace", "path": "active", "value": False}),
    ):
        assert answer.status_code == 403
        assert "last owner" in answer.json()["detail"]
    alice.refresh_from_db()
    assert alice.is_active


def test_the_token_of_an_admin_does_not_reach_an_owner(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(role=ADMIN)
    okta = Okta(make_token(name="Entra", by=bob))
    second = User.objects.create(email="second@team.example", name="Second", role=OWNER)
    taking = {"op": "replace", "path": "userName", "value": "mallory@elsewhere.example"}
    assert okta.change(f"/Users/{alice.pk}", taking).status_code == 403
    assert okta("DELETE", f"/Users/{second.pk}").status_code == 403
    second.refresh_from_db()
    assert second.is_active
    assert User.objects.get(pk=alice.pk).email == alice.email


def test_nobody_is_let_in_without_a_token_that_is_good(okta: Okta, alice: User, sign_in: SignIn) -> None:
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {okta.token}"}):
        for method, path in (("GET", "/Users"), ("POST", "/Users"), ("GET", ""), ("GET", "/Schemas"), ("PUT", "/x")):
            answer = okta(method, path, **headers)
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert sign_in(alice).get("/scim/v2/Users").status_code == 401
    assert okta("GET", "/ServiceProviderConfig", Authorization="").status_code == 200
    assert okta("GET", "/Users").cookies == {}
    token = DirectoryToken.objects.get()
    assert token.last_used_at is not None
    assert end_token(token, by=alice)
    assert okta("GET", "/Users").status_code == 401


_DEEP = b"[" * 100_000
_ODD = {
    "not json": b"{",
    "not an object": b"[]",
    "deep": _DEEP,
    "surrogate": b'{"userName":"\\ud800@x.example"}',
    "latin": b'{"userName":"\xe9@x.example"}',
    "huge": b'{"userName":"' + b"a" * 1_100_000 + b'"}',
    "nan": b'{"userName": NaN}',
    "big number": b'{"active": 1e999, "userName": 99999999999999999999}',
    "nothing": b"",
    "members": b'{"displayName":"T","members":[{"value":"\\u0000"},{"value":"99999999999999999999"},{}]}',
    "patch": b'{"Operations":[{"op":"add","path":"emails[type eq","value":{"a":[]}}]}',
    "patch of nothing": b'{"Operations":[{"op":"remove"}]}',
    "patch with an odd path": b'{"Operations":[{"op":"replace","path":"emails[value eq \\"\\u0000\\"]","value":3}]}',
}


def test_no_odd_body_path_or_filter_is_a_fault_of_ours(okta: Okta) -> None:
    number = okta.bring("dora")["id"]
    for name, body in _ODD.items():
        for method, path in (
            ("POST", "/Users"),
            ("PUT", f"/Users/{number}"),
            ("PATCH", f"/Users/{number}"),
            ("POST", "/Groups"),
            ("POST", "/.search"),
        ):
            assert okta(method, path, body).status_code in ((400, 413) if path != "/.search" else (200, 400, 413)), (
                name,
                method,
                path,
            )
    deep = "(" * 3000 + "active eq true" + ")" * 3000
    for query in (
        'filter=userName eq "\0"',
        "filter=(",
        f"filter={deep}",
        "filter=x.y.z pr",
        "count=-1",
        "startIndex=99999999999999999999",
        "sortBy=nothing",
        "count=x",
        "attributes=%00",
        "cursor=x",
    ):
        assert okta("GET", f"/Users?{query}").status_code in (200, 400, 501), query
    for path in (
        "/Users/0",
        "/Users/-1",
        "/Users/" + "9" * 400,
        "/Users/%00",
        "/Users/٣",
        "/Nothing",
        "/Me",
        "/Bulk",
        "//",
        "/Users/1/2/3",
    ):
        assert okta("GET", path).status_code in (400, 404, 405, 501, 200), path


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_one_person_at_once_one_wins(okta: Okta) -> None:
    together, answers = threading.Barrier(2), []

    def bring() -> None:
        together.wait()
        try:
            answers.append(
                Okta(okta.token)("POST", "/Users", {"schemas": [USER], "userName": "dora@x.example"}).status_code
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _twice in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409]

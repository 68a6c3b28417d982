"""The page of the directory: its address, and tokens that are shown once."""

import re
from collections.abc import Callable

from django.test import Client

from postroom.core.accounts.models import DirectoryToken, User
from postroom.core.audit.models import AuditEntry

SignIn = Callable[[User], Client]
_PAGE = "/settings/security/directory"


def test_a_token_is_made_shown_once_used_and_ended(alice: User, sign_in: SignIn, client: Client) -> None:
    browser = sign_in(alice)
    assert "http://testserver/scim/v2" in browser.get(_PAGE).content.decode()
    made = browser.post(_PAGE, {"name": " Okta "})
    (shown,) = set(re.findall(r"postroom_[\w-]{43}", made.content.decode()))
    assert made.headers["Cache-Control"] == "no-store"
    page = browser.get(_PAGE).content.decode()
    assert "Okta" in page
    assert "not used yet" in page
    assert shown not in page
    assert shown not in str(list(AuditEntry.objects.values()))
    assert client.get("/scim/v2/Users", headers={"Authorization": f"Bearer {shown}"}).status_code == 200
    assert "last used" in browser.get(_PAGE).content.decode()
    for _twice in range(2):
        assert (
            browser.post(f"{_PAGE}/{DirectoryToken.objects.values_list('pk', flat=True).first() or 1}/end").status_code
            == 302
        )
    assert client.get("/scim/v2/Users", headers={"Authorization": f"Bearer {shown}"}).status_code == 401
    told = AuditEntry.objects.filter(action__startswith="directory.").order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        "directory.token_made",
        "directory.token_ended",
    ]


def test_a_token_without_a_name_is_not_made(alice: User, sign_in: SignIn) -> None:
    refused = sign_in(alice).post(_PAGE, {"name": " \t"})
    assert refused.status_code == 422
    assert "Type a name" in refused.content.decode()
    assert not DirectoryToken.objects.exists()


def test_a_token_is_not_made_in_a_browser_that_was_left_open(alice: User, client: Client) -> None:
    client.force_login(alice)
    answer = client.post(_PAGE, {"name": "Okta"})
    assert answer.headers["Location"].startswith("/sign-in/again")
    assert not DirectoryToken.objects.exists()

"""Whether a mailbox's replies name an address of the conversation's own."""

from collections.abc import Callable

from django.test import Client

from postroom.core.accounts.models import Mailbox, User


def test_answers_come_to_an_address_of_their_own_only_when_that_is_switched_on(
    alice: User, mailbox: Mailbox, sign_in: Callable[[User], Client]
) -> None:
    browser, address = sign_in(alice), f"/settings/mailboxes/{mailbox.pk}"
    typed = {"details-name": "Help", "details-from_name": "", "details-signature": ""}
    for wanted in (True, False):
        browser.post(address, {**typed, **({"details-plus_address": "on"} if wanted else {})})
        mailbox.refresh_from_db()
        assert mailbox.plus_address is wanted
        box = browser.get(address).content.decode().partition('name="details-plus_address"')[2].partition(">")[0]
        assert ("checked" in box) is wanted

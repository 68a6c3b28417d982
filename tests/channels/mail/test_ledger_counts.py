"""The ledger's figures are kept by the database itself."""

import pytest

from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import FILED, PARKED, QUARANTINED, IncomingMail, LedgerCount
from postroom.core.accounts.models import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


def _figures(mailbox: Mailbox) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in LedgerCount.objects.filter(mailbox_id=mailbox.pk):
        found[row.state] = found.get(row.state, 0) + row.n
    return {state: n for state, n in found.items() if n}


def test_each_mail_is_counted_in_the_one_state_it_is_in(mailbox: Mailbox) -> None:
    mail = accept(b"From: a@b.example\n\nx", mailbox=mailbox, transport="lmtp")
    assert _figures(mailbox) == {}
    for state in (FILED, QUARANTINED, PARKED):
        IncomingMail.objects.filter(pk=mail.pk).update(state=state)
        assert _figures(mailbox) == {state: 1}
    mail.delete()
    assert _figures(mailbox) == {}


def test_a_mailbox_may_go_with_all_its_mail(mailbox: Mailbox) -> None:
    mail = accept(b"From: a@b.example\n\nx", mailbox=mailbox, transport="lmtp")
    IncomingMail.objects.filter(pk=mail.pk).update(state=FILED)
    mailbox.delete()
    assert IncomingMail.objects.count() == 0

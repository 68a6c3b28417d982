"""What SQLite committed comes into the database file beside those who write, and never in anybody's way."""

from pathlib import Path

from django.db import connection, transaction

from postroom.core.conversations.models import Contact
from postroom.lib.log_file import carry_over
from postroom.lib.rows import create


def test_what_was_committed_is_carried_over_now_and_then(transactional_db: None) -> None:
    create(Contact, email="ann.carried.over@customers.example")
    for _ in range(40):
        carry_over()
    assert Contact.objects.get().email == "ann.carried.over@customers.example"
    if connection.vendor == "sqlite":
        assert b"ann.carried.over@" in Path(connection.settings_dict["NAME"]).read_bytes()


def test_inside_a_transaction_nothing_is_carried_over_and_nothing_fails(transactional_db: None) -> None:
    with transaction.atomic():
        create(Contact, email="bea@customers.example")
        for _ in range(40):
            carry_over()
    assert Contact.objects.get().email == "bea@customers.example"

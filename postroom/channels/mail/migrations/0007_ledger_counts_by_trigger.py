from django.db import migrations

# Kept by triggers, so that no code path, present or future, can forget a mail. Rows are appended only: an upsert of one
# row for each mailbox and day would let the mail doors of PostgreSQL wait for each other's commit.
TABLE = "postroom_mail_incomingmail"
COUNTS = "postroom_mail_ledgercount"

POSTGRESQL = f"""
CREATE FUNCTION postroom_count_ledger() RETURNS trigger AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND (OLD).state <> 'stored'
        AND EXISTS (SELECT 1 FROM {COUNTS} WHERE mailbox_id = (OLD).mailbox_id AND state = (OLD).state) THEN
        INSERT INTO {COUNTS} (mailbox_id, transport, day, state, n, loose)
        VALUES (OLD.mailbox_id, OLD.transport, to_char(OLD.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), OLD.state,
                -1, TRUE);
    END IF;
    IF TG_OP <> 'DELETE' AND (NEW).state <> 'stored' THEN
        INSERT INTO {COUNTS} (mailbox_id, transport, day, state, n, loose)
        VALUES (NEW.mailbox_id, NEW.transport, to_char(NEW.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), NEW.state,
                1, TRUE);
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER postroom_count_ledger_insert AFTER INSERT ON {TABLE}
    FOR EACH ROW WHEN (NEW.state <> 'stored') EXECUTE FUNCTION postroom_count_ledger();
CREATE TRIGGER postroom_count_ledger_delete AFTER DELETE ON {TABLE}
    FOR EACH ROW WHEN (OLD.state <> 'stored') EXECUTE FUNCTION postroom_count_ledger();
CREATE TRIGGER postroom_count_ledger_update AFTER UPDATE OF mailbox_id, state ON {TABLE}
    FOR EACH ROW WHEN ((OLD.mailbox_id, OLD.state) IS DISTINCT FROM (NEW.mailbox_id, NEW.state))
    EXECUTE FUNCTION postroom_count_ledger();
"""


def _sqlite(row: str, n: int) -> str:
    # Where nothing was counted nothing is left to take off: the table of counts was emptied first.
    known = "" if n > 0 else f" AND EXISTS (SELECT 1 FROM {COUNTS} WHERE mailbox_id = {row}.mailbox_id AND state = {row}.state)"
    return (
        f"INSERT INTO {COUNTS} (mailbox_id, transport, day, state, n, loose) "
        f"SELECT {row}.mailbox_id, {row}.transport, substr({row}.received_at, 1, 10), {row}.state, {n}, 1 "
        f"WHERE {row}.state <> 'stored'{known};"
    )


SQLITE = (
    f"CREATE TRIGGER postroom_count_ledger_insert AFTER INSERT ON {TABLE} WHEN NEW.state <> 'stored' "
    f"BEGIN {_sqlite('NEW', 1)} END",
    f"CREATE TRIGGER postroom_count_ledger_delete AFTER DELETE ON {TABLE} WHEN OLD.state <> 'stored' "
    f"BEGIN {_sqlite('OLD', -1)} END",
    f"CREATE TRIGGER postroom_count_ledger_update AFTER UPDATE OF mailbox_id, state ON {TABLE} "
    "WHEN OLD.mailbox_id IS NOT NEW.mailbox_id OR OLD.state IS NOT NEW.state "
    f"BEGIN {_sqlite('OLD', -1)} {_sqlite('NEW', 1)} END",
)

# A later migration that alters the table of mails on SQLite makes it anew and loses these triggers: it has to run
# `make_triggers` again. tests/channels/mail/test_ledger_counts.py fails when they are gone.


def make_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)


def count_what_is_there(apps, schema_editor):
    day = "substr(received_at, 1, 10)"
    if schema_editor.connection.vendor == "postgresql":
        day = "to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
    schema_editor.execute(
        f"INSERT INTO {COUNTS} (mailbox_id, transport, day, state, n, loose) "
        f"SELECT mailbox_id, transport, {day} AS day, state, COUNT(*), FALSE FROM {TABLE} "
        f"WHERE state <> 'stored' GROUP BY mailbox_id, transport, {day}, state"
    )


def drop_triggers(apps, schema_editor):
    for name in ("insert", "delete", "update"):
        on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER postroom_count_ledger_{name}{on}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION postroom_count_ledger()")


class Migration(migrations.Migration):
    dependencies = [("postroom_mail", "0006_ledger_figures_and_alarms")]

    operations = [
        migrations.RunPython(make_triggers, drop_triggers),
        migrations.RunPython(count_what_is_there, migrations.RunPython.noop),
    ]

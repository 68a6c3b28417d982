from django.db import migrations

# As 0002, but what only named people see is in nobody's shared count: folders.py adds each person's own by a query.
OWNER = "COALESCE({row}.assignee_id, -{row}.team_id, 0)"
TABLE = "postroom_conversations_conversation"
COUNTS = "postroom_conversations_foldercount"

POSTGRESQL = f"""
DROP TRIGGER IF EXISTS postroom_count_folders_moves ON {TABLE};
CREATE OR REPLACE FUNCTION postroom_count_folders() RETURNS trigger AS $$
BEGIN
    INSERT INTO {COUNTS} (mailbox_id, status, owner, n)
    SELECT mailbox_id, status, owner, SUM(change) FROM (
        SELECT (OLD).mailbox_id, (OLD).status, {OWNER.format(row="OLD")} AS owner, -1 AS change
            WHERE TG_OP <> 'INSERT' AND (OLD).sensitive_since IS NULL
        UNION ALL
        SELECT (NEW).mailbox_id, (NEW).status, {OWNER.format(row="NEW")}, 1
            WHERE TG_OP <> 'DELETE' AND (NEW).sensitive_since IS NULL
    ) AS changes
    GROUP BY mailbox_id, status, owner HAVING SUM(change) <> 0 ORDER BY mailbox_id, status, owner
    ON CONFLICT (mailbox_id, status, owner) DO UPDATE SET n = {COUNTS}.n + excluded.n;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER postroom_count_folders_moves
    AFTER UPDATE OF mailbox_id, status, assignee_id, team_id, sensitive_since ON {TABLE}
    FOR EACH ROW WHEN ((OLD.mailbox_id, OLD.status, OLD.assignee_id, OLD.team_id, OLD.sensitive_since IS NULL)
        IS DISTINCT FROM (NEW.mailbox_id, NEW.status, NEW.assignee_id, NEW.team_id, NEW.sensitive_since IS NULL))
    EXECUTE FUNCTION postroom_count_folders();
"""


def _sqlite_more(row: str) -> str:
    return (
        f"INSERT INTO {COUNTS} (mailbox_id, status, owner, n) "
        f"SELECT {row}.mailbox_id, {row}.status, {OWNER.format(row=row)}, 1 WHERE {row}.sensitive_since IS NULL "
        "ON CONFLICT (mailbox_id, status, owner) DO UPDATE SET n = n + 1;"
    )


def _sqlite_less(row: str) -> str:
    # An update, not an upsert: when a mailbox goes with all it holds, no row may come back for it.
    return (
        f"UPDATE {COUNTS} SET n = n - 1 WHERE mailbox_id = {row}.mailbox_id AND status = {row}.status "
        f"AND owner = {OWNER.format(row=row)} AND {row}.sensitive_since IS NULL;"
    )


NAMES = ("insert", "delete", "update")
SQLITE = (
    f"CREATE TRIGGER postroom_count_folders_insert AFTER INSERT ON {TABLE} BEGIN {_sqlite_more('NEW')} END",
    f"CREATE TRIGGER postroom_count_folders_delete AFTER DELETE ON {TABLE} BEGIN {_sqlite_less('OLD')} END",
    f"CREATE TRIGGER postroom_count_folders_update "
    f"AFTER UPDATE OF mailbox_id, status, assignee_id, team_id, sensitive_since ON {TABLE} "
    "WHEN OLD.mailbox_id IS NOT NEW.mailbox_id OR OLD.status IS NOT NEW.status "
    "OR OLD.assignee_id IS NOT NEW.assignee_id OR OLD.team_id IS NOT NEW.team_id "
    "OR OLD.sensitive_since IS NOT NEW.sensitive_since "
    f"BEGIN {_sqlite_less('OLD')} {_sqlite_more('NEW')} END",
)

# A later migration that makes the conversation's table anew on SQLite loses these triggers: it has to run
# `make_triggers` of this file, and no more that of 0002.


def make_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for name in NAMES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS postroom_count_folders_{name}")
    for statement in SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("postroom_conversations", "0007_sensitive_conversations")]

    operations = [migrations.RunPython(make_triggers, migrations.RunPython.noop)]

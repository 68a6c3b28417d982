from django.db import migrations

# Kept by triggers, so that no code path, present or future, can forget a count. The parts of one statement are in one
# order (mailbox, status, owner), so that two transactions cannot wait for each other.
OWNER = "COALESCE({row}.assignee_id, -{row}.team_id, 0)"
TABLE = "postroom_conversations_conversation"
COUNTS = "postroom_conversations_foldercount"

POSTGRESQL = f"""
CREATE FUNCTION postroom_count_folders() RETURNS trigger AS $$
BEGIN
    INSERT INTO {COUNTS} (mailbox_id, status, owner, n)
    SELECT mailbox_id, status, owner, SUM(change) FROM (
        SELECT (OLD).mailbox_id, (OLD).status, {OWNER.format(row="OLD")} AS owner, -1 AS change WHERE TG_OP <> 'INSERT'
        UNION ALL
        SELECT (NEW).mailbox_id, (NEW).status, {OWNER.format(row="NEW")}, 1 WHERE TG_OP <> 'DELETE'
    ) AS changes
    GROUP BY mailbox_id, status, owner HAVING SUM(change) <> 0 ORDER BY mailbox_id, status, owner
    ON CONFLICT (mailbox_id, status, owner) DO UPDATE SET n = {COUNTS}.n + excluded.n;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER postroom_count_folders_rows AFTER INSERT OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION postroom_count_folders();
CREATE TRIGGER postroom_count_folders_moves AFTER UPDATE OF mailbox_id, status, assignee_id, team_id ON {TABLE}
    FOR EACH ROW WHEN ((OLD.mailbox_id, OLD.status, OLD.assignee_id, OLD.team_id)
        IS DISTINCT FROM (NEW.mailbox_id, NEW.status, NEW.assignee_id, NEW.team_id))
    EXECUTE FUNCTION postroom_count_folders();
"""


def _sqlite_more(row: str) -> str:
    return (
        f"INSERT INTO {COUNTS} (mailbox_id, status, owner, n) "
        f"VALUES ({row}.mailbox_id, {row}.status, {OWNER.format(row=row)}, 1) "
        "ON CONFLICT (mailbox_id, status, owner) DO UPDATE SET n = n + 1;"
    )


def _sqlite_less(row: str) -> str:
    # An update, not an upsert: when a mailbox goes with all it holds, no row may come back for it.
    return (
        f"UPDATE {COUNTS} SET n = n - 1 WHERE mailbox_id = {row}.mailbox_id AND status = {row}.status "
        f"AND owner = {OWNER.format(row=row)};"
    )


SQLITE = (
    f"CREATE TRIGGER postroom_count_folders_insert AFTER INSERT ON {TABLE} BEGIN {_sqlite_more('NEW')} END",
    f"CREATE TRIGGER postroom_count_folders_delete AFTER DELETE ON {TABLE} BEGIN {_sqlite_less('OLD')} END",
    f"CREATE TRIGGER postroom_count_folders_update AFTER UPDATE OF mailbox_id, status, assignee_id, team_id ON {TABLE} "
    "WHEN OLD.mailbox_id IS NOT NEW.mailbox_id OR OLD.status IS NOT NEW.status "
    "OR OLD.assignee_id IS NOT NEW.assignee_id OR OLD.team_id IS NOT NEW.team_id "
    f"BEGIN {_sqlite_less('OLD')} {_sqlite_more('NEW')} END",
)

# A later migration that alters the conversation's table on SQLite makes the table anew and loses these triggers: it has
# to run `make_triggers` again. tests/house checks that they are there when all migrations have run.


def make_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER postroom_count_folders_rows ON {TABLE}")
        schema_editor.execute(f"DROP TRIGGER postroom_count_folders_moves ON {TABLE}")
        schema_editor.execute("DROP FUNCTION postroom_count_folders()")
    else:
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER postroom_count_folders_{name}")


class Migration(migrations.Migration):
    dependencies = [("postroom_conversations", "0001_initial")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]

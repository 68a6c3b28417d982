from django.db import migrations

# Nobody in the application changes the log, whatever their code says: the database refuses. The one change there is
# gives a row its seal, once. A later migration that makes the table anew on SQLite loses these triggers and has to run
# `make_triggers` again; tests/core/audit/test_append_only.py fails when they are gone.
TABLE = "postroom_audit_auditentry"
SENTENCE = "The audit log is append-only."
COLUMNS = (
    "id", "at", "action", "actor_kind", "actor_id", "actor_name", "ip", "device", "subject", "subject_name",
    "mailbox_id", "conversation_id", "before", "after", "reason", "digests", "mac",
)

POSTGRESQL = f"""
CREATE FUNCTION postroom_audit_append_only() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.seal IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.seal IS NULL AND NEW.seal IS NOT NULL
        AND to_jsonb(OLD) - 'seal' - 'hash' = to_jsonb(NEW) - 'seal' - 'hash' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER postroom_audit_rows BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION postroom_audit_append_only();
CREATE TRIGGER postroom_audit_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION postroom_audit_append_only();
"""

_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
_CHANGED = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in COLUMNS)
SQLITE = (
    # INSERT OR REPLACE and UPDATE OR REPLACE delete without asking the trigger below.
    f"CREATE TRIGGER postroom_audit_insert BEFORE INSERT ON {TABLE} "
    f"WHEN NEW.seal IS NOT NULL OR EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id) {_REFUSE}",
    f"CREATE TRIGGER postroom_audit_update BEFORE UPDATE ON {TABLE} "
    f"WHEN OLD.seal IS NOT NULL OR NEW.seal IS NULL OR {_CHANGED} "
    f"OR EXISTS (SELECT 1 FROM {TABLE} WHERE seal = NEW.seal) {_REFUSE}",
    f"CREATE TRIGGER postroom_audit_delete BEFORE DELETE ON {TABLE} {_REFUSE}",
)


def make_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER postroom_audit_rows ON {TABLE}")
        schema_editor.execute(f"DROP TRIGGER postroom_audit_truncate ON {TABLE}")
        schema_editor.execute("DROP FUNCTION postroom_audit_append_only()")
    else:
        for name in ("insert", "update", "delete"):
            schema_editor.execute(f"DROP TRIGGER postroom_audit_{name}")


class Migration(migrations.Migration):
    dependencies = [("postroom_audit", "0002_proofs_and_seals")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]

"""The tables of the index. The words' own table is made by hand: each engine has its own way to find words."""

from django.db import migrations, models
import django.db.models.deletion

# The index holds no words of its own but finds them in the table (external content); triggers keep the two together, so
# that no way to delete a message can leave its words behind. Our words have neither case nor signs: `ascii` splits them
# at the spaces that we put between them and leaves every letter beyond ASCII alone.
SQLITE = (
    """
    CREATE TABLE postroom_search_entry (
        message_id integer NOT NULL PRIMARY KEY
            REFERENCES postroom_conversations_message (id) DEFERRABLE INITIALLY DEFERRED,
        words text NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE postroom_search_index USING fts5(
        words, content='postroom_search_entry', content_rowid='message_id', tokenize='ascii', columnsize=0
    )
    """,
    """
    CREATE TRIGGER postroom_search_added AFTER INSERT ON postroom_search_entry BEGIN
        INSERT INTO postroom_search_index (rowid, words) VALUES (new.message_id, new.words);
    END
    """,
    """
    CREATE TRIGGER postroom_search_deleted AFTER DELETE ON postroom_search_entry BEGIN
        INSERT INTO postroom_search_index (postroom_search_index, rowid, words)
        VALUES ('delete', old.message_id, old.words);
    END
    """,
    """
    CREATE TRIGGER postroom_search_changed AFTER UPDATE ON postroom_search_entry BEGIN
        INSERT INTO postroom_search_index (postroom_search_index, rowid, words)
        VALUES ('delete', old.message_id, old.words);
        INSERT INTO postroom_search_index (rowid, words) VALUES (new.message_id, new.words);
    END
    """,
)
# fastupdate would let each search read through what was added lately (4 MB of it). The words are compared by bytes, or a
# range of them would not be a beginning.
POSTGRESQL = (
    """
    CREATE TABLE postroom_search_entry (
        message_id bigint NOT NULL PRIMARY KEY
            REFERENCES postroom_conversations_message (id) DEFERRABLE INITIALLY DEFERRED,
        words tsvector NOT NULL
    )
    """,
    "CREATE INDEX search_entry_words ON postroom_search_entry USING gin (words) WITH (fastupdate = off)",
    'ALTER TABLE postroom_search_word ALTER COLUMN word TYPE varchar(64) COLLATE "C"',
)
BACK = ("DROP TABLE IF EXISTS postroom_search_index", "DROP TABLE postroom_search_entry")


def make(apps, schema_editor):
    connection = schema_editor.connection
    for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)
    if connection.vendor == "postgresql":
        # Django's index for LIKE, which a column that is compared by bytes does not need.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname FROM pg_indexes WHERE tablename = 'postroom_search_word' AND indexname LIKE '%\\_like'"
            )
            for (name,) in cursor.fetchall():
                schema_editor.execute(f'DROP INDEX "{name}"')


def unmake(apps, schema_editor):
    for statement in BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("postroom_conversations", "0010_inbox"),
        ("postroom_events", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileText",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("form", models.CharField(max_length=8)),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("text", models.TextField(blank=True, default="")),
                ("tries", models.IntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_at"], name="search_files_waiting"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stale",
            fields=[
                ("message_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("times", models.IntegerField(default=1)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("n", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Near",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BigIntegerField()),
                ("word", models.CharField(max_length=24)),
            ],
            options={"indexes": [models.Index(fields=["key"], name="search_near_key")]},
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "message",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="postroom_conversations.message",
                            ),
                        ),
                        ("words", models.TextField()),
                    ],
                ),
            ],
            database_operations=[migrations.RunPython(make, unmake)],
        ),
    ]

"""Ask for every message that there is to be read, newest first, and follow the log from its end on.

Read from its beginning, a long log would keep the newest mail waiting.
"""

from django.db import migrations
from django.db.models.expressions import RawSQL


def ask(apps, schema_editor):
    Event = apps.get_model("postroom_events", "Event")
    Bookmark = apps.get_model("postroom_events", "Bookmark")
    events = Event.objects.all()
    if schema_editor.connection.vendor == "postgresql":
        # What is still being written stays after the bookmark.
        events = events.filter(xid__lt=RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", []))
    newest = events.order_by("-xid", "-id").values_list("xid", "id").first()
    if newest:
        Bookmark.objects.update_or_create(follower="search", defaults={"xid": newest[0], "event_id": newest[1]})
    schema_editor.execute(
        "INSERT INTO postroom_search_stale (message_id, times, at) "
        "SELECT id, 1, CURRENT_TIMESTAMP FROM postroom_conversations_message WHERE true ON CONFLICT DO NOTHING"
    )


class Migration(migrations.Migration):

    dependencies = [
        ("postroom_search", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(ask, migrations.RunPython.noop),
    ]

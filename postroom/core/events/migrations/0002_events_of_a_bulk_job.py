from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("postroom_events", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="bulk_id",
            field=models.BigIntegerField(null=True),
        ),
    ]

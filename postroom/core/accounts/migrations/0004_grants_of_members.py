from django.db import migrations

ANSWERING, MANAGING = 2, 3


def grant(apps, schema_editor):
    """Keep what everybody could do: members answer, and owners manage the mailboxes they are in."""
    membership = apps.get_model("postroom_accounts", "Membership")
    grants = apps.get_model("postroom_accounts", "Grant")
    membership.objects.filter(user__role="owner").update(level=MANAGING)
    grants.objects.bulk_create(
        [grants(mailbox_id=row.mailbox_id, user_id=row.user_id, level=row.level) for row in membership.objects.all()]
    )


class Migration(migrations.Migration):
    dependencies = [("postroom_accounts", "0003_people_and_rights")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]

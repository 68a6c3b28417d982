from django.db import migrations


def allow(apps, schema_editor):
    """Keep talking to the servers that an owner has named before hosts inside the own network had to be allowed."""
    hosts = set()
    for model in ("Source", "Route"):
        rows = apps.get_model("postroom_mail", model).objects.exclude(host="").exclude(port=None)
        hosts |= {f"{host}:{port}".lower() for host, port in rows.values_list("host", "port")}
    if not hosts:
        return
    policies = apps.get_model("postroom_accounts", "SecurityPolicy")
    policy, _made = policies.objects.get_or_create(pk=1)
    policy.allowed_hosts = sorted({*policy.allowed_hosts, *hosts})
    policy.save()


class Migration(migrations.Migration):
    dependencies = [("postroom_mail", "0013_history"), ("postroom_accounts", "0004_grants_of_members")]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]

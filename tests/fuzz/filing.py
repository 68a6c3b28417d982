"""The real intake on a SQLite database of its own: accepted, read, threaded and filed."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable


def filer() -> Callable[[bytes], None]:
    """Return a function that takes a mail in and files it; raises when it is left unfiled or could not be read."""
    folder = tempfile.mkdtemp(prefix="postroom-fuzz-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["POSTROOM_DATA"] = folder
    os.environ.pop("POSTROOM_DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "postroom.wiring.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")  # nothing of this is to be kept
    return _file_into_a_mailbox()


def _file_into_a_mailbox() -> Callable[[bytes], None]:
    from postroom.channels.mail.intake import accept
    from postroom.channels.mail.models import STORED
    from postroom.channels.mail.receive import file_next
    from postroom.core.accounts.models import Mailbox

    mailbox = Mailbox.objects.create(name="Fuzz", address="support@velo.example")

    def file(raw: bytes) -> None:
        mail = accept(raw, mailbox=mailbox, transport="fuzz")
        while file_next():
            pass
        mail.refresh_from_db()
        if mail.state == STORED or mail.attempts > 1:
            raise AssertionError(f"Not filed at the first try: {mail.state}, {mail.attempts} tries.")

    return file

"""The `postroom` command: reads the words and hands over. What a command needs is imported when it is asked for."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from postroom.faces.cli.arguments import parser
from postroom.faces.cli.say import complain
from postroom.wiring.environment import BadSetting, read

# sysexits.h
_TRY_AGAIN = 75
_BAD_SETTING = 78
# What a shell gives for Ctrl-C.
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the words say and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["deliver"]:
        return _deliver(words)
    asked = parser().parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postroom.wiring.settings")
    try:
        _take_place(asked)
        read(os.environ)
    except BadSetting as wrong:
        complain(f"{wrong} Nothing was started.")
        return _BAD_SETTING
    try:
        return _COMMANDS[asked.command](asked)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _take_place(asked: Namespace) -> None:
    """Let --host and --port count as the settings they stand for."""
    if getattr(asked, "host", None):
        os.environ["POSTROOM_HOST"] = asked.host
    if getattr(asked, "port", None):
        os.environ["POSTROOM_PORT"] = str(asked.port)


def _deliver(words: list[str]) -> int:
    """Take one mail. A mail server gives up on any code but 75, so whatever goes wrong here is "try again"."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postroom.wiring.settings")
    try:
        asked = parser().parse_args(words)
        import django

        django.setup()
        from postroom.channels.mail.transports.pipe import deliver

        return deliver(sys.stdin.buffer, to=asked.to)
    except SystemExit as end:
        return _TRY_AGAIN if end.code else 0
    except BadSetting as wrong:
        complain(f"{wrong} The mail was not taken; try again when that is mended.")
        return _TRY_AGAIN
    except Exception:  # noqa: BLE001  (shown in full, and answered as the mail server needs it)
        sys.excepthook(*sys.exc_info())
        return _TRY_AGAIN


def _run(asked: Namespace) -> int:
    from postroom.wiring.run import run

    return run(demo=asked.demo, any_port=asked.port == 0)


def _web(asked: Namespace) -> int:
    from postroom.wiring.processes import web

    return web(any_port=asked.port == 0)


def _live(asked: Namespace) -> int:
    from postroom.wiring.processes import live

    return live(any_port=asked.port == 0)


def _worker(_asked: Namespace) -> int:
    from postroom.wiring.processes import worker

    return worker()


def _migrate(asked: Namespace) -> int:
    from postroom.wiring.prepare import prepare

    return prepare(welcome=asked.welcome, demo=asked.demo)


def _setup_link(_asked: Namespace) -> int:
    from postroom.wiring.prepare import setup_link

    return setup_link()


def _allow_everywhere(asked: Namespace) -> int:
    import django

    django.setup()
    from postroom.faces.cli.networks import let_in_from_everywhere

    return let_in_from_everywhere(reason=asked.reason)


def _check_mail(asked: Namespace) -> int:
    import django

    django.setup()
    from postroom.faces.cli.check_mail import check_mail

    return check_mail(asked.address)


def _export(asked: Namespace) -> int:
    import django

    django.setup()
    from postroom.faces.cli.export_mailbox import export_mailbox

    return export_mailbox(asked.address, form=asked.format, to=asked.to, sensitive=asked.sensitive)


def _import(asked: Namespace) -> int:
    import django

    django.setup()
    from postroom.faces.cli.import_history import import_history

    return import_history(asked.source, to=asked.to, awake=asked.awake, yes=asked.yes)


def _audit(asked: Namespace) -> int:
    import django

    django.setup()
    from postroom.faces.cli.audit import audit_head, audit_verify

    if asked.part == "head":
        return audit_head(renew=asked.renew)
    return audit_verify(as_json=asked.json, head=asked.head)


def _search(asked: Namespace) -> int:
    import django

    django.setup()
    from postroom.faces.cli.search import search_rebuild, search_status

    return search_status() if asked.part == "status" else search_rebuild(files=asked.files, wait=asked.wait)


def _secrets(asked: Namespace) -> int:
    import django

    django.setup()
    from postroom.wiring.secret_change import rotate

    return rotate(finish=asked.finish)


def _doctor(asked: Namespace) -> int:
    import django

    django.setup()
    from postroom.wiring.doctor import examine

    return examine(as_json=asked.json)


def _manage(asked: Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["postroom manage", *asked.words])
    return 0


_COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "run": _run,
    "web": _web,
    "live": _live,
    "worker": _worker,
    "migrate": _migrate,
    "setup-link": _setup_link,
    "allow-everywhere": _allow_everywhere,
    "check-mail": _check_mail,
    "export": _export,
    "import": _import,
    "audit": _audit,
    "search": _search,
    "secrets": _secrets,
    "doctor": _doctor,
    "manage": _manage,
}

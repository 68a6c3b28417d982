"""The words of the `postroom` command."""

import argparse

_ABOUT = "Postroom, a shared inbox. Settings are read from POSTROOM_… in the environment; see docs/settings.md."


def parser() -> argparse.ArgumentParser:
    """Return the parser; `command` is the first word."""
    made = argparse.ArgumentParser(prog="postroom", description=_ABOUT, allow_abbrev=False)
    commands = made.add_subparsers(dest="command", metavar="command", required=True)
    run = commands.add_parser("run", help="serve everything on this machine: pages, event stream and worker")
    run.add_argument("--demo", action="store_true", help="fill an empty data folder with a demo team")
    _add_place(run)
    _add_place(commands.add_parser("web", help="serve the pages and the event stream"))
    _add_place(commands.add_parser("live", help="serve the event stream alone, behind a proxy that sends it /live"))
    commands.add_parser("worker", help="take mail in, send it out and do all that is due")
    prepare = commands.add_parser("migrate", help="bring the database up to date")
    prepare.add_argument("--welcome", action="store_true", help=argparse.SUPPRESS)
    prepare.add_argument("--demo", action="store_true", help=argparse.SUPPRESS)
    deliver = commands.add_parser("deliver", help="take one mail from standard input, as a mail server's pipe does")
    deliver.add_argument("--to", default="", metavar="ADDRESS", help="whom it is for, when its headers do not say")
    commands.add_parser("setup-link", help="print a new one-time set-up link, while there are no people")
    everywhere = commands.add_parser(
        "allow-everywhere", help="forget the list of allowed networks, when it locks people out"
    )
    everywhere.add_argument("--reason", default="", metavar="WORDS", help="why, for the audit log")
    check = commands.add_parser("check-mail", help="see whether a mailbox's mail arrives: SPF, DKIM, DMARC, names, TLS")
    check.add_argument("address", metavar="ADDRESS", help="the mailbox's address")
    _add_history(commands)
    _add_audit(commands)
    _add_security(commands)
    _add_search(commands)
    manage = commands.add_parser("manage", help="any command of Django's, as in: postroom manage shell")
    manage.add_argument("words", nargs=argparse.REMAINDER, metavar="…")
    return made


def _add_history(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    out = commands.add_parser("export", help="write everything a mailbox holds to a file")
    out.add_argument("address", metavar="ADDRESS", help="the mailbox's address")
    out.add_argument("--format", choices=("mbox", "zip"), default="zip", help="mbox: its mails; zip: everything")
    out.add_argument("--to", required=True, metavar="FILE", help="the file to write, - for standard output")
    out.add_argument("--sensitive", action="store_true", help="with the sensitive conversations; this is written down")
    come = commands.add_parser("import", help="take old mail in: mbox, Maildir, folder of .eml, zip, or imaps://…")
    come.add_argument("source", metavar="PATH", help="a file or folder, or imaps://USER@HOST[:PORT]")
    come.add_argument("--to", required=True, metavar="ADDRESS", help="the mailbox's address")
    come.add_argument("--awake", action="store_true", help="as if it came today: open conversations, tell people")
    come.add_argument("--yes", action="store_true", help="take it in without asking")


def _add_audit(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    audit = commands.add_parser("audit", help="prove that nobody changed the audit log")
    parts = audit.add_subparsers(dest="part", metavar="verify|head", required=True)
    walk = parts.add_parser("verify", help="walk the whole log and say what was changed, taken out or cut off")
    walk.add_argument("--json", action="store_true", help="for programs")
    walk.add_argument("--head", default="", metavar="HASH", help="a head that you kept: it must be in the log")
    head = parts.add_parser("head", help="print the newest seal and its hash, to keep elsewhere")
    head.add_argument("--renew", action="store_true", help="after a backup was brought back: begin from its end")


def _add_security(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    doctor = commands.add_parser("doctor", help="look at this installation and say what could be better")
    doctor.add_argument("--security", action="store_true", required=True, help="who could get in, and at what")
    doctor.add_argument("--json", action="store_true", help="for programs")
    secrets = commands.add_parser("secrets", help="change the key that seals passwords and tokens")
    parts = secrets.add_subparsers(dest="part", metavar="rotate", required=True)
    rotate = parts.add_parser("rotate", help="begin with a new key; after a restart, --finish seals everything with it")
    rotate.add_argument("--finish", action="store_true", help="seal everything anew and drop the old key")


def _add_search(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    search = commands.add_parser("search", help="the index of all words: how far it is, and making it anew")
    parts = search.add_subparsers(dest="part", metavar="status|rebuild", required=True)
    parts.add_parser("status", help="how many messages can be found, and how many wait to be read")
    anew = parts.add_parser("rebuild", help="forget all words and read every message again, the newest first")
    anew.add_argument("--files", action="store_true", help="the attached files, too")
    anew.add_argument("--wait", action="store_true", help="read them now, instead of leaving it to the worker")


def _add_place(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default=None, help="the address to serve on (POSTROOM_HOST, 127.0.0.1)")
    command.add_argument("--port", default=None, type=_port, help="the port to serve on (POSTROOM_PORT, 8000)")


def _port(text: str) -> int:
    """Read a port; 0 asks the system for a free one."""
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port. It must be a whole number from 1 to 65535.")
    return int(text)

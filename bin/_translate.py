"""Collect every sentence of the code, lay it into each language's catalogue, and compile that."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "postroom/locale"
METHODS = [("**/templates/**.*", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "**/templates/**.*": {
        "trimmed": "true",
        "newstyle_gettext": "true",
        "silent": "false",
        "extensions": "jinja2.ext.do,postroom.faces.web.drawing.keeping.Keeping",
    }
}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_lazy": None,
    "gettext_lazy": None,
    "marked": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def main() -> int:
    sentences = collect()
    problems = [line for language in languages() for line in refresh(language, sentences, only_look=CHECK)]
    for line in problems[:SHOWN]:
        print(line)
    if len(problems) > SHOWN:
        print(f"and {len(problems) - SHOWN} more")
    return bool(problems and CHECK)


def collect() -> Catalog:
    """Return every sentence of the package, without the places, which would change with every commit."""
    found = catalogue()
    everything = extract_from_dir(
        ROOT / "postroom", METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
    )
    for _file, _line, message, comments, context in everything:
        found.add(message, auto_comments=comments, context=context)
    return found


def catalogue(language: str | None = None) -> Catalog:
    """Return an empty catalogue; its dates stand still, so that only sentences make a difference."""
    then = datetime(2026, 1, 1, tzinfo=UTC)
    return Catalog(
        locale=language,
        project="Postroom",
        version="1",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# Postroom's sentences{f' in {language}' if language else ''}. bin/translate keeps this file.",
        creation_date=then,
        revision_date=then,
    )


def languages() -> list[str]:
    return sorted(path.parent.name for path in LOCALES.glob("*/LC_MESSAGES"))


def refresh(language: str, sentences: Catalog, *, only_look: bool) -> list[str]:
    """Lay the sentences into one language's catalogue and return what is wrong with it."""
    folder = LOCALES / language / "LC_MESSAGES"
    written = folder / "django.po"
    known = catalogue(language)
    if written.exists():
        for message in read_po(io.BytesIO(written.read_bytes()), locale=language):
            if message.id:
                known[message.id] = message
    before = {(str(message.id), message.context) for message in known if message.id}
    known.update(sentences, no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    now = {(str(message.id), message.context) for message in known if message.id}
    problems = [f"{language}: not translated: {message.id!r}" for message in known if message.id and not done(message)]
    problems += [
        f"{language}: {error} in {message.id!r}"
        for message in known
        if message.id and done(message)
        for error in message.check(known)
    ]
    compiled = io.BytesIO()
    write_mo(compiled, known)
    if only_look:
        if before != now:
            problems.append(f"{language}: the catalogue and the code differ by {len(before ^ now)}; run bin/translate.")
        elif (folder / "django.mo").read_bytes() != compiled.getvalue():
            problems.append(f"{language}: django.mo is older than django.po; run bin/translate.")
        return problems
    with written.open("wb") as file:
        write_po(file, known, width=120, sort_output=True, no_location=True, ignore_obsolete=True)
    (folder / "django.mo").write_bytes(compiled.getvalue())
    return problems


def done(message: Message) -> bool:
    """Say whether every form of a sentence is there."""
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(message.string) and all(strings)


CHECK = "--check" in sys.argv[1:]
SHOWN = 20
if __name__ == "__main__":
    sys.exit(main())

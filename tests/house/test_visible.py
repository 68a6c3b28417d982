"""Whatever shows a conversation, or what belongs to one, starts from who may see it; what does not says why."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import name, parse, python_files

# Where each query is a person's, function by function …
_SHOWING = ("postroom/faces", "postroom/followers", "postroom/privacy")
# … and where a query is Postroom's own, or is handed a row that a page has looked up: file by file.
_WORKING = ("postroom/core", "postroom/channels", "postroom/wiring", "postroom/demo", "postroom/lib")
_GUARDED = {
    "Attachment",
    "Conversation",
    "ConversationTag",
    "Delivery",
    "Event",
    "IncomingMail",
    "Loop",
    "LooseEnd",
    "Message",
    "Notification",
    "Participant",
    "Presence",
    "ReadMark",
    "TrayMail",
}
_RULES = {"visible_to", "seen_by"}

_GIVEN = "asks about a conversation that its page has looked up by the rule"
_SEEN = "the messages of conversations that seen_among() or visible_to() left"
_INDEXED = "reads for the index: find() asks the rule about each hit"
_SHOWN_WITHOUT_THE_RULE = {
    "faces/api/v1/conversations.py:_participants": "asks about a conversation that was looked up by the rule",
    "faces/web/drafts.py:described": "the files of a draft that was looked up in a conversation that was",
    "faces/web/evidence.py:why": _GIVEN,
    "faces/web/evidence.py:_answered": "shows who wrote an answered mail only where it is in the same conversation or "
    "in one that is not sensitive",
    "faces/web/loop_notice.py:_newest": _GIVEN,
    "faces/web/time_lines.py:not_sent": _GIVEN,
    "faces/web/views/joining.py:_alone": _GIVEN,
    "faces/web/views/ledger.py:ledger_mail_or_404": "one mail of the ledger of a mailbox that was looked up; "
    "hidden_from() refuses what is a sensitive conversation's",
    "faces/web/views/teams.py:team": "a number for who deletes the team, without what is sensitive",
    "faces/web/views/customer.py:_ask": "the demo's tray, of the person's own mailboxes",
    "faces/web/writing_beside.py:taken_back": "the side thread of a mail that was looked up, and its files",
    "faces/web/writing_form.py:chosen_files": "the writer's own files in a conversation that was looked up",
    "followers/notifications/react.py:_tell": "looks the conversation up, then asks the rule for each person",
    "followers/notifications/react.py:_owners": "an id, for _tell() to ask the rule about",
    "followers/notifications/react.py:_writers_beside": "ids, for _tell() to ask the rule about",
    "followers/notifications/react.py:_writers": "an id, for _tell() to ask the rule about",
    "followers/notifications/actions/trial.py:send_trial": "a person's own trial, about no conversation",
    "followers/notifications/read.py:see": "marks a person's own notifications, and shows none",
    "followers/search/by_date.py:_shown_before": _SEEN,
    "followers/search/by_date.py:_the_other_way": _SEEN,
    "followers/search/read_again.py:_texts_of": _INDEXED,
    "followers/search/together.py:find": _SEEN,
    "followers/search/read_again.py:_write": _INDEXED,
    "followers/search/read_again.py:sayings": _INDEXED,
    "followers/search/sight.py:_for_which": "of conversations that the rule has just let through (seen_among)",
    "followers/search/snippets.py:_named": "of messages that find() returned to the same reader",
    "followers/search/snippets.py:_said": "of messages that find() returned to the same reader",
    "followers/notifications/tell.py:tell": "writes for one person what its callers asked the rule about",
}
_VERB = "a verb: its page has looked the conversation up, and it asks who may do it"
_INSIDE = "Postroom's own work: nobody reads what it finds"
_WORKING_WITHOUT_THE_RULE = {
    "core/conversations/actions/": _VERB,
    "core/conversations/answered.py": "what a reply answers in its own conversation",
    "core/conversations/beside.py": "who takes part in a conversation that was looked up, and beside it",
    "core/conversations/bulk/": "a verb for many: scope.py starts from the rule, and steps.py asks it again for each",
    "core/conversations/condition/few.py": "ids, which the list asks the rule about",
    "core/conversations/condition/where.py": "what stands beside a conversation, for a query that starts from the rule",
    "core/conversations/copies.py": _INSIDE,
    "core/conversations/former.py": _INSIDE,
    "core/conversations/naming.py": "the list for who may break the glass has numbers, mailboxes and dates only",
    "core/conversations/newest_words.py": "the customer's words, for a letter whose reader was asked about",
    "core/conversations/presence.py": "who is where, as numbers: the stream asks seers.py whom to tell",
    "core/conversations/selections.py": "moments, to know how far to walk; what is found there is found by the rule",
    "core/conversations/scheduled.py": "which replies wait; the pages that show them ask seen_by() as well",
    "core/conversations/seers.py": "the rule itself, asked for many people at once; its test compares the two",
    "core/conversations/queries.py": "tags and marks of rows that list_page() found by the rule",
    "core/conversations/timeline.py": "the events of a conversation that its page has looked up",
    "core/events/log.py": "the log itself: followers ask the rule before they tell anybody",
    "core/outbox/": _INSIDE,
    "channels/mail/actions/": _VERB,
    "channels/mail/claims.py": _INSIDE,
    "channels/mail/duplicates.py": _INSIDE,
    "channels/mail/history/holding.py": "what is taken out: Sight (sight.py) says which sensitive ones are part of it",
    "channels/mail/history/taking.py": _INSIDE,
    "channels/mail/holdings.py": _INSIDE,
    "channels/mail/intake.py": _INSIDE,
    "channels/mail/ledger.py": "the rows of a mailbox's ledger: ledger_lines.py and ledger.py ask hidden_from()",
    "channels/mail/loops.py": _INSIDE,
    "channels/mail/needed_bytes.py": _INSIDE,
    "channels/mail/pace.py": _INSIDE,
    "channels/mail/passing_on.py": "the mail that another one passes on; whoever did so saw it",
    "channels/mail/quoting.py": "what a reply quotes of its own conversation",
    "channels/mail/receive.py": _INSIDE,
    "channels/mail/replies.py": _INSIDE,
    "channels/mail/reports.py": _INSIDE,
    "channels/mail/sight.py": "which of a ledger's mails somebody may not see: counts and ids",
    "channels/mail/silence.py": _INSIDE,
    "channels/mail/thread.py": _INSIDE,
    "channels/mail/thread_late.py": _INSIDE,
    "channels/mail/transports/": _INSIDE,
    "channels/mail/watches.py": "alarms: numbers of mails, which name none",
    "demo/": "makes the demo, before anybody is there",
}


def _queries(node: ast.AST, *, within: str = "", statement: ast.AST | None = None) -> Iterator[tuple[str, str, bool]]:
    """Give (function, model, whether a rule stands in the same statement) for each query of a guarded model."""
    for child in ast.iter_child_nodes(node):
        inside, held = within, statement
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = child.name
        # Of `if` and `for` only what they test or walk, not all that they hold.
        if (isinstance(child, ast.stmt) and not hasattr(child, "body")) or _heads(node, child):
            held = child
        if isinstance(child, ast.Attribute) and child.attr == "objects":
            model = child.value.id if isinstance(child.value, ast.Name) else ""
            if model in _GUARDED:
                yield inside, model, _ruled(held or child)
        yield from _queries(child, within=inside, statement=held)


def _heads(node: ast.AST, child: ast.AST) -> bool:
    return isinstance(node, ast.stmt) and hasattr(node, "body") and isinstance(child, ast.expr)


def _ruled(statement: ast.AST) -> bool:
    names = {node.attr for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return bool(names & _RULES)


def _short(path: str) -> str:
    return path.removeprefix("postroom/")


def _shown() -> set[str]:
    """Return the functions that query without the rule and with nothing of the rule in their own lines."""
    found = set()
    for folder in _SHOWING:
        for path in python_files(folder):
            for function, _model, ruled in _queries(parse(path)):
                if not ruled:
                    found.add(f"{_short(name(path))}:{function}")
    return found - {key for key in found if key in _BY_TWO_STATEMENTS}


# The rule is applied in the next statement of the same few lines.
_BY_TWO_STATEMENTS = {
    "faces/web/visible.py:message_or_404",
    "faces/web/views/tray.py:_mine",
    "followers/notifications/read.py:_told",
    "followers/notifications/read.py:still_news",
}


def test_what_is_shown_to_a_person_starts_from_what_they_may_see() -> None:
    unsaid = sorted(_shown() - _SHOWN_WITHOUT_THE_RULE.keys())
    assert not unsaid, "start these from visible_to() or seen_by(), or say here why they need not"


def test_what_works_without_the_rule_says_why() -> None:
    found = {
        _short(name(path))
        for folder in _WORKING
        for path in python_files(folder)
        if any(not ruled for _function, _model, ruled in _queries(parse(path)))
    }
    unsaid = sorted(path for path in found if not path.startswith(tuple(_WORKING_WITHOUT_THE_RULE)))
    assert not unsaid, "start these from visible_to() or seen_by(), or say here why they need not"


def test_no_reason_is_kept_for_what_is_gone() -> None:
    assert sorted(_SHOWN_WITHOUT_THE_RULE.keys() - _shown()) == []


@pytest.mark.parametrize(
    ("line", "ruled"),
    [
        ("return Conversation.objects.visible_to(user).filter(pk=1)", True),
        ("rows = Message.objects.filter(seen_by(user, through='conversation'))", True),
        ("rows = Message.objects.filter(conversation=1)", False),
    ],
)
def test_the_test_sees_the_difference(line: str, ruled: bool) -> None:
    assert [found for _function, _model, found in _queries(ast.parse(line))] == [ruled]

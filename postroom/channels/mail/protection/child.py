"""The process that opens protected mail, started by `postroom.lib.confined`.

It imports no Django and knows no setting; what it may know comes through its standard input.
"""

from collections.abc import Callable

from postroom.lib.confining import answer_once


def _understand() -> Callable[[bytes], bytes]:
    from postroom.channels.mail.protection.answering import answer

    return answer


if __name__ == "__main__":
    answer_once(_understand)

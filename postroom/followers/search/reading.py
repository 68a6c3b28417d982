"""The process that reads a file's words, started by `postroom.lib.confined`. It imports no Django."""

from collections.abc import Callable

from postroom.lib.confining import answer_once


def _understand() -> Callable[[bytes], bytes]:
    from postroom.followers.search.readers import read

    return read


if __name__ == "__main__":
    answer_once(_understand)

"""How a try to send can end, but for success. Each carries the server's own words."""


class NotSent(Exception):
    """The mail did not leave, or nobody knows; `str()` is the sentence an agent reads on the message."""


class Deferred(NotSent):
    """Not now: the server is away, busy or unsure. It is tried again by itself."""


class Refused(NotSent):
    """Not like this: trying again without a change would end the same way."""


class Uncertain(NotSent):
    """The line went dead after the mail was handed over and before the answer. Never sent again by itself."""

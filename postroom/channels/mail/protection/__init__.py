"""Signed and encrypted mail: S/MIME (RFC 8551) and OpenPGP (RFC 3156, RFC 9580)."""

from postroom.channels.mail.protection.opening import Opened, open_mail
from postroom.channels.mail.protection.verdict import Verdict

__all__ = ["Opened", "Verdict", "open_mail"]

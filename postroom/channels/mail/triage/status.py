"""The enhanced status code (RFC 3463) of a report, where several are named."""

import re

from postroom.channels.mail.triage.fields import Fields

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_AND_STATUS = re.compile(r"(?<!\d)[45]\d\d[ -](?:#|\()?([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
# What says no more than its class, and that the reporting system's patience has ended.
_VAGUE = re.compile(r"[245]\.(?:0\.0|4\.7)$")


def status_in(text: str) -> str:
    """Return the most telling enhanced status code in a text, '' when none."""
    found: list[str] = _STATUS.findall(text)
    return next((one for one in found if not _VAGUE.match(one)), found[0] if found else "")


def status_of_fields(groups: list[Fields], *, words: str) -> str:
    """Return the code of the first recipient that has one.

    The server's own reply says more than the reporting system, whose patience may just have ended (x.4.7).
    """
    diagnostic = next((fields["diagnostic-code"] for fields in groups if "diagnostic-code" in fields), "")
    stated = next((found for fields in groups if (found := status_in(fields.get("status", "")))), "")
    replies: list[str] = _REPLY_AND_STATUS.findall(diagnostic)
    telling = [reply for reply in replies if not _VAGUE.match(reply)]
    if telling:
        return telling[-1]
    if stated and not stated.endswith(".0.0"):
        return stated
    found = (replies[0] if replies else "") or status_in(diagnostic) or stated
    if found.endswith(".0.0") and not replies:
        # sendmail's transcript knows more than its fields.
        more = next((one for one in _REPLY_AND_STATUS.findall(words) if not _VAGUE.match(one)), "")
        return more if more[:1] == found[:1] else found
    return found

"""What our own mail server found when it checked a sender, where it speaks against them (RFC 8601)."""

import re
from collections.abc import Iterable

_NAME = "authentication-results"
_ID = re.compile(r"\s*([^\s;/]{1,255})")
_RESULT = re.compile(r"(?:^|;)\s*(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
_COMMENTS = re.compile(r"\([^()]*\)")
_POLICY = re.compile(r"\bp=(none|quarantine|reject)\b|\bdis=(none|quarantine|reject)\b", re.IGNORECASE)
_MOST = 4000


def spoken_against(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the results (`dmarc`, `spf`, `dkim`: "fail" …) and who found them (`by`), or nothing when none is bad.

    Only what speaks against a sender is taken: anybody can write "pass" into their own mail, and nobody "fail". The
    topmost such header is the last server's, which is ours or our provider's; others of the same server count with it.
    """
    server, results, policy = "", dict[str, str](), ""
    for name, value in headers:
        if name.lower() != _NAME:
            continue
        text = value[:_MOST]
        said = _ID.match(text)
        own = said[1].lower() if said else ""
        if not own or (server and own != server):
            continue
        server = own
        policy = policy or next((a or b for a, b in _POLICY.findall(text)), "")
        for method, result in _RESULT.findall(_COMMENTS.sub(" ", text)):
            _take(results, method.lower(), result.lower())
    if not _is_bad(results):
        return {}
    return {**results, "by": server[:200], **({"policy": policy.lower()} if policy else {})}


def _take(results: dict[str, str], method: str, result: str) -> None:
    # One good signature of several is enough; anything else that fails, fails.
    better = result == "pass" if method == "dkim" else result == "fail"
    if method not in results or better:
        results[method] = result


def _is_bad(results: dict[str, str]) -> bool:
    if "dmarc" in results:
        return results["dmarc"] == "fail"
    unsigned = results.get("dkim", "none") != "pass"
    return unsigned and results.get("spf") in ("fail", "softfail")

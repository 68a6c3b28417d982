"""Who gets what at each address: one row for each, by name; tests/house/test_access.py asks for all of it.

A row begins with the names of its addresses. Below stand the answers for an own object, for one of another mailbox, and
for a sensitive conversation in which only the supervisor is named; addresses about none of these have the first only.

Owner, admin, supervisor and agent answer in the own mailbox; the keeper (an agent) manages it; the observer (a role)
and the looker (an agent) may only see it; elsewhere is an agent of the other mailbox alone. Gone was deactivated and
still has a browser; waiting has typed a password and not yet the second factor. "in" is: sign in first.

GET lines answer GET. An address that answers GET with 405 for everybody only changes something, and its POST lines say
what an empty form gets there: 302, 200 and 204 are done; 409 and 422 are let in, with nothing to do. What GET denies
(404, 403, in), each other method must deny too: the test asks for that without a line here.
"""

from dataclasses import dataclass, field

from tests.house.access_rows import ROWS


@dataclass
class Row:
    """The answers to GET, or to POST where an address `only_changes`, by object: own, other, sensitive."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    only_changes: bool = False

    def of(self, which: str) -> list[str]:
        """Return the answers for an object, in the order of PEOPLE."""
        return self.answers[which]


# It looks at the world outside, for whoever may.
NOT_ASKED = "--"

_ROWS = """
#               stranger owner admin supervisor agent keeper observer looker elsewhere gone waiting

# The library's own door leads to ours.
account_login
    GET  own       302 302 302 302 302 302 302 302 302 302 302

# Everybody's own pages.
alarms faces folder folder-rows notifications palette scheduled search search-completion search-rows
settings-notifications settings-people settings-profile settings-second-factor settings-second-factor-app
settings-sessions settings-sign-on-links settings-tokens sidebar sign-in-again view view-counts view-new view-rows
view-settings views
    GET  own        in 200 200 200 200 200 200 200 200  in  in

# Each with the mailboxes that they see or keep.
trash-bins
    GET  own        in 200 200 200 200 200 200 200 200  in  in

# Whoever writes to customers from any mailbox.
beginning
    GET  own        in 200 200 200 200 200 404 404 200  in  in

# The empty form saves nothing.
beginning-draft beginning-uploads
    POST own        in 422 422 422 422 422 404 404 422  in  in

# There is none.
beginning-draft-one
    GET  own        in 404 404 404 404 404 404 404 404  in  in

# For everybody; the browser asks for the app's parts by itself.
api-description favicon manifest offline robots service-worker
    GET  own       200 200 200 200 200 200 200 200 200 200 200

# Open, with a token that none of ours is.
api-nothing framed-image remote-image saml-metadata setup-guess sign-on-back
    GET  own       404 404 404 404 404 404 404 404 404 404 404

# For a directory with its token, and for programs with theirs; no session opens it.
api-conversations api-me scim
    GET  own        in  in  in  in  in  in  in  in  in  in  in

# Asked by machines; no worker runs beside the tests.
health
    GET  own       503 503 503 503 503 503 503 503 503 503 503

# Leads on.
home settings settings-second-factor-codes
    GET  own        in 302 302 302 302 302 302 302 302  in  in

# Nobody has begun to sign in at a provider.
mail-sign-in-back
    GET  own        in 400 400 404 404 400 404 404 404  in  in

# Only there in a demo, or nothing of that number is.
photo settings-audit-file settings-sign-on-new settings-sign-on-provider tray tray-file tray-html tray-mail tray-raw
tray-write
    GET  own        in 404 404 404 404 404 404 404 404  in  in

# Who reads the record, and who makes teams: a supervisor too.
settings-audit settings-team settings-teams
    GET  own        in 200 200 200 404 404 404 404 404  in  in

# The organisation's: owner and admin; for others the page is not there.
settings-directory settings-hosts settings-invitation settings-letters settings-mail-provider settings-mail-providers
settings-mailbox-new settings-person settings-person-access settings-person-leaving settings-person-new
settings-person-sessions settings-role settings-roles settings-security settings-sensitive settings-sign-on
    GET  own        in 200 200 404 404 404 404 404 404  in  in

settings-mailboxes
    GET  own        in 200 200 404 404 200 404 404 404  in  in

# A token that was never good; whoever is in needs none.
setup setup-demo setup-team
    GET  own       410 302 302 302 302 302 302 302 302 410 410

# Who is in goes on.
sign-in
    GET  own       200 302 302 302 302 302 302 302 302 200 200

# Only for whoever waits for it.
sign-in-second-factor
    GET  own       302 302 302 302 302 302 302 302 302 302 200

welcome
    GET  own       410 410 410 410 410 410 410 410 410 410 410

# Open doors without a provider behind them, or outside of a demo.
saml-back sign-in-as sign-on
    POST own       404 404 404 404 404 404 404 404 404 404 404

# The organisation's, changed.
settings-directory-end settings-hosts-removal settings-invitation-withdrawal settings-mail-provider-removal
settings-person-reactivation settings-person-second-factor settings-person-sessions-ending settings-person-token-ending
settings-sign-on-passwords
    POST own        in 302 302 404 404 404 404 404 404  in  in

settings-invitation-again settings-letter settings-sign-on-link-removal settings-sign-on-removal sign-on-link
    POST own        in 404 404 404 404 404 404 404 404  in  in

# One's own.
settings-device settings-absence settings-password settings-photo settings-second-factor-passkeys
    POST own        in 422 422 422 422 422 422 422 422  in  in

settings-person-password settings-person-role
    POST own        in 422 422 404 404 404 404 404 404  in  in

settings-second-factor-app-removal settings-second-factor-passkey settings-second-factor-passkey-removal
settings-device-removal settings-push-trial settings-sessions-ending settings-signatures settings-token-ending
sign-in-passkey
    POST own        in 302 302 302 302 302 302 302 302  in  in

settings-second-factor-passkey-options sign-in-again-options
    POST own        in 200 200 200 200 200 200 200 200  in  in

# An empty reason opens nothing.
settings-sensitive-glass
    POST own        in 409 409 404 404 404 404 404 404  in  in

setup-test-incoming setup-test-outgoing
    POST own       410 302 302 302 302 302 302 302 302 410 410

# A challenge for a browser, which says nothing.
sign-in-passkey-options
    POST own       200 200 200 200 200 200 200 200 200 200 200

sign-in-second-factor-options
    POST own       302 302 302 302 302 302 302 302 302 302 200

sign-in-second-factor-passkey
    POST own       302 302 302 302 302 302 302 302 302 302  in

# Harmless without a sign-in.
sign-out
    POST own       302 302 302 302 302 302 302 302 302 302 302

# In one's own sidebar; it is shared with everybody.
view-hiding view-place
    POST own        in 302 302 302 302 302 302 302 302  in  in

# A mailbox's own lists: for its people.
ledger ledger-census mailbox-folder mailbox-folder-rows
    GET  own        in 200 200 200 200 200 200 200 404  in  in
    GET  other      in 404 404 404 404 404 404 404 200  in  in

# Of a mailbox: who keeps it, and who keeps all of them.
trash-emptying settings-mailbox settings-mailbox-access settings-mailbox-deliverability settings-mailbox-folders
settings-mailbox-history settings-mailbox-history-one settings-mailbox-naming settings-mailbox-sending
    GET  own        in 200 200 404 404 200 404 404 404  in  in
    GET  other      in 200 200 404 404 404 404 404 404  in  in

settings-mailbox-fetching
    GET  own        in 302 302 404 404 302 404 404 404  in  in
    GET  other      in 302 302 404 404 404 404 404 404  in  in

# Looks at the world outside for whoever may: only asked by those who may not.
settings-mailbox-findings
    GET  own        in  --  --  --  --  --  --  --  --  in  in
    GET  other      in  --  --  --  --  --  --  --  --  in  in

# Who keeps all mailboxes takes out only those they are on.
settings-mailbox-history-everything
    GET  own        in 200 200 404 404 200 404 404 404  in  in
    GET  other      in 403 403 404 404 404 404 404 404  in  in

settings-mailbox-fetch-again settings-mailbox-history-taking settings-mailbox-signing
    POST own        in 302 302 404 404 302 404 404 404  in  in
    POST other      in 302 302 404 404 404 404 404 404  in  in

# When its trash is emptied.
trash-rule
    POST own        in 302 302 404 404 302 404 404 404  in  in
    POST other      in 302 302 404 404 404 404 404 404  in  in

# A mailbox's ways, changed.
settings-mailbox-history-account settings-mailbox-history-upload settings-mailbox-incoming settings-mailbox-keys
settings-mailbox-outgoing settings-mailbox-spare
    POST own        in 422 422 404 404 422 404 404 404  in  in
    POST other      in 422 422 404 404 404 404 404 404  in  in

settings-mailbox-history-account-test settings-mailbox-incoming-test settings-mailbox-outgoing-test
settings-mailbox-spare-test
    POST own        in 200 200 404 404 200 404 404 404  in  in
    POST other      in 200 200 404 404 404 404 404 404  in  in

settings-mailbox-key settings-mailbox-sign-in
    POST own        in 404 404 404 404 404 404 404 404  in  in
    POST other      in 404 404 404 404 404 404 404 404  in  in
"""


def _read(text: str) -> dict[str, Row]:
    table: dict[str, Row] = {}
    names: list[str] = []
    row = Row()
    for line in text.splitlines():
        if line.startswith("#") or not line:
            names, row = [], Row()
        elif line.startswith(" "):
            method, which, answers = line.split(maxsplit=2)
            row.answers[which], row.only_changes = answers.split(), method == "POST"
            table |= dict.fromkeys(names, row)
        else:
            names += line.split()
    return table


TABLE = _read(_ROWS + ROWS)

from postroom.core.accounts.models.access import (
    ANSWERING,
    LEVELS,
    MANAGING,
    NONE,
    SEEING,
    Grant,
    Membership,
)
from postroom.core.accounts.models.api_token import ApiToken
from postroom.core.accounts.models.directory import DirectoryEntry, DirectoryToken
from postroom.core.accounts.models.installation import FailedSignIn, Installation, SecurityPolicy
from postroom.core.accounts.models.letter import LETTER_GIVEN_UP, LETTER_SENT, LETTER_WAITING, Letter
from postroom.core.accounts.models.mailbox import Mailbox, Signature
from postroom.core.accounts.models.person import (
    ADMIN,
    AGENT,
    BUILT_IN_ROLES,
    CUSTOM,
    OBSERVER,
    OWNER,
    SUPERVISOR,
    Invitation,
    Role,
    User,
    UserManager,
)
from postroom.core.accounts.models.session import DEVICE, NETWORK, KnownOrigin, Session
from postroom.core.accounts.models.sign_on import SignInLink, SignInProvider, SpentAssertion
from postroom.core.accounts.models.team import Team

__all__ = [
    "ADMIN",
    "AGENT",
    "ANSWERING",
    "BUILT_IN_ROLES",
    "CUSTOM",
    "DEVICE",
    "LETTER_GIVEN_UP",
    "LETTER_SENT",
    "LETTER_WAITING",
    "LEVELS",
    "MANAGING",
    "NETWORK",
    "NONE",
    "OBSERVER",
    "OWNER",
    "SEEING",
    "SUPERVISOR",
    "ApiToken",
    "DirectoryEntry",
    "DirectoryToken",
    "FailedSignIn",
    "Grant",
    "Installation",
    "Invitation",
    "KnownOrigin",
    "Letter",
    "Mailbox",
    "Membership",
    "Role",
    "SecurityPolicy",
    "Session",
    "SignInLink",
    "SignInProvider",
    "Signature",
    "SpentAssertion",
    "Team",
    "User",
    "UserManager",
]

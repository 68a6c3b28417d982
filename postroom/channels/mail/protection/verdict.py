"""What a signature or an encryption came to, as codes; the sentences are made where they are shown."""

from dataclasses import asdict, dataclass, replace

SMIME = "smime"
OPENPGP = "openpgp"

# Encryption.
OPENED = "opened"
NO_KEY = "no_key"
DAMAGED = "damaged"

# Either: unpacked it is larger, or opening it takes longer, than is allowed to any mail.
BEYOND_LIMITS = "beyond_limits"

# Signatures, worst first; "" is no signature.
BROKEN = "broken"
WEAK = "weak"  # made with MD5 or SHA-1, which can be forged today
EXPIRED = "expired"
REVOKED = "revoked"
UNKNOWN_SIGNER = "unknown_signer"  # OpenPGP: no key to check it with
UNCHECKED = "unchecked"  # OpenPGP: compressed inside an encryption that only Sequoia opens
SELF_SIGNED = "self_signed"
UNKNOWN_AUTHORITY = "unknown_authority"
OTHER_ADDRESS = "other_address"
VALID = "valid"


class TooLarge(Exception):
    """What was packed is larger than is allowed to a mail."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is "" for ordinary mail.

    `name`, `address` and `fingerprint` are the signer's as the key says, `since` the ISO date since when the mailbox
    knows an OpenPGP key, `changed` that another one was known for this address before. `partly` says that the mail has
    parts which the signature or the encryption does not cover.
    """

    kind: str = ""
    encrypted: str = ""
    signature: str = ""
    name: str = ""
    address: str = ""
    fingerprint: str = ""
    authority: str = ""
    since: str = ""
    changed: bool = False
    partly: bool = False

    def as_json(self) -> dict[str, str | bool]:
        """Return what is stored with the message: nothing for ordinary mail, else what is not empty."""
        return {name: value for name, value in asdict(self).items() if value} if self.kind else {}

    def over(self, inner: "Verdict") -> "Verdict":
        """Return one verdict for this layer and the one inside it: the innermost signature is the writer's own."""
        encrypted = inner.encrypted or self.encrypted
        if not inner.signature:
            return replace(self, kind=self.kind or inner.kind, encrypted=encrypted, partly=self.partly or inner.partly)
        return replace(inner, encrypted=encrypted, partly=self.partly or inner.partly)


ORDINARY = Verdict()

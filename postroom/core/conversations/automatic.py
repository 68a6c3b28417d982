"""Kinds of mail that no hand has written, as stored in `Message.automatic`."""

# A reply of ours did not reach somebody, for good.
BOUNCE = "bounce"
# It is late; the other side still tries.
DELAY = "delay"
DELIVERED = "delivered"
RECEIPT = "receipt"
AWAY = "away"
CHALLENGE = "challenge"
AUTOREPLY = "autoreply"
GENERATED = "generated"
LIST = "list"
NEWSLETTER = "newsletter"
COMPLAINT = "complaint"
LOOP = "loop"

# Written about a mail of ours by the systems that carried it.
REPORTS = (BOUNCE, DELAY, DELIVERED, RECEIPT)
# Sent back at once by a program, whatever we wrote (RFC 3834's auto-replied).
ANSWERS = (RECEIPT, AWAY, CHALLENGE, AUTOREPLY)
# Filed and shown, but a closed conversation stays closed. "auto" and "bulk" are how older rows say it.
WAKES_NOBODY = (DELAY, DELIVERED, *ANSWERS, GENERATED, LIST, NEWSLETTER, LOOP, "auto", "bulk")
# None of these speaks for the customer: a reply goes neither to its sender nor under its Message-ID.
NOT_THE_CUSTOMER = (*REPORTS, CHALLENGE, COMPLAINT, LOOP)

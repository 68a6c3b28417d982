"""Why a message is in its conversation, or may belong to another: codes for the database."""

# Message.joined_by; its detail in brackets.
OWN = "own"  # a copy of our own message
ANSWERS = "answers"  # it quotes a message's id (its row's id)
MARK = "mark"  # it quotes an id or was sent to an address that is signed for the conversation
OUTLOOK = "outlook"  # Outlook's thread (Thread-Topic)
LATE = "late"  # a message that is here answers it and came first (its row's id)
SIBLING = "sibling"  # it answers the mail that a message here answers too (that message's row's id)
SUBJECT = "subject"  # same subject and sender within the window (the subject)
REPORT = "report"  # a report about a reply of this conversation (the reply's row's id)
RECIPIENT = "recipient"  # a machine's mail that quotes nothing; a reply went to this recipient just before
BY_HAND = "by_hand"  # an agent moved it here (the agent's name)
TAKEN_OUT = "taken_out"  # an agent let it begin this conversation (the agent's name)
# Of our own mail: the mail that it passes on to a third party (that message's row's id). It begins a side thread.
PASSES_ON = "passes_on"

# Message.offered_by
STRANGER = "stranger"  # it quotes an id or address, its sender takes no part there
FORWARD = "forward"  # a participant forwards that conversation
OLD = "old"  # it quotes a conversation that was closed long ago, with another subject
FRESH = "fresh"  # same sender and subject, but a new mail and no answer
# In front of one of these: somebody said that it does not belong there.
DECLINED = "-"

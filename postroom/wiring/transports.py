"""The ways out of the house."""

from postroom.channels.mail.transports.outgoing import Outgoing
from postroom.core.outbox.transport import Transport

OUTGOING: Transport = Outgoing()

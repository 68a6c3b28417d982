"""What templates may ask about moments."""

from postroom.core.conversations.scheduled import is_scheduled
from postroom.faces.web.moments import moments_here, offered_as, preset_words
from postroom.faces.web.scheduled_replies import scheduled_count
from postroom.lib import clock

TIME_IN_PAGES = {
    "moments_of": moments_here,
    "moment_now": clock.now,
    "leaves_later": is_scheduled,
    "scheduled_count": scheduled_count,
}
# Functions of their arguments, the language, the reader's time zone and the present minute.
OF_THE_MINUTE = {"offered_as": offered_as, "preset_words": preset_words}

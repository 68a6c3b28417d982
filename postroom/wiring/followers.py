"""Everybody who reacts to what happens: the one list, in the order in which they are asked."""

from postroom.channels.mail.follow import FOLLOWER as MAIL_SERVERS
from postroom.core.events.follow import Follower
from postroom.followers.notifications.react import FOLLOWER as NOTIFICATIONS
from postroom.followers.search.react import FOLLOWER as SEARCH

FOLLOWERS: tuple[Follower, ...] = (NOTIFICATIONS, MAIL_SERVERS, SEARCH)

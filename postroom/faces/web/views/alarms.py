"""What is wrong with the mail of one's mailboxes."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from postroom.channels.mail.alarm_list import alarms_for
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in


@require_safe
@signed_in
def alarms(request: HttpRequest) -> HttpResponse:
    """List every alarm that is not over, the oldest first."""
    return shell.page(request, "alarms.html", {"alarms": list(alarms_for(person(request)))})

"""A colleague's second factor, for somebody who lost theirs."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from postroom.core.accounts.actions.second_factors import SecondFactorRefused, reset_second_factors
from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import PEOPLE
from postroom.faces.web.access import needs, person
from postroom.faces.web.signing_in.sudo import sudo_needed


@require_POST
@needs(PEOPLE)
@sudo_needed
def reset(request: HttpRequest, person_id: int) -> HttpResponse:
    """Take away all that a colleague shows besides a password."""
    found = get_object_or_404(User, pk=person_id)
    try:
        reset_second_factors(found, by=person(request))
    except SecondFactorRefused as refusal:
        return render(request, "refused.html", {"sentence": str(refusal)}, status=403)
    return HttpResponseRedirect(f"{reverse('settings-person', args=[found.pk])}?saved=1")

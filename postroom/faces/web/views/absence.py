"""My own absence: colleagues see it where they choose an owner."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from postroom.core.accounts.actions.absence import come_back, go_away
from postroom.core.accounts.actions.people import PersonRefused
from postroom.core.accounts.models import User
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.forms.absence import AbsenceForm
from postroom.faces.web.verbs import asks
from postroom.faces.web.views.profile import show


@require_POST
@signed_in
def absence(request: HttpRequest) -> HttpResponse:
    """Say when I am away and who covers, or (DELETE) that I am back."""
    me = person(request)
    if asks(request) == "DELETE":
        come_back(me, by=me)
        return HttpResponseRedirect(f"{reverse('settings-profile')}?saved=1")
    form = AbsenceForm(request.POST, prefix="absence", me=me)
    if not form.is_valid():
        return show(request, absence=form, status=422)
    since, until = form.moments()
    cover = User.objects.filter(pk=form.cleaned_data["cover"] or 0, is_active=True).first()
    try:
        go_away(me, since=since, until=until, covered_by=cover, words=form.cleaned_data["words"], by=me)
    except PersonRefused as refused:
        form.add_error(refused.field, str(refused))
        return show(request, absence=form, status=422)
    return HttpResponseRedirect(f"{reverse('settings-profile')}?saved=1")

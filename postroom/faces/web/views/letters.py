"""Postroom's own mail: through which mailbox it leaves, and what of it did not."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from postroom.channels.mail.letter_queue import unsent_letters
from postroom.channels.mail.letters import mailboxes_that_send, sending_mailbox
from postroom.core.accounts.actions.letters import drop_letter, send_letters_from, try_letter_again
from postroom.core.accounts.models import Installation, Letter
from postroom.core.accounts.permissions import MAILBOXES
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.forms.inviting import LettersForm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MAILBOXES)
def letters(request: HttpRequest) -> HttpResponse:
    """Show which mailbox sends letters and which letters wait, or choose another mailbox."""
    able = list(mailboxes_that_send())
    chosen = Installation.objects.filter(pk=1).values_list("letters_from", flat=True).first()
    form = LettersForm(
        request.POST if request.method == "POST" else None, among=able, initial={"mailbox": chosen or ""}
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["mailbox"]
        send_letters_from(next((one for one in able if one.pk == wanted), None), by=person(request))
        return HttpResponseRedirect(f"{reverse('settings-letters')}?saved=1")
    context = {"tab": "mailboxes", "form": form, "sender": sending_mailbox(), "letters": unsent_letters()}
    return shell.page(request, "settings_letters.html", context, status=422 if form.errors else 200)


@require_POST
@needs(MAILBOXES)
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Try a letter that was given up once more (`do` is again), or let go of it (`do` is drop)."""
    found = get_object_or_404(Letter, pk=letter_id)
    verb = {"again": try_letter_again, "drop": drop_letter}.get(request.POST.get("do", ""))
    if verb:
        verb(found)
    return HttpResponseRedirect(reverse("settings-letters"))

"""The token that forms carry, for the templates: masked anew for each page and not for each form of it."""

from functools import partial

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject


def token(request: HttpRequest) -> dict[str, object]:
    """Return `csrf_token` as the templates know it: made when the first form asks, then the same for all of the page.

    Django's own makes it for each form, of 64 random letters: a twelfth of the work on a conversation's page. The mask
    is against guessing a page's text by the length of many answers, for which one in each answer is enough.
    """
    return {"csrf_token": SimpleLazyObject(partial(get_token, request))}

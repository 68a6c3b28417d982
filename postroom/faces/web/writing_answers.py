"""What the composer is answered, as JSON: a result, or a refusal with its sentence."""

from typing import Any

from django.http import JsonResponse


def refused(sentence: str, *, status: int = 422, kind: str = "refused", **details: Any) -> JsonResponse:
    """Answer with the sentence that stands beside the draft; `kind` tells the page which choices to offer."""
    return JsonResponse({"kind": kind, "sentence": sentence, **details}, status=status)

"""Every script that stands in a template gets the answer's nonce, and nothing that stands in data does."""

import re

from django.http import HttpRequest
from jinja2 import pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context

from postroom.faces.web.headers import nonce_of

_SCRIPT = re.compile(r"<script(?=[\s>])(?![^>]*\bnonce=)")


class ScriptNonces(Extension):
    """Writes the nonce into the template's source before anything is filled in: forgotten by nobody, and no gift.

    A `<script` that comes out of a variable is not in the source, so it never gets one.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """Return the source with the nonce in each script's tag."""
        return _SCRIPT.sub('<script nonce="{{ script_nonce() }}"', source)


@pass_context
def script_nonce(context: Context) -> str:
    """Return the nonce of the answer that is being written; empty outside a request."""
    request = context.get("request")
    return nonce_of(request) if isinstance(request, HttpRequest) else ""

"""A mailbox's mail ledger. Before the inbox's addresses, whose folders would take the word for a folder's name."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import alarms, ledger, ledger_mail

_MAIL = "mailboxes/<id:mailbox_id>/ledger/<id:ledger_id>"

urlpatterns: list[URLPattern] = [
    path("mailboxes/<id:mailbox_id>/ledger", ledger.ledger, name="ledger"),
    # POST asks for new figures, and with `fetch` for what is missing.
    path("mailboxes/<id:mailbox_id>/ledger/census", ledger.census, name="ledger-census"),
    path(_MAIL, ledger_mail.mail, name="ledger-mail"),
    path(f"{_MAIL}/raw", ledger_mail.raw, name="ledger-raw"),
    path(f"{_MAIL}/reading", ledger_mail.reading, name="ledger-reading"),
    # POST files it by hand, DELETE puts it aside again.
    path("alarms", alarms.alarms, name="alarms"),
    path(f"{_MAIL}/conversation", ledger_mail.conversation, name="ledger-conversation"),
]

"""Attached mails, opened; and the keys of mailboxes."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import attached_mail, mailbox_keys

urlpatterns: list[URLPattern] = [
    path("attachments/<id:attachment_id>/mail", attached_mail.attached_mail, name="attached-mail"),
    path("attachments/<id:attachment_id>/mail/html", attached_mail.attached_mail_html, name="attached-mail-html"),
    path(
        "attachments/<id:attachment_id>/mail/files/<str:part>",
        attached_mail.attached_mail_file,
        name="attached-mail-file",
    ),
    path("settings/mailboxes/<id:mailbox_id>/keys", mailbox_keys.keys, name="settings-mailbox-keys"),
    path("settings/mailboxes/<id:mailbox_id>/keys/<id:key_id>", mailbox_keys.key, name="settings-mailbox-key"),
]

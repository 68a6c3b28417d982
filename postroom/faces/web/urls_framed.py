"""What a mail's frame fetches by itself, and what is looked at beside it."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import all_files, framed_image, previews, remote_image, sender_images

urlpatterns: list[URLPattern] = [
    path("framed-images/<str:token>", framed_image.framed_image, name="framed-image"),
    path("remote-images/<str:token>", remote_image.remote_image, name="remote-image"),
    path("messages/<id:message_id>/sender-images", sender_images.sender_images, name="sender-images"),
    path("messages/<id:message_id>/files.zip", all_files.all_files, name="message-files"),
    path("previews/<id:attachment_id>", previews.preview, name="preview"),
    path("previews/<id:attachment_id>/pages/<id:number>", previews.preview_page, name="preview-page"),
]

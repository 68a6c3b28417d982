"""What a mail's frame fetches by itself."""

from django.urls import URLPattern, path

from postroom.faces.web.views import framed_image, remote_image

urlpatterns: list[URLPattern] = [
    path("framed-images/<str:token>", framed_image.framed_image, name="framed-image"),
    path("remote-images/<str:token>", remote_image.remote_image, name="remote-image"),
]

"""The one address of the directory's door; what lies below it is told apart by the SCIM library."""

from django.urls import URLPattern, re_path

from postroom.faces.api.scim.views import scim

urlpatterns: list[URLPattern] = [re_path(r"^scim/v2(?P<path>/.*)?\Z", scim, name="scim")]

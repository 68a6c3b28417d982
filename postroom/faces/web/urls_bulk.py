"""Many conversations at once."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import bulk

urlpatterns: list[URLPattern] = [
    path("bulk", bulk.bulk, name="bulk"),
    path("bulk/bar", bulk.bar, name="bulk-bar"),
    # GET says how far it is, DELETE puts all back.
    path("bulk/<id:job_id>", bulk.job, name="bulk-job"),
    path("bulk/<id:job_id>/stop", bulk.stopping, name="bulk-stop"),
]

"""How people come, go, and are seen."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import inviting, leaving, letters, photos, profile, welcome

urlpatterns: list[URLPattern] = [
    path("welcome/<str:token>", welcome.welcome, name="welcome"),
    path("photos/<str:digest>", photos.photo, name="photo"),
    path("settings/profile/photo", photos.my_photo, name="settings-photo"),
    path("settings/profile/signatures", profile.signatures, name="settings-signatures"),
    path("settings/people/invitation", inviting.invitation, name="settings-invitation"),
    path("settings/people/<id:person_id>/invitation", inviting.again, name="settings-invitation-again"),
    path("settings/people/<id:person_id>/withdrawal", inviting.withdrawal, name="settings-invitation-withdrawal"),
    path("settings/people/<id:person_id>/leaving", leaving.leaving, name="settings-person-leaving"),
    path("settings/people/<id:person_id>/reactivation", leaving.reactivation, name="settings-person-reactivation"),
    path("settings/letters", letters.letters, name="settings-letters"),
    path("settings/letters/<id:letter_id>", letters.letter, name="settings-letter"),
]

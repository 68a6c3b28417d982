"""Django's settings, made from ours (environment.py)."""

import os
from pathlib import Path

from django.conf import global_settings
from django.utils.translation import gettext_lazy as _

from postroom.lib.folders import version
from postroom.lib.networks import network
from postroom.wiring import database, environment, keys

_settings = environment.read(os.environ)
_secret, *_older = keys.ring(_settings.data)

PACKAGE = Path(__file__).resolve().parent.parent

POSTROOM_DATA = _settings.data
POSTROOM_DATABASE_URL = _settings.database_url
POSTROOM_HOST = _settings.host
POSTROOM_PORT = _settings.port
POSTROOM_BASE_URL = _settings.base_url
POSTROOM_TRUSTED_PROXIES = tuple(map(network, _settings.trusted_proxies))
POSTROOM_LMTP_HOST = _settings.lmtp_host
POSTROOM_LMTP_PORT = _settings.lmtp_port
POSTROOM_INTAKE_PROCESSES = _settings.intake_processes
POSTROOM_UNDO_SECONDS = _settings.undo_seconds
POSTROOM_MAX_MAIL_BYTES = _settings.max_mail_bytes
POSTROOM_MAX_UPLOAD_BYTES = _settings.max_upload_bytes
POSTROOM_CA_FILE = _settings.ca_file
POSTROOM_DNS = _settings.dns
POSTROOM_CLAMD = _settings.clamd
POSTROOM_INSIDE_HOSTS = _settings.inside_hosts
# Several only while the key is being changed (wiring/secrets.py).
POSTROOM_KEY = b",".join(keys.derived(one, purpose="seal") for one in (_secret, *_older))
POSTROOM_AUDIT_KEY = keys.secret(_settings.data, name="audit.key").encode()

SECRET_KEY = _secret
SECRET_KEY_FALLBACKS = _older
DEBUG = _settings.debug
ALLOWED_HOSTS = list(_settings.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [_settings.base_url] if _settings.base_url else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "postroom.core.events.apps.EventsConfig",
    "postroom.core.audit.apps.AuditConfig",
    "postroom.core.accounts.apps.AccountsConfig",
    "postroom.core.conversations.apps.ConversationsConfig",
    "postroom.followers.notifications.apps.NotificationsConfig",
    "postroom.followers.search.apps.SearchConfig",
    "postroom.channels.mail.apps.MailConfig",
]
MIDDLEWARE = [
    "postroom.faces.web.headers.security_headers",
    "postroom.faces.web.static_files.static_files",
    "postroom.faces.web.origin.where_from",
    "django.middleware.security.SecurityMiddleware",
    "postroom.faces.web.prefetching.no_prefetching",
    "postroom.faces.web.allowed_networks.allowed_only",
    "postroom.faces.web.session_cookie.SessionCookie",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "postroom.faces.web.last_seen.note_activity",
    "postroom.faces.web.known_browser.keep_token",
    "allauth.account.middleware.AccountMiddleware",
    "postroom.faces.web.language.persons_language",
    "postroom.faces.web.signing_in.due.when_due",
]

AUTHENTICATION_BACKENDS = [
    "postroom.core.accounts.session_person.SessionPerson",
    # Named by sessions that are older than ours.
    "django.contrib.auth.backends.ModelBackend",
]

ROOT_URLCONF = "postroom.wiring.urls"
WSGI_APPLICATION = "postroom.wiring.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "postroom.faces.web.drawing.engine.Pages",
        "DIRS": [PACKAGE / "faces" / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "postroom.faces.web.jinja.environment",
            "context_processors": ["postroom.faces.web.token_once.token"],
        },
    },
]

DATABASES = {
    "default": (
        database.postgresql(_settings.database_url)
        if _settings.database_url
        else database.sqlite(_settings.data / "postroom.sqlite3")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "postroom_accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "postroom.core.accounts.passwords.Unguessable"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"

# django-allauth checks codes, passkeys and single sign-on; pages, addresses and letters are ours, and none of its own
# is reachable. Whoever it recognises goes through signing_in.entering (the account adapter sees to that).
SOCIALACCOUNT_ADAPTER = "postroom.faces.web.sign_on.allauth_adapter.SocialAccountAdapter"
ACCOUNT_ADAPTER = "postroom.faces.web.signing_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_TEMPLATE_EXTENSION = "html"
MFA_ADAPTER = "postroom.faces.web.signing_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A phone's clock may be half a minute off; a code is taken once all the same.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Postroom"

SESSION_ENGINE = "postroom.core.accounts.session_store"
# The prefix makes browsers refuse the cookie from anything but this very host, over https.
_cookie_prefix = "__Host-" if _settings.base_url.startswith("https:") else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}postroom_session"
# The cookie outlives the session, whose end the policy decides (SecurityPolicy.session_days).
SESSION_COOKIE_AGE = 60 * 60 * 24 * 366
# Which browser it is: whoever signed in with it before is not slowed by strangers' guesses, and not told again.
POSTROOM_DEVICE_COOKIE = f"{_cookie_prefix}postroom_device"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _settings.base_url.startswith("https:")
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_cookie_prefix}postroom_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "postroom.faces.web.views.errors.stale_form"
# From whoever is no trusted proxy, origin.py takes it away.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "SAMEORIGIN"

STATICFILES_DIRS = [PACKAGE / "faces" / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
# Served straight from the package (faces/web/static_files.py): no build step and no collected copy to grow stale.
_version = version(STATICFILES_DIRS[0], PACKAGE / "faces" / "web" / "drawing")
STATIC_URL = f"/static/{_version}/"
POSTROOM_ASSETS_URL = f"/assets/{_version}/"

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * environment.MEBIBYTE
FILE_UPLOAD_HANDLERS = [
    "postroom.faces.web.upload_limit.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * environment.MEBIBYTE

USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish"))]
# A pseudo-locale: English from right to left, so that whoever builds a page sees what Arabic or Hebrew would do to it.
LANGUAGES_BIDI = [*global_settings.LANGUAGES_BIDI, *(["en"] if _settings.mirrored else [])]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "postroom_language"
USE_TZ = True
TIME_ZONE = _settings.time_zone

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"postroom": {"level": "INFO"}},
}

"""Django's settings, all from the environment (runtime.env)."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from . import env

ROOT = Path(__file__).resolve().parents[3]  # the checkout; unused when installed as a package
PACKAGE = Path(__file__).resolve().parents[1]
HOME = Path(env.text("MELDLOKET_HOME")).absolute()
DEMO = env.flag("MELDLOKET_DEMO")
DEBUG = env.flag("MELDLOKET_DEBUG")

#: Keys that everyone knows, for the demonstration and the tests only; `meldloket check` refuses them elsewhere.
DEMO_NUMBER_KEY = "ZGVtby1vbmx5LWtleS1uZXZlci1pbi1wcm9kdWN0aW8="  # gitleaks:allow
SECRET_KEY = env.text("MELDLOKET_SECRET_KEY") or "demonstration-only"
NUMBER_KEYS = env.items("MELDLOKET_NUMBER_KEYS") or [DEMO_NUMBER_KEY]
NUMBER_HASH_KEY = env.text("MELDLOKET_NUMBER_HASH_KEY") or "demonstration-only"
BASE_URL = env.text("MELDLOKET_BASE_URL").rstrip("/")
ALLOWED_HOSTS = env.items("MELDLOKET_ALLOWED_HOSTS")
HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []


def database(url: str) -> dict[str, object]:
    """Django's database settings from a URL; a socket folder may stand in the `host` parameter, as psycopg has it, and
    `pooler=1` says that a pooler stands between (no prepared statements then)."""
    parts = urlsplit(url or "postgresql://postgres@/postgres")
    query = dict(parse_qsl(parts.query))
    pooler = query.pop("pooler", "") in ("1", "true")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # A connection per request cost a factor of four to nine (design.md, "Speed").
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Statements that come back are planned once a connection: a submission costs PostgreSQL a quarter less.
        "OPTIONS": {"server_side_binding": not pooler, "prepare_threshold": None if pooler else 5, **query},
    }


DATABASES = {"default": database(env.text("DATABASE_URL"))}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "procrastinate.contrib.django",
    "pgtrigger",
    "pghistory",
    "django_cotton",
    "django_htmx",
    "csp",
    "meldloket.people",
    "meldloket.catalogue",
    "meldloket.cases",
    "meldloket.screening",
    "meldloket.messages",
    "meldloket.advice",
    "meldloket.actions",
    "meldloket.decisions",
    "meldloket.evaluation",
    "meldloket.insight",
    "meldloket.intake",
    "meldloket.web",
    "meldloket.api",
    "meldloket.runtime",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "meldloket.runtime.logs.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "meldloket.web.sessions.SessionAgeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "meldloket.web.urls"
WSGI_APPLICATION = "meldloket.runtime.wsgi.application"
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["meldloket.people.login.AccountBackend"]
LOGIN_URL = "/aanmelden/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "meldloket"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 10 * 3600
SESSION_CITIZEN_SECONDS = int(env.number("MELDLOKET_SESSION_CITIZEN_MINUTES") * 60)
SESSION_STAFF_SECONDS = int(env.number("MELDLOKET_SESSION_STAFF_MINUTES") * 60)
CSRF_FAILURE_VIEW = "meldloket.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "meldloket.web.context.shared",
            ],
        },
    }
]
COTTON_DIR = "cotton"
FORM_RENDERER = "meldloket.web.forms_renderer.MeldloketRenderer"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English"), ("fr", "Français"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
LANGUAGE_COOKIE_NAME = "meldloket_taal"
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["meldloket.web.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [path for path in (ROOT / "build" / "assets",) if path.is_dir()]
WHITENOISE_USE_FINDERS = DEBUG or DEMO
MEDIA_ROOT = HOME / "uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # TLS ends at the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
_tiles = urlsplit(env.text("MAP_TILES_URL"))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", *([f"{_tiles.scheme}://{_tiles.netloc}"] if _tiles.netloc else [])],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [
            "'self'",
            *([env.text("ACMIDM_ISSUER").rsplit("/op", 1)[0]] if env.text("ACMIDM_ISSUER") else []),
        ],
        "frame-ancestors": ["'none'"],
    }
}

ROLE_MAP: dict[str, str] = json.loads(env.text("ACMIDM_ROLE_MAP") or "{}") or {
    "Meldloket-onthaalmedewerker": "receptionist",
    "Meldloket-dossierbehandelaar": "handler",
    "Meldloket-adviesverlener": "adviser",  # internal or external by the organisation
    "Meldloket-uitvoerder": "worker",
    "Meldloket-secretariaat": "secretariat",
    "Meldloket-beleidsmedewerker": "policy_officer",
    "Meldloket-beheerder": "administrator",
}
ORGANISATION_CODE = env.text("MELDLOKET_ORGANISATION_CODE")
DOSIS_SOURCE = env.text("DOSIS_SOURCE")
DOSIS_PRODUCT = env.text("DOSIS_PRODUCT")
MBP_BRAND = env.text("MBP_BRAND")
DOSIS_NOTIFIES = env.flag("DOSIS_NOTIFIES")
SMS_LINKS = env.flag("SMS_LINKS")
OPEN311_JURISDICTION = env.text("OPEN311_JURISDICTION")
MINUTES_CLIENT = env.text("MINUTES_CLIENT")
DELIVERY_LEASE_SECONDS = env.number("DELIVERY_LEASE_SECONDS")
OPEN_DATA_LICENCE = env.text("OPEN_DATA_LICENCE")
MAP_TILES_URL = env.text("MAP_TILES_URL")
MAP_ATTRIBUTION = env.text("MAP_ATTRIBUTION")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 4, "delete_jobs": "successful", "install_signal_handlers": True}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
TEST_RUNNER = "django.test.runner.DiscoverRunner"
LOGGING_CONFIG = None

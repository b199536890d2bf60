"""Django's settings, derived from :class:`zhangfa.config.Config`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import SELF

from zhangfa.config import load_config

CONFIG = load_config()
PACKAGE = Path(__file__).resolve().parent
DATA = CONFIG.data

SECRET_KEY = CONFIG.secret("django").hex()
DEBUG = CONFIG.debug
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "zhangfa.urls"
WSGI_APPLICATION = "zhangfa.wsgi.application"
USE_X_FORWARDED_HOST = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "zhangfa.calendar",
    "zhangfa.charter",
    "zhangfa.directory",
    "zhangfa.log",
    "zhangfa.acts",
    "zhangfa.attachments",
    "zhangfa.notices",
    "zhangfa.publishing",
    "zhangfa.honours",
    "zhangfa.registers",
    "zhangfa.doors",
    "zhangfa.scoreboards",
    "zhangfa.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "zhangfa.desk.plain_text.PlainTextGate",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "zhangfa.desk.sign_in.StaffGate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"environment": "zhangfa.desk.jinja.environment"},
    },
]


def _database() -> dict[str, object]:
    if not CONFIG.database_url:
        DATA.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "zhangfa.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                    "PRAGMA wal_autocheckpoint=10000; PRAGMA cache_size=-65536; PRAGMA foreign_keys=ON"
                ),
            },
            "TEST": {"NAME": DATA / "test.sqlite3"},
        }
    url = urlsplit(CONFIG.database_url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": None,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "workbench"
LOGOUT_REDIRECT_URL = "login"
# A county sits behind one address: lock the pair, never the address alone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "zhangfa.desk.sign_in.locked_out"

# Named here and not imported by the desk: the demo stands above it.
DEMO_ACCOUNTS = ("zhangfa.demo.people.ACCOUNTS", "zhangfa.demo.county.PASSWORD")
STAFF_IDLE_SECONDS = 30 * 60
OTP_TOTP_ISSUER = "Zhangfa"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Behind a proxy that ends TLS every request comes as plain HTTP; what browsers say is their origin is the public one.
PUBLIC = urlsplit(CONFIG.public_url)
CSRF_TRUSTED_ORIGINS = [f"https://{PUBLIC.netloc}"] if PUBLIC.scheme == "https" else []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = bool(CSRF_TRUSTED_ORIGINS)
# In the database alone: a cache of each worker's own would go on showing what another worker has changed.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_FAILURE_VIEW = "zhangfa.desk.sign_in.csrf_failed"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

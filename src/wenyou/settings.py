"""Django's settings, from the environment alone; what concerns rules is data of a plan."""

from __future__ import annotations

from wenyou import environment
from wenyou_desk.version import version

DATA = environment.data_folder()
DATA.ensure()
VERSION = version()

DEBUG = environment.flag("WENYOU_DEBUG")
SECRET_KEY = environment.secret(DATA)
# A bank's intranet reaches the server by an address that only its own people know; what may be
# asked for is narrowed by naming the hosts.
ALLOWED_HOSTS = environment.words("WENYOU_HOSTS") or ["*"]
CSRF_TRUSTED_ORIGINS = environment.words("WENYOU_ORIGINS")
HTTPS = environment.flag("WENYOU_HTTPS")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "lucide",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "wenyou.apps.WenyouConfig",
]
MIDDLEWARE = [
    "wenyou.web.middleware.RequestIdMiddleware",
    "wenyou.web.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wenyou.web.stylesheet.StylesheetMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wenyou.accounts.middleware.OriginMiddleware",
    "wenyou.accounts.middleware.GuardMiddleware",
    "wenyou.web.middleware.SignInMiddleware",
    "wenyou.web.middleware.ErrorsMiddleware",
    "axes.middleware.AxesMiddleware",
    "wenyou.house.once.OnceMiddleware",
]
ROOT_URLCONF = "wenyou.urls"
WSGI_APPLICATION = "wenyou.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "wenyou.house.context.frame",
            ],
            "builtins": [
                "django.templatetags.static",
                "django_htmx.templatetags.django_htmx",
                "lucide.templatetags.lucide",
                "template_partials.templatetags.partials",
                "wenyou.templatetags.wenyou",
                "wenyou.templatetags.ui",
            ],
        },
    }
]

DATABASES = {"default": environment.database(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "wenyou.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "wenyou.accounts.backend.NumberBackend",
]
# Who tries passwords is locked out: by number and address together, so that nobody locks out
# a colleague from afar. How often and how long are settings of the house.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "number"
AXES_USERNAME_CALLABLE = "wenyou.accounts.locks.number_of"
AXES_CLIENT_IP_CALLABLE = "wenyou.accounts.locks.address_of"
AXES_FAILURE_LIMIT = "wenyou.accounts.locks.failure_limit"
AXES_COOLOFF_TIME = "wenyou.accounts.locks.cool_off"
AXES_LOCKOUT_CALLABLE = "wenyou.accounts.locks.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "accounts:sign_in"
SESSION_COOKIE_NAME = "wenyou_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "wenyou_csrf"
CSRF_FAILURE_VIEW = "wenyou.web.errors.csrf_refused"
SESSION_SAVE_EVERY_REQUEST = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA.static
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "wenyou.web.assets.EChartsFinder",
]
WHITENOISE_USE_FINDERS = True
# Files keep their names; a changed one is told apart by the version in the query.
WHITENOISE_MAX_AGE = 3600

# A text of 5 MB in Chinese takes three times as much on its way: the form has to see it, to refuse
# it with a sentence and to keep what was typed.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
FILE_UPLOAD_TEMP_DIR = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # It warns whenever two requests arrive together.
    "loggers": {"waitress.queue": {"level": "ERROR"}},
}

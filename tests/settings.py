"""Settings of the tests: the platform's own, with a data folder that is thrown away."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp(prefix="wenyou-tests-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["WENYOU_DATA"] = FOLDER
os.environ.setdefault("WENYOU_SECRET_KEY", "only-for-tests")

from wenyou.settings import *  # noqa: E402, F403 -- the folder must be known before
from wenyou.settings import LOGGING as LOG  # noqa: E402 -- with the others
from wenyou.settings import MIDDLEWARE as OWN  # noqa: E402 -- with the others

# Tests of pages sign in hundreds of times; Argon2 has a test of its own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Every client of a test makes the middleware anew; the static files are looked through once.
NAMES = {"whitenoise.middleware.WhiteNoiseMiddleware": "tests.platform.readonce.ReadOnce"}
MIDDLEWARE = [NAMES.get(name, name) for name in OWN]
# The error output of the process, not what pytest has put in its place and closes at the end:
# threads and what runs at exit still log then.
TO_THE_END = {
    "class": "logging.StreamHandler",
    "formatter": "line",
    "stream": "ext://sys.__stderr__",
}
LOGGING = {**LOG, "handlers": {"console": TO_THE_END}}

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

# Tests of pages sign in hundreds of times; Argon2 has a test of its own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

"""The test suite: quick passwords, tasks run at once, files in a folder of its own."""

import atexit
import shutil
import tempfile
from pathlib import Path

from tanzhao.config.settings.base import *  # noqa: F403  settings are made to be continued

DEBUG = False
SECRET_KEY = "only for tests"  # noqa: S105  protects nothing
TRAIL_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PLACE = Path(tempfile.mkdtemp(prefix="tanzhao-test-"))
atexit.register(shutil.rmtree, PLACE, ignore_errors=True)
MEDIA_ROOT = PLACE / "files"
WORKER_LOCKS = PLACE / "worker-locks"
SCREENING_ROOM = PLACE / "screening"
# A file, as in the office: a database in memory has other locks than the one we ship.
if "sqlite3" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(PLACE / "test.sqlite3")}  # noqa: F405
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
WHITENOISE_AUTOREFRESH = True

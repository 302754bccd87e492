"""The test suite: quick passwords, tasks run at once, files in a folder of its own."""

import tempfile
from pathlib import Path

from tanzhao.config.settings.base import *  # noqa: F403  settings are made to be continued

DEBUG = False
SECRET_KEY = "only for tests"  # noqa: S105  protects nothing
TRAIL_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="tanzhao-test-"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
WHITENOISE_AUTOREFRESH = True

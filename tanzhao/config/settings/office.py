"""The office's own installation: one PC with SQLite, or a server with PostgreSQL."""

from tanzhao.config import environment
from tanzhao.config.settings.base import *  # noqa: F403  settings are made to be continued

DEBUG = False
SECRET_KEY = environment.key_file("django")
TRAIL_KEY = environment.key_file("trail")
ALLOWED_HOSTS = environment.words("TANZHAO_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("TANZHAO_ORIGINS")
TLS = environment.yes_or_no("TANZHAO_TLS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS

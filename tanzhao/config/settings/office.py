"""The office's own installation: one PC with SQLite, or a server with PostgreSQL."""

from tanzhao.config.settings.base import *  # noqa: F403  settings are made to be continued

DEBUG = False
SECRET_KEY = environment.key_file("django")  # noqa: F405
TRAIL_KEY = environment.key_file("trail")  # noqa: F405
ALLOWED_HOSTS = environment.words("TANZHAO_HOSTS", "127.0.0.1,localhost,[::1]")  # noqa: F405
CSRF_TRUSTED_ORIGINS = environment.words("TANZHAO_ORIGINS")  # noqa: F405
TLS = environment.yes_or_no("TANZHAO_TLS", default=False)  # noqa: F405
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS

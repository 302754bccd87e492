"""The sample county on this machine only: as in the office, and one signs in as anyone."""

from tanzhao.config.settings.office import *  # noqa: F403  settings are made to be continued

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DEMO_SIGN_IN = True

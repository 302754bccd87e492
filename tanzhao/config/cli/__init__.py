"""`tanzhao`: the operators' command line. One module for each command."""

import os

# Before any module of ours is imported: they mark their words for translation as they load.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanzhao.config.settings.office")

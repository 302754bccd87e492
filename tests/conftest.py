"""What many test files share."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser):
    parser.addoption(
        "--guide", action="store_true", help="write the screenshots of the guide into docs/guide"
    )


class OneClusterScheduling(LoadScopeScheduling):
    """Hand out single tests, but all that need the Spark cluster, first, to one process.

    Marking them with xdist_group would do, if pytest-xdist 3.8 knew pytest 9.2's node ids.
    """

    def _split_scope(self, nodeid):
        return "spark" if "/test_spark.py::" in nodeid else nodeid


def pytest_xdist_make_scheduler(config, log):
    return OneClusterScheduling(config, log)


@pytest.fixture
def sign_in(client):
    """Sign an account in on the test client and give the client back."""

    def _sign_in(user):
        client.force_login(user)
        return client

    return _sign_in


@pytest.fixture(scope="session")
def _empty_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("empty") / "home"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TANZHAO_", "DJANGO_"))}
    settings = {
        "TANZHAO_HOME": str(home),
        "TANZHAO_DATABASE": "sqlite",
        "DJANGO_SETTINGS_MODULE": "tanzhao.config.settings.office",
    }
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env=kept | settings, check=True)
    return home


@pytest.fixture
def empty_home(_empty_home, tmp_path):
    """A home on SQLite as `migrate` leaves it, for programs that are started on it.

    Migrating takes seconds; it is done once, and copied.
    """
    return Path(shutil.copytree(_empty_home, tmp_path / "home"))

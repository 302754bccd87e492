"""Many people at once, and programs that are killed."""

import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).parent.parent.parent


def pytest_collection_modifyitems(items):
    # These start programs of ours on the database that was given, beside the test database.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("database")


@pytest.fixture
def at_once():
    """Run one function for each argument, all starting together; give the results in order."""

    def _at_once(function, arguments):
        together = Barrier(len(arguments))

        def one(argument):
            together.wait()
            try:
                return function(argument)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(arguments)) as pool:
            return [future.result() for future in [pool.submit(one, a) for a in arguments]]

    return _at_once


class Installation:
    """An office's installation in a folder of its own, run as separate processes that can die."""

    def __init__(self, folder, address):
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("TANZHAO_", "DJANGO_"))},
            "TANZHAO_HOME": str(folder),
            "TANZHAO_DATABASE": address,
            "DJANGO_SETTINGS_MODULE": "tanzhao.config.settings.office",
            "LANG": "zh_CN.UTF-8",
        }
        self.home = folder
        self.running = []

    def run(self, *command):
        """Run one command to its end and give its output."""
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def count(self, rows):
        """Count rows of a table, from outside, while the programs run or do not."""
        statement = f"SELECT COUNT(*) FROM {rows}"
        address = self.environment["TANZHAO_DATABASE"]
        if address != "sqlite":
            with psycopg.connect(address) as seen:
                return seen.execute(statement).fetchone()[0]
        with closing(sqlite3.connect(self.home / "tanzhao.sqlite3", timeout=30)) as seen:
            return seen.execute(statement).fetchone()[0]

    def start(self, *command):
        """Start a process of its own session."""
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.running.append(process)
        return process

    def kill(self, process):
        """kill -9, with all its children."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def stop(self):
        for process in list(self.running):
            self.kill(process)


@pytest.fixture(scope="session")
def _empty_database(tmp_path_factory):
    """A migrated database on the server, to be copied; None where the suite runs on SQLite."""
    address = os.environ.get("TANZHAO_DATABASE", "sqlite")
    if address == "sqlite":
        yield None
        return
    name = f"tanzhao_{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            there = address.rsplit("/", 1)[0] + f"/{name}"
            empty = Installation(tmp_path_factory.mktemp("empty"), there)
            empty.run("manage.py", "migrate", "-v", "0")
            yield name
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def installation(empty_home, _empty_database):
    """An empty, migrated installation on the database that this half of the suite runs on."""
    if _empty_database is None:
        installed = Installation(empty_home, "sqlite")
        yield installed
        installed.stop()
        return
    address = os.environ["TANZHAO_DATABASE"]
    name = f"tanzhao_{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_empty_database}"')
        installed = Installation(empty_home, address.rsplit("/", 1)[0] + f"/{name}")
        try:
            yield installed
        finally:
            installed.stop()
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

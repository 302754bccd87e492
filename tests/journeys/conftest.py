"""A real browser, in Chinese, that reports every problem the page has."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

# Playwright runs an event loop in this thread; the tests themselves use the database in turn.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
HERE = Path(__file__).parent
# The parts of the main journey assert too, and say what they met when they fail.
for part in ("beginning", "writing", "ending"):
    pytest.register_assert_rewrite(f"{__package__}.{part}")


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--disable-quic"]  # fmt: skip
    return {"executable_path": shutil.which("chromium"), "args": flags}


@pytest.fixture(scope="session")
def browser_context_args():
    size = {"width": 1366, "height": 768}
    return {"locale": "zh-CN", "viewport": size, "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def problems(page):
    """Collect what the browser complains of; a journey ends with `assert problems == []`."""
    found: list[str] = []

    def hear(said):
        # A form shown again with its errors is no problem, though the browser notes the status.
        if said.type == "error" and "422" not in said.text:
            found.append(said.text)

    def watch(asked):
        if not asked.url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:")):
            found.append(f"asked the network for {asked.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", watch)
    return found


@pytest.fixture
def enter(page, live_server):
    """Be somebody: give the browser a session of this account."""

    def _enter(user):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key,
              "url": live_server.url}]
        )  # fmt: skip

    return _enter

"""What tests of screening share: a room of their own for rows, sentences in English."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def own_room(settings, tmp_path):
    """A folder for rows that no other test sees."""
    settings.SCREENING_ROOM = tmp_path / "room"
    return settings.SCREENING_ROOM


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    """Do a step with its background work, as if a worker had been there."""

    def do(step, *args, **values):
        with django_capture_on_commit_callbacks(execute=True):
            made = step(*args, **values)
        made.refresh_from_db()
        return made

    return do

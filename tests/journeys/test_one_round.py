"""The line: one round, from the office's own workbooks to a sealed volume that is verified."""

import pytest
from playwright.sync_api import Page

from tanzhao.audit.trail import verify_trail
from tanzhao.kernel.packs import packs_of_kind
from tanzhao.taxonomy.actions import install_frame
from tests.factories import NOON
from tests.journeys import beginning
from tests.journeys.people import Hands, office_people

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_round_from_the_workbooks_to_a_verified_volume(
    page: Page, live_server, enter, problems, tmp_path
):
    for kind in ("frame", "vocabulary"):
        for pack in packs_of_kind(kind):
            install_frame(pack, at=NOON)
    hands, office = Hands(page, live_server.url, enter), office_people()

    beginning.import_all_three(hands, office)
    teams = beginning.staff_the_round(hands, office)
    beginning.waive_a_recusal(hands, office)
    beginning.authorise(hands, office, tmp_path / "authorisation.docx")

    assert verify_trail()[1] == []
    assert problems == []

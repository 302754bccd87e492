"""The line: one round, from the office's own workbooks to a sealed volume that is verified."""

import pytest
from playwright.sync_api import Page

from tanzhao.audit.trail import verify_trail
from tanzhao.kernel.packs import packs_of_kind
from tanzhao.taxonomy.actions import install_frame
from tests.factories import NOON
from tests.journeys import beginning, ending, writing
from tests.journeys.people import Hands, contact_for, office_people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def vocabularies():
    for kind in ("frame", "vocabulary"):
        for pack in packs_of_kind(kind):
            install_frame(pack, at=NOON)


def test_one_round_from_the_workbooks_to_a_verified_volume(
    page: Page, live_server, enter, vocabularies, problems, tmp_path
):
    hands, office = Hands(page, live_server.url, enter), office_people()

    beginning.import_all_three(hands, office)
    first, second = beginning.staff_the_round(hands, office)
    beginning.waive_a_recusal(hands, office)
    beginning.authorise(hands, office, tmp_path / "authorisation.docx")
    paper = writing.write_a_paper(hands, first, second.writer, tmp_path)
    writing.review_the_paper(hands, first, office, paper)
    writing.make_a_finding(hands, first)
    writing.report_on_the_unit(hands, first, office, tmp_path)
    writing.report_without_a_finding(hands, second)
    item = ending.feed_back(hands, office, tmp_path)
    contact = contact_for(writing.UNIT)
    ending.plan(hands, office, contact, item)
    ending.put_right(hands, office, contact, item, tmp_path / writing.VOUCHER)
    ending.seal(hands, office, tmp_path)

    assert verify_trail()[1] == []
    assert problems == []

"""The main pages of the sample county: photographed for the guide, readable, fit for a phone.

`pytest tests/journeys/test_guide.py -m journey --guide` writes the pictures into docs/guide/zh.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.archive.models import Volume
from tanzhao.documents.models import Run
from tanzhao.findings.models import Report
from tanzhao.inspections.actions.proposals import propose_teams
from tanzhao.inspections.models import Round, Team, TeamMember, TermPlan
from tanzhao.inspections.states import STAFFING, PlanState, RoundState, TeamRole
from tanzhao.kernel.packs import packs_of_kind
from tanzhao.leads.models import Lead
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.states import PaperState
from tanzhao.rectification.models import Likeness, RectificationItem
from tanzhao.rectification.states import State
from tanzhao.screening.models import Hit
from tanzhao.screening.states import HitState
from tanzhao.taxonomy.actions import install_frame
from tests.factories import NOON
from tests.journeys.people import SAMPLES, Hands

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = Path(__file__).parent.parent.parent / "docs" / "guide" / "zh"
SIZES = {"": (1366, 768), "-phone": (390, 844)}
# What is written in Latin letters in a Chinese office too, and the command on the archive's page.
LATIN = {
    "Excel", "Word", "PDF", "SHA", "JPEG", "PNG", "GIF", "WebP", "TIFF", "docx", "xlsx", "xls",
    "csv", "pdf", "png", "jpg", "txt", "doc", "wps", "json", "tanzhao", "archive", "verify",
    "expect", "zip",
}  # fmt: skip


@pytest.fixture
def county(settings):
    settings.DEMO_SIGN_IN = True
    for kind in ("frame", "vocabulary"):
        for pack in packs_of_kind(kind):
            install_frame(pack, at=NOON)
    call_command("load_sample_county", verbosity=0)


@pytest.fixture
def folder(request, tmp_path):
    if not request.config.getoption("--guide"):
        return tmp_path
    GUIDE.mkdir(parents=True, exist_ok=True)
    return GUIDE


@pytest.mark.usefixtures("county")
def test_the_main_pages_are_worth_showing(
    page: Page, live_server, enter, problems, folder, tmp_path
):
    hands = Hands(page, live_server.url, enter)
    run = changed_workbook_read(hands, tmp_path)
    faults = []
    for name, user, address in main_pages(run):
        page.context.clear_cookies()
        if user is not None:
            enter(user)
        for suffix, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            # An address with a #part is not fetched again while the page is there.
            page.goto("about:blank")
            answer = page.goto(live_server.url + address)
            assert answer is not None
            page.screenshot(path=folder / f"{name}{suffix}.png")
            said = [f"answered {answer.status}"] if answer.status != 200 else []
            faults += [f"{name}{suffix}: {what}" for what in (*said, *faults_of(page, width))]

    assert not faults, "\n".join(faults)
    assert problems == []


def main_pages(run: Run) -> Iterator[tuple[str, User | None, str]]:
    """Give each page to show: its name, who looks at it, its address."""
    director, staff = (_first(role) for role in (Role.DIRECTOR, Role.STAFF))
    reporting = Report.objects.exclude(approved_at=None).order_by("-approved_at")
    paper = WorkingPaper.objects.filter(state=PaperState.SIGNED).latest("changed_at")
    claimed = RectificationItem.objects.filter(state=State.CLAIMED).order_by("-round_number")
    inspected = Round.objects.filter(state=RoundState.IN_FIELD).latest("number")
    staffing = Team.objects.filter(round__state__in=STAFFING).latest("round__number")
    yield "sign-in", None, reverse("accounts:login")
    yield "workbench", director, reverse("web:workbench")
    yield "round-board", director, reverse("reports:round_board", args=[inspected.pk])
    yield "team", staff, reverse("inspections:team", args=[staffing.pk]) + "?q=文体广电"
    proposal = propose_teams(round_id=staffing.round_id, keep=True, actor=staff, at=NOON)
    yield "proposal", staff, reverse("inspections:proposal", args=[proposal.pk])
    yield "paper", _deputy_of(paper), reverse("papers:paper", args=[paper.pk])
    yield "hits", staff, reverse("screening:hits")
    hit = Hit.objects.filter(state=HitState.OPEN).order_by("-amount_cents").first()
    assert hit is not None
    yield "hit", staff, reverse("screening:hit", args=[hit.pk])
    yield "lead", staff, reverse("leads:lead", args=[Lead.objects.latest("captured_at").pk])
    yield "findings", director, reverse("findings:findings")
    plan = TermPlan.objects.get(state=PlanState.IN_FORCE)
    yield "term-plan", director, reverse("inspections:plan", args=[plan.pk]) + "#board"
    yield "report", director, reverse("findings:report", args=[reporting[0].engagement_id])
    yield "rectification-board", director, reverse("reports:rectification_board")
    yield "item", _first(Role.SUPERVISOR), reverse("rectification:item", args=[claimed[0].pk])
    alike = Likeness.objects.filter(answer="", relation="other").order_by("-letters").first()
    assert alike is not None
    yield "likeness", staff, reverse("rectification:likeness", args=[alike.pk])
    yield "likenesses", staff, reverse("rectification:likenesses")
    yield "units", staff, reverse("units:units")
    yield "import-preview", run.started_by, reverse("units:import_preview", args=[run.pk])
    sealed = Volume.objects.latest("sealed_at")
    yield "archive", staff, reverse("archive:volume", args=[sealed.engagement_id])


def faults_of(page: Page, width: int) -> Iterator[str]:
    """Say what is wrong with the page as it stands on the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        yield f"is {wide} pixels wide"
    words = page.title() + "\n" + page.locator("body").inner_text()
    for user_name in User.objects.values_list("username", flat=True):
        words = words.replace(user_name, "")
    words = re.sub(r"\b[0-9a-f]{16,}\b", "", words)
    english = set(re.findall(r"[A-Za-z]{3,}", words)) - LATIN
    if english:
        yield f"says {sorted(english)}"
    for found in Axe().run(page).response["violations"]:
        if found["impact"] in {"serious", "critical"}:
            where = [node["target"] for node in found["nodes"][:3]]
            yield f"{found['id']} ({len(found['nodes'])}): {found['help']} at {where}"


def changed_workbook_read(hands: Hands, folder: Path) -> Run:
    """Upload the office's units once more, some changed and one new; give the run that read it."""
    book = load_workbook(SAMPLES / "巡察对象库.xlsx")
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=6, max_row=12):
        for cell in row:
            if isinstance(cell.value, str) and re.fullmatch(r"1\d{10}", cell.value):
                cell.value = "13900000000"
    book.save(folder / "巡察对象库（2026年调整）.xlsx")
    hands.be(_first(Role.STAFF), "units:import")
    hands.page.locator("input[type=file]").set_input_files(folder / "巡察对象库（2026年调整）.xlsx")
    hands.page.locator("main button.main").click()
    hands.sees("查看结果")
    return Run.objects.latest("started_at")


def _first(role: Role) -> User:
    return User.objects.filter(role=role).order_by("pk")[0]


def _deputy_of(paper: WorkingPaper) -> User:
    deputies = TeamMember.objects.filter(team=paper.engagement.team, role=TeamRole.DEPUTY)
    return User.objects.filter(inspector_id__in=deputies.values("inspector")).first()

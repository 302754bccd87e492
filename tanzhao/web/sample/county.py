"""The whole story, told in one transaction: all of the county is there, or nothing of it."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from tanzhao.access.models import User
from tanzhao.web.sample.days import Days
from tanzhao.web.sample.leads import lead_scene
from tanzhao.web.sample.likeness import comparing_papers
from tanzhao.web.sample.papers import paper_scene
from tanzhao.web.sample.people import (
    Cast,
    bringing_the_workbooks,
    opening_the_office,
    opening_the_others,
)
from tanzhao.web.sample.plans import planning_the_next_term
from tanzhao.web.sample.playing import Scene, play
from tanzhao.web.sample.reading import story
from tanzhao.web.sample.results import (
    archive_scene,
    item_of_paper,
    item_scene,
    old_item,
    report_scene,
)
from tanzhao.web.sample.rounds import opening_the_term, round_scene
from tanzhao.web.sample.screening import answering_a_hit, comparing_data

PAPERS = {6: ("round-6-team-1", "round-6-team-2", "round-6-team-3"), 7: ("round-7",)}
SEALED_ON, SEALED_UNIT = 8, "县乡村振兴局"


def is_empty() -> bool:
    """Say whether nobody has an account yet: only then the county may be loaded."""
    return not User.objects.exists()


@transaction.atomic
def load_county(*, at: datetime) -> int:
    """Tell the story up to the working day before `at`, and give the number of its steps.

    All of it or nothing. The packs must be installed, and `is_empty` must hold.

    Raises:
        BadStory, Refused: the texts do not fit together, or break a rule of the program.
        OutsideCalendar: the holidays of these years are not known.
    """
    days = Days(timezone.localdate(at))
    with translation.override("zh-hans"):
        return play(_scenes(days, Cast()), until=at)


def _scenes(days: Days, cast: Cast) -> Iterator[Scene]:
    yield opening_the_office(days, cast)
    yield bringing_the_workbooks(days, cast)
    yield opening_the_others(days, cast)
    texts = story("rounds")
    yield opening_the_term(days, cast, texts["term"])
    yield planning_the_next_term(days, cast, story("plan"))
    for plan in texts["rounds"]:
        yield round_scene(days, cast, plan)
        for name in PAPERS.get(plan["number"], ()):
            yield from _papers_of(days, cast, plan, story(name))
    compared = story("screening")
    yield comparing_data(days, cast, compared)
    for place, said in enumerate(compared["answers"]):
        yield answering_a_hit(days, cast, said, place)
    for place, said in enumerate(story("leads")["leads"]):
        yield lead_scene(days, cast, said, place)
    for place, old in enumerate(story("history")["items"]):
        unit = old["unit"]
        find = partial(old_item, unit, old["text"])
        yield item_scene(days, cast, unit=unit, find=find, steps=old["steps"], place=place)
    yield comparing_papers(days, cast, story("likeness"))
    yield archive_scene(days, cast, day=SEALED_ON, unit=SEALED_UNIT, round_number=7)


def _papers_of(
    days: Days, cast: Cast, plan: dict[str, Any], texts: dict[str, Any]
) -> Iterator[Scene]:
    for place, (unit, report) in enumerate(texts.get("reports", {}).items()):
        yield report_scene(days, cast, plan, unit=unit, texts=report, place=place)
    for place, paper in enumerate(texts["papers"]):
        yield paper_scene(days, cast, round_number=plan["number"], texts=paper)
        if "steps" in paper:
            unit = paper["unit"]
            find = partial(item_of_paper, unit, paper["title"])
            yield item_scene(days, cast, unit=unit, find=find, steps=paper["steps"], place=place)

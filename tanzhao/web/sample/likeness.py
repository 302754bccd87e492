"""Papers of the story that are alike: handed in with its steps, compared, answered."""

from typing import Any

from tanzhao.documents.states import FileKind
from tanzhao.rectification.actions import answer_likeness
from tanzhao.rectification.actions.comparing import compare_writings
from tanzhao.rectification.actions.stepping import Evidence
from tanzhao.rectification.models import Likeness, Writing
from tanzhao.rectification.states import LikenessOutcome
from tanzhao.web.sample.days import Days
from tanzhao.web.sample.files import document
from tanzhao.web.sample.people import Cast
from tanzhao.web.sample.playing import BadStory, Scene
from tanzhao.web.sample.reading import story


def paper_of(days: Days, name: str) -> Evidence:
    """Give a paper of the story as the file that a unit hands in: Word, or plain text."""
    paper = days.filled(story("likeness")["papers"][name])
    title, *lines = paper["lines"]
    if paper["name"].endswith(f".{FileKind.TEXT.value}"):
        return Evidence("\n".join([title, *lines]).encode(), paper["name"])
    return Evidence(document(title, lines), paper["name"])


def comparing_papers(days: Days, cast: Cast, texts: dict[str, Any]) -> Scene:
    """What a worker would have done: the papers are compared with each other and the templates.

    The words of the other steps are compared by the worker of the demo, once it runs.
    """
    at = days.at(texts["compared"], "18:10")
    yield at
    names = [days.filled(paper)["name"] for paper in texts["papers"].values()]
    papers = Writing.objects.filter(title__in=names)
    compare_writings(
        writings=list(papers.select_related("step", "piece__file", "item")), clock=lambda: at
    )
    for said in texts["answers"]:
        at = days.at(said["day"], "10:20")
        yield at
        likeness = Likeness.objects.filter(later__item__unit__name=said["at"]).first()
        if likeness is None:
            raise BadStory(f"Nothing is alike at {said['at']}.")
        answer_likeness(
            likeness_id=likeness.pk,
            outcome=LikenessOutcome(said["outcome"]),
            reason=said["reason"],
            actor=cast.office[said["by"]],
            at=at,
        )

"""What a team is made of, as the office's pack says: size, skills, grades, weights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tanzhao.engines.planner.teams.problem import Weights
from tanzhao.kernel.packs import BadPack, Pack, packs_of_kind


@dataclass(frozen=True)
class TeamsSetting:
    """The pack's numbers. `ranks`: grade to rank; `every`: skills each team needs; `by_category`:
    those it needs besides for a unit of that kind. `seconds` of computing."""

    name: str
    size: int
    min_full: int
    min_women: int
    min_men: int
    min_experienced: int
    most_from_one_workplace: int
    load_months: int
    seconds: int
    liaison_skills: tuple[str, ...]
    ranks: Mapping[str, int]
    every: Mapping[str, int]
    by_category: Mapping[str, Mapping[str, int]]
    weights: Mapping[str, int]

    def need_of(self, categories: Iterable[str]) -> dict[str, int]:
        """Say how many people with each skill a team needs for units of these kinds."""
        need = dict(self.every)
        for category in categories:
            for skill, people in self.by_category.get(category, {}).items():
                need[skill] = max(need.get(skill, 0), people)
        return need

    def weights_of(self, *, refuses_one_workplace: bool) -> Weights:
        """Give the planner's weights.

        Where the rules of recusal refuse two members from one workplace, such a pair weighs so
        much that it is proposed only where nothing else is left.
        """
        names = self.weights
        same = "same_workplace_refused" if refuses_one_workplace else "same_workplace"
        return Weights(
            days=names["days"],
            overlap=names["overlap"],
            exp=names["experience"],
            women=names["women"],
            samehome=names[same],
            kind=names["kind"],
            dist=names["distance"],
        )


def setting_from(pack: Pack) -> TeamsSetting:
    """Read the numbers of a pack of kind teams."""
    body: Mapping[str, Any] = pack.body
    return TeamsSetting(
        name=f"{pack.name} {pack.version}",
        size=body["size"],
        min_full=body["min_full"],
        min_women=body["min_women"],
        min_men=body["min_men"],
        min_experienced=body["min_experienced"],
        most_from_one_workplace=body["most_from_one_workplace"],
        load_months=body["load_months"],
        seconds=body["seconds"],
        liaison_skills=tuple(body["liaison_skills"]),
        ranks={entry["grade"]: entry["rank"] for entry in body["grades"]},
        every=_people(body["skills"]),
        by_category={entry["category"]: _people(entry["skills"]) for entry in body["kinds"]},
        weights=body["weights"],
    )


@cache
def teams_setting() -> TeamsSetting:
    """Give what the office's pack says of teams, read once.

    Raises: BadPack if there is none, or more than one.
    """
    packs = packs_of_kind("teams")
    if len(packs) != 1:
        raise BadPack(f"There must be one pack of kind 'teams', and there are {len(packs)}.")
    return setting_from(packs[0])


def _people(skills: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return {entry["skill"]: entry["people"] for entry in skills}

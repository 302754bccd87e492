"""Questions about a plan, and their answers: rules, facts and costs, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from tanzhao.engines.planner.reasons import Reason
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.teams.problem import TeamsPlan, TeamsProblem
from tanzhao.engines.planner.term.problem import TermPlan, TermProblem


@dataclass(frozen=True, slots=True)
class WhyRound:
    """Why is this visit in its round, and what would every other round mean?"""

    unit: int
    visit: int = 0


@dataclass(frozen=True, slots=True)
class WhyNotRound:
    """Why is this visit not in that round, and what would it take?"""

    unit: int
    visit: int
    round: int


@dataclass(frozen=True, slots=True)
class WhyPerson:
    """Why is this person on this team?"""

    team: int
    person: int


@dataclass(frozen=True, slots=True)
class WhyNotPerson:
    """Why is this person not on this team?"""

    team: int
    person: int


@dataclass(frozen=True, slots=True)
class WhyImpossible:
    """Which demands of the problem cannot hold together?"""


type Question = WhyRound | WhyNotRound | WhyPerson | WhyNotPerson | WhyImpossible


@dataclass(frozen=True, slots=True)
class Option:
    """Another round for a visit.

    Attributes:
        round: its id.
        cost_change: of the whole plan if the visit goes there; None if it cannot, or if that was
            not found out within the limit.
        moves: the other visits that have to move with it, each as a reason "moves".
        why: the rules that close the round, or what would be over if nothing else moved.
    """

    round: int
    cost_change: int | None
    moves: tuple[Reason, ...] = ()
    why: tuple[Reason, ...] = ()

    @property
    def is_possible(self) -> bool:
        return self.cost_change is not None


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer. `options` are of questions about rounds, in the order of the rounds."""

    question: Question
    reasons: tuple[Reason, ...]
    options: tuple[Option, ...] = ()


class BadQuestion(ValueError):
    """The question is not about this kind of problem, or about what it does not have."""


def answer(
    problem: TermProblem | TeamsProblem,
    plan: TermPlan | TeamsPlan | None,
    question: Question,
    *,
    limit: Limit | None = None,
) -> Explanation:
    """Answer a question about a plan, or about a problem without one.

    Raises: BadQuestion.
    """
    limit = limit or Limit()
    match question:
        case WhyImpossible():
            return Explanation(question, _conflict(problem, plan, limit))
        case WhyRound() | WhyNotRound():
            if not isinstance(problem, TermProblem) or not isinstance(plan, TermPlan):
                raise BadQuestion("a plan of a term is needed")
            return _of_round(problem, plan, question, limit)
        case WhyPerson() | WhyNotPerson():
            if not isinstance(problem, TeamsProblem) or not isinstance(plan, TeamsPlan):
                raise BadQuestion("teams of a round are needed")
            return Explanation(question, _of_person(problem, plan, question))


def _conflict(
    problem: TermProblem | TeamsProblem, plan: TermPlan | TeamsPlan | None, limit: Limit
) -> tuple[Reason, ...]:
    # Solvers are loaded only once a question needs them.
    if isinstance(problem, TermProblem):
        from tanzhao.engines.planner.term.conflicts import find_conflict

        return find_conflict(problem, limit)
    if plan is None or not isinstance(plan, TeamsPlan):
        from tanzhao.engines.planner.teams.proposing import propose

        return propose(problem, limit=limit).conflict
    return plan.conflict


def _of_round(
    problem: TermProblem, plan: TermPlan, question: WhyRound | WhyNotRound, limit: Limit
) -> Explanation:
    from tanzhao.engines.planner.term.explaining import why_not_round, why_round

    if (question.unit, question.visit) not in problem.visits_set:
        raise BadQuestion("the unit has no such visit")
    if isinstance(question, WhyRound):
        return why_round(problem, plan, question, limit)
    if question.round not in problem.round:
        raise BadQuestion("the term has no such round")
    return why_not_round(problem, plan, question, limit)


def _of_person(
    problem: TeamsProblem, plan: TeamsPlan, question: WhyPerson | WhyNotPerson
) -> tuple[Reason, ...]:
    from tanzhao.engines.planner.teams.explaining import why_not_person, why_person

    if question.team not in problem.team or question.person not in problem.person:
        raise BadQuestion("the round has no such team or person")
    answers = why_person if isinstance(question, WhyPerson) else why_not_person
    reasons: Sequence[Reason] = answers(problem, plan, question.team, question.person)
    return tuple(reasons)

"""Why something is so, as a code and its values. Words are made where languages are known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, demand or clash.

    `code` names the sentence; `values` are its numbers and ids, for example
    Reason("capacity", (("round", 3), ("need", 1980), ("have", 1920))). A unit, person, round,
    team or group is given by its id of the problem; whoever words it knows the names.
    """

    code: str
    values: tuple[tuple[str, int | str], ...] = ()

    def __getitem__(self, name: str) -> int | str:
        return dict(self.values)[name]


def reason(code: str, **values: int | str) -> Reason:
    """Make a reason; its values keep the order in which they are given."""
    return Reason(code, tuple(values.items()))

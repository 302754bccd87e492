"""The answer to "may this person do this to this row, now?", with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with a whole sentence that says what to do instead. True only for yes."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class Refused(Exception):
    """An action was asked for that the rules refuse. `reason` is shown to the person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


YES = Verdict(allowed=True)


def no(reason: str) -> Verdict:
    """Give the verdict no, for this reason."""
    return Verdict(allowed=False, reason=str(reason))


def require(verdict: Verdict) -> None:
    """Raise Refused unless the verdict is yes."""
    if not verdict:
        raise Refused(verdict.reason)

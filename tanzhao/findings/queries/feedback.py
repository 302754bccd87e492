"""Reads about feedback."""

from tanzhao.findings.models import Feedback
from tanzhao.inspections.models import Engagement


def next_number(engagement: Engagement, year: int) -> str:
    """Propose a document number: the term's prefix, the year, one more than were given in it."""
    begin = f"{engagement.round.term.document_prefix}反馈〔{year}〕"
    given = Feedback.objects.filter(number__startswith=begin).values_list("number", flat=True)
    serials = [number.removeprefix(begin).removesuffix("号") for number in given]
    last = max((int(serial) for serial in serials if serial.isdecimal()), default=0)
    return f"{begin}{last + 1}号"

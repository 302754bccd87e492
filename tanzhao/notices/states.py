"""Everything a notice can say, as `noun.past`."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeKind(TextChoices):
    """The label is the subject in a few words; `wording.sentence_of` says the whole."""

    TEAM_OBJECTED = "team.objected", _("something stands against a team")
    TEAM_REOPENED = "team.reopened", _("a team was reopened")
    TEAM_HELD = "team.held", _("an authorised team is held back")
    TEAM_DOUBTED = "team.doubted", _("something stands against a team at work")
    TEAM_SETTLED = "team.settled", _("nothing stands against a team any more")
    RECUSAL_DECLARED = "recusal.declared", _("a recusal was declared")
    RECUSAL_ENTERED = "recusal.entered", _("a recusal was entered for you")
    RECUSAL_WITHDRAWN = "recusal.withdrawn", _("a declared recusal was withdrawn")
    COMPARISON_REQUESTED = "comparison.requested", _("a comparison of data waits for your decision")
    COMPARISON_DECIDED = "comparison.decided", _("your comparison of data was decided")
    COMPARISON_MADE = "comparison.made", _("data have been compared")
    RULE_PROPOSED = "rule.proposed", _("a rule waits for your decision")
    HITS_ASSIGNED = "hits.assigned", _("hits to verify")
    HIT_PROPOSED = "hit.proposed", _("an outcome waits to be confirmed")
    HIT_RETURNED = "hit.returned", _("an outcome was sent back to you")
    LIKENESS_ASKED = "likeness.asked", _("a keeper is asked about a likeness")
    LIKENESS_REPLIED = "likeness.replied", _("a keeper has replied about a likeness")

"""What a lead needs of a hit that two people found true, and that it was made."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import require
from tanzhao.screening.models import Hit
from tanzhao.screening.queries.hits import CENTS, current_verification
from tanzhao.screening.queries.secrets import secrets_of, why_of
from tanzhao.screening.rulebook import title_of
from tanzhao.screening.rules.hits import may_make_lead


@dataclass(frozen=True)
class TakenUp:
    """What a lead says of its hit: what two people found, by which evidence; no full number."""

    title: str
    facts: str
    note: str
    unit_id: UUID | None
    engagement_id: UUID | None


@transaction.atomic
def take_up_hit(*, hit_id: UUID, actor: User) -> TakenUp:
    """Give what a lead on a hit says, and hold the hit until the lead is made.

    Raises: Hit.DoesNotExist, Refused.
    """
    hit = locked(Hit.objects.visible_to(actor).select_related("latest"), hit_id)
    require(may_make_lead(actor, hit))
    title = title_of(hit.rule)
    return TakenUp(
        title=(f"{hit.place} {title}" if hit.place else title)[:120],
        facts=_facts(hit),
        note=_("%(comparison)s, hit %(hit)s") % {"comparison": hit.latest, "hit": hit.hit_id[:8]},
        unit_id=hit.unit_id,
        engagement_id=hit.engagement_id,
    )


@transaction.atomic
def note_lead(*, hit_id: UUID, lead_id: UUID) -> None:
    """Keep the key of the lead that was made of a hit. The trail's entry is the lead's."""
    Hit.objects.filter(pk=hit_id).update(lead_id=lead_id)


def _facts(hit: Hit) -> str:
    answer = current_verification(hit)
    assert answer is not None  # noqa: S101  may_make_lead refuses one that nobody answered
    lines = [
        why_of(hit, secrets_of(hit)),
        _("Found: %(note)s") % {"note": answer.note},
        _("Evidence (%(kind)s): %(evidence)s")
        % {"kind": answer.get_evidence_kind_display(), "evidence": answer.evidence},
    ]
    if answer.to_recover_cents:
        lines.append(
            _("To be recovered %(whole)s yuan, recovered %(back)s yuan.")
            % {
                "whole": f"{answer.to_recover_cents / CENTS:,.2f}",
                "back": f"{answer.recovered_cents / CENTS:,.2f}",
            }
        )
    return "\n".join(lines)

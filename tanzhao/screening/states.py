"""States of a data set, a comparison, a hit and its verification, and which follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DataSetState(TextChoices):
    RECEIVED = "received", _("received")
    LOADED = "loaded", _("loaded")
    EXPIRED = "expired", _("rows deleted")


class ComparisonState(TextChoices):
    REQUESTED = "requested", _("waits for approval")
    APPROVED = "approved", _("being compared")
    DONE = "done", _("compared")
    REFUSED = "refused", _("refused")
    EXPIRED = "expired", _("rows deleted")


class HitState(TextChoices):
    """A hit is a question from the first day to the last on which nobody has answered it."""

    OPEN = "open", _("to be verified")
    PROPOSED = "proposed", _("outcome to confirm")
    DECIDED = "decided", _("verified")


class Outcome(TextChoices):
    VIOLATION = "violation", _("true (violation)")
    MISTAKE = "mistake", _("true (error)")
    REASONABLE = "reasonable", _("reasonable")
    KNOWN = "known", _("known and dealt with")
    BAD_DATA = "bad_data", _("wrong data")


class EvidenceKind(TextChoices):
    """How else than by the data it is known. The rows of a comparison are not among them."""

    VISIT = "visit", _("visit to the household")
    TALK = "talk", _("conversation on record")
    VOUCHER = "voucher", _("original voucher")
    BANK = "bank", _("bank statement")
    REGISTER = "register", _("file or register looked at")
    REPLY = "reply", _("written reply of an office")
    OTHER = "other", _("other evidence")


class VerificationState(TextChoices):
    PROPOSED = "proposed", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    RETURNED = "returned", _("sent back")
    REOPENED = "reopened", _("verified anew")


class Basis(TextChoices):
    """How the rows of a hit were found to belong together."""

    EXACT = "exact", _("by number")
    ONE_DIGIT_OFF = "one_digit_off", _("number one digit off")
    LINKED = "linked", _("by name and place")


class Risk(TextChoices):
    HIGH = "high", _("high risk")
    MEDIUM = "medium", _("medium risk")
    LOW = "low", _("low risk")


# What is true is stated by evidence of another kind than the data; see may_propose.
TRUE = frozenset({Outcome.VIOLATION, Outcome.MISTAKE})
# A comparison whose rows are still needed: none of its data sets may go before it ends.
UNDER_WAY = frozenset({ComparisonState.REQUESTED, ComparisonState.APPROVED})


class OfficeRuleState(TextChoices):
    """A version of a rule that the office wrote."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("to be approved")
    IN_USE = "in_use", _("in use")
    REPLACED = "replaced", _("replaced")
    WITHDRAWN = "withdrawn", _("taken out of use")

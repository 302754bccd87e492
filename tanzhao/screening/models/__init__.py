"""Data sets, comparisons, the hits they gave, and what people found when they verified them."""

from tanzhao.screening.models.comparisons import Comparison
from tanzhao.screening.models.datasets import DataSet, DataSetFile, Fault
from tanzhao.screening.models.hits import EvidenceRow, Hit, Sighting, Verification
from tanzhao.screening.models.office_rules import OfficeRule

__all__ = [
    "Comparison",
    "DataSet",
    "DataSetFile",
    "EvidenceRow",
    "Fault",
    "Hit",
    "OfficeRule",
    "Sighting",
    "Verification",
]

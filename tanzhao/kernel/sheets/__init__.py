"""Reading the untidy workbooks that an office really has, as a careful clerk would."""

from tanzhao.kernel.sheets.body import Row
from tanzhao.kernel.sheets.faults import Fault, Severity, Unreadable
from tanzhao.kernel.sheets.pack import HeadingPack, heading_pack
from tanzhao.kernel.sheets.reading import Known, SheetReading, read_workbook

__all__ = [
    "Fault",
    "HeadingPack",
    "Known",
    "Row",
    "Severity",
    "SheetReading",
    "Unreadable",
    "heading_pack",
    "read_workbook",
]

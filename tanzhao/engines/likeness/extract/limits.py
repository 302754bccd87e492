"""How much a file may be, and cost. An office sets them in its pack; light: nothing is loaded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a file may be and what reading it may take.

    Attributes:
        most_bytes: of the file.
        most_unpacked_bytes: of the parts of a package (docx, xlsx) that are read.
        most_characters: of the text.
        most_pages: of a PDF.
        most_scans: pages of one file that are read by OCR.
        seconds: of processor time for one file; OCR has `scan_seconds` more for each page.
        waiting_seconds: of wall clock without a sign of life, after which, or twice of it, a
            child is ended that uses no processor time either: a disk that hangs, a program that
            waits. Another program (LibreOffice) has half of it.
        memory_bytes, scan_memory_bytes: of address space of a child, and of one that does OCR or of
            another program.
        least_readable: share of the letters that a Chinese or English text can have, 0 to 1.
        programs: whether antiword and LibreOffice are asked where they are installed.
        ocr: whether scans are read where the extra is installed.
    """

    most_bytes: int = 100 << 20
    most_unpacked_bytes: int = 256 << 20
    most_characters: int = 5_000_000
    most_pages: int = 5_000
    most_scans: int = 200
    seconds: int = 60
    scan_seconds: int = 60
    waiting_seconds: int = 300
    memory_bytes: int = 1536 << 20
    scan_memory_bytes: int = 4 << 30
    least_readable: float = 0.8
    programs: bool = True
    ocr: bool = True


LIMITS = Limits()

"""One file is read, in this process: what it is, who reads it, and whether that is a text."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from tanzhao.engines.likeness.extract.cleaning import extracted, readable_share, telling
from tanzhao.engines.likeness.extract.kinds import kind_of
from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.refusals import Unreadable, size_of
from tanzhao.engines.likeness.texts import Extracted

MoreTime = Callable[[int], None]


def read_file(path: Path, limits: Limits, scans: bool, more_time: MoreTime) -> Extracted:
    """Read the text of a file.

    Args:
        scans: whether OCR is done here; where it is not, scans are refused with `needs_ocr`.
        more_time: called before each scan with the seconds that it may take.

    Raises: Unreadable, with the reason. Whatever a parser raises becomes one: a file that a
        parser did not expect is damaged.
    """
    kind = ""
    left_out: Counter[str] = Counter()
    try:
        content = _content(path, limits)
        kind, package = kind_of(content)
        if package is not None and kind == "docx":
            return _docx(package, limits, scans, more_time, left_out)
        if package is not None and kind == "ofd":
            from tanzhao.engines.likeness.extract.ofd import read_ofd

            return read_ofd(package, limits, scans, more_time)
        if kind in ("xlsx", "xls"):
            from tanzhao.engines.likeness.extract.workbooks import rows_of

            return extracted(rows_of(content, package, limits, left_out), kind, limits, left_out)
        return _read(content, kind, limits, scans, more_time, left_out)
    except (Unreadable, MemoryError):
        raise
    # calamine's panics are no Exception; KeyboardInterrupt ends the child all the same.
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise Unreadable("damaged", {"kind": kind}) from error


def _content(path: Path, limits: Limits) -> bytes:
    """Give the bytes of the file as it is now; one that grows meanwhile is cut at the limit."""
    try:
        if not path.is_file():
            raise Unreadable("not_a_file" if path.exists() else "missing")
        with path.open("rb") as stream:
            content = stream.read(limits.most_bytes + 1)
    except PermissionError as error:
        raise Unreadable("no_permission") from error
    except (OSError, ValueError, RuntimeError) as error:  # a circle of links; a name with a NUL
        raise Unreadable("missing") from error
    if len(content) > limits.most_bytes:
        raise Unreadable("too_large", {"most": size_of(limits.most_bytes)})
    return content


def _read(
    content: bytes,
    kind: str,
    limits: Limits,
    scans: bool,
    more_time: MoreTime,
    left_out: Counter[str],
) -> Extracted:
    if kind == "doc":
        return extracted(_old_word(content, limits, left_out), kind, limits, left_out)
    if kind == "wordxml":
        from tanzhao.engines.likeness.extract.word import paragraphs_of_xml

        return extracted(paragraphs_of_xml(content, left_out), kind, limits, left_out)
    if kind == "pdf":
        from tanzhao.engines.likeness.extract.pdf import read_pdf

        return read_pdf(content, limits, scans, more_time)
    if kind in ("png", "jpg", "tif"):
        from tanzhao.engines.likeness.extract.pictures import read_pictures

        return read_pictures([content], kind, limits, scans, more_time)
    if kind in ("html", "mht"):
        from tanzhao.engines.likeness.extract.web_pages import text_of_page

        return extracted([text_of_page(content, kind, left_out)], kind, limits, left_out)
    if kind == "rtf":
        from tanzhao.engines.likeness.extract.rich_text import paragraphs_of_rich

        return extracted(paragraphs_of_rich(content, left_out), kind, limits, left_out)
    from tanzhao.engines.likeness.extract.plain_text import decoded

    return extracted([decoded(content)], kind, limits)


def _docx(
    package: Package, limits: Limits, scans: bool, more_time: MoreTime, left_out: Counter[str]
) -> Extracted:
    from tanzhao.engines.likeness.extract.word import paragraphs_of, pictures_of

    paragraphs = list(paragraphs_of(package, limits, left_out))
    if not any(map(str.strip, paragraphs)) and (pictures := pictures_of(package)):
        from tanzhao.engines.likeness.extract.pictures import read_pictures

        seen = read_pictures(map(package.whole, pictures), "docx", limits, scans, more_time)
        return telling(seen, left_out)
    return extracted(paragraphs, "docx", limits, left_out)


def _old_word(content: bytes, limits: Limits, left_out: Counter[str]) -> Iterable[str]:
    from tanzhao.engines.likeness.extract.old_word import NotWord97, paragraphs_of_old

    try:
        return list(paragraphs_of_old(content, left_out))
    except NotWord97:
        if not limits.programs:
            raise Unreadable("old_word") from None
    from tanzhao.engines.likeness.extract.programs import as_docx, by_antiword
    from tanzhao.engines.likeness.extract.word import paragraphs_of

    text = by_antiword(content, limits)
    if readable_share(text) >= limits.least_readable:
        return [text]
    made = as_docx(content, limits)
    if not made:
        raise Unreadable("old_word")
    return paragraphs_of(Package(made, kind="docx"), limits, left_out)

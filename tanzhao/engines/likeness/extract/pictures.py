"""Pictures of pages, as files or in a Word document without text. Read by OCR or not at all."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.lines import Page, text_of
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.scans import MOST_POINTS, is_installed, read_scan
from tanzhao.engines.likeness.texts import Extracted

_MOST_POINTS = 4 * MOST_POINTS  # before it is made smaller


def read_pictures(
    pictures: Iterable[bytes],
    kind: str,
    limits: Limits,
    scans: bool,
    more_time: Callable[[int], None],
) -> Extracted:
    """Read the text of pictures, each a page or, of a tif, several.

    Args:
        kind: of the file that they are, or stand in.

    Raises: Unreadable, with `needs_ocr` where OCR is not done.
    """
    if not scans or not is_installed():
        count = sum(1 for _picture in pictures)
        raise Unreadable("needs_ocr", {"pages": f"1–{count}" if count > 1 else "1"})
    pages: list[Page] = []
    for picture in pictures:
        for array in frames_of(picture):
            if len(pages) == limits.most_scans:
                raise Unreadable("too_many_scans", {"most": limits.most_scans})
            more_time(limits.scan_seconds)
            height, width = array.shape[:2]
            pages.append(Page(len(pages) + 1, width, height, read_scan(array, width, height)))
    if not any(page.lines for page in pages):
        raise Unreadable("ocr_found_nothing")
    return text_of(pages, kind, limits, "ocr")


def frames_of(content: bytes) -> Iterator[Any]:
    """Give the frames of a picture, upright, as arrays of blue, green and red."""
    import numpy
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own bound is told in a sentence
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF")) as picture:
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            if picture.width * picture.height > _MOST_POINTS:
                raise Unreadable("picture_too_large", {"most": _MOST_POINTS // 1_000_000})
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            share = (MOST_POINTS / (upright.width * upright.height)) ** 0.5
            if share < 1:
                upright = upright.resize(
                    (max(int(upright.width * share), 1), max(int(upright.height * share), 1))
                )
            yield numpy.ascontiguousarray(numpy.asarray(upright)[:, :, ::-1])

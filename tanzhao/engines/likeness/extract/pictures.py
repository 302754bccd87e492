"""Pictures of pages: png, jpg, tif with its pages. They are read by OCR or not at all."""

import io
from collections.abc import Callable

from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.lines import Page, text_of
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.scans import MOST_POINTS, is_installed, read_scan
from tanzhao.engines.likeness.texts import Extracted

_MOST_POINTS = 4 * MOST_POINTS  # before it is made smaller


def read_picture(
    content: bytes, kind: str, limits: Limits, scans: bool, more_time: Callable[[int], None]
) -> Extracted:
    """Read the text of a picture.

    Raises: Unreadable, with `needs_ocr` where OCR is not done.
    """
    if not scans or not is_installed():
        raise Unreadable("needs_ocr", {"pages": "1"})
    import numpy
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own bound is told in a sentence
    pages = []
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF")) as picture:
        frames = getattr(picture, "n_frames", 1)
        if frames > limits.most_scans:
            raise Unreadable("too_many_scans", {"most": limits.most_scans})
        for number in range(frames):
            picture.seek(number)
            if picture.width * picture.height > _MOST_POINTS:
                raise Unreadable("picture_too_large", {"most": _MOST_POINTS // 1_000_000})
            more_time(limits.scan_seconds)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            share = (MOST_POINTS / (upright.width * upright.height)) ** 0.5
            if share < 1:
                upright = upright.resize(
                    (max(int(upright.width * share), 1), max(int(upright.height * share), 1))
                )
            width, height = upright.size
            array = numpy.ascontiguousarray(numpy.asarray(upright)[:, :, ::-1])
            pages.append(Page(number + 1, width, height, read_scan(array, width, height)))
    if not any(page.lines for page in pages):
        raise Unreadable("ocr_found_nothing")
    return text_of(pages, kind, limits, "ocr")

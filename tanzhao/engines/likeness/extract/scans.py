"""Text out of a picture of a page, by OCR: an extra that an office may install (`ocr`)."""

from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from statistics import median
from typing import Any

from tanzhao.engines.likeness.extract.lines import Line

MOST_POINTS = 16_000_000  # of a picture: A4 at 400 an inch has as many; the model sees fewer


def is_installed() -> bool:
    """Tell whether the extra is there."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "PIL"))


def read_scan(picture: Any, width: float, height: float) -> tuple[Line, ...]:
    """Read the lines of a picture, from top to bottom.

    Args:
        picture: an array of height × width × 3 (blue, green, red).
        width, height: of the page that it shows; the lines are placed in that unit.

    """
    found = _reader()(picture)
    if found.boxes is None or not found.txts:
        return ()
    across, down = width / picture.shape[1], height / picture.shape[0]
    words: list[Line] = []
    for box, text in zip(found.boxes, found.txts, strict=True):
        xs, ys = [float(x) * across for x, _y in box], [float(y) * down for _x, y in box]
        # The box of a line is a little higher than its letters.
        words.append(Line(text, min(xs), max(xs), max(ys), 0.8 * (max(ys) - min(ys))))
    return tuple(_rows(_evened(words)))


def _evened(words: list[Line]) -> list[Line]:
    """Give lines that are about as high as most of them the same size: boxes are not exact."""
    usual = median(word.size for word in words)
    return [
        replace(word, size=usual) if abs(word.size - usual) < 0.25 * usual else word
        for word in words
    ]


def _rows(words: list[Line]) -> list[Line]:
    """Put together what stands in one row, from left to right."""
    rows: list[list[Line]] = []
    for word in sorted(words, key=lambda word: (word.baseline, word.left)):
        if rows and word.baseline - rows[-1][0].baseline < 0.5 * word.size:
            rows[-1].append(word)
        else:
            rows.append([word])
    whole = []
    for row in rows:
        row.sort(key=lambda word: word.left)
        whole.append(
            Line(
                " ".join(word.text for word in row),
                row[0].left,
                row[-1].right,
                max(word.baseline for word in row),
                max(word.size for word in row),
            )
        )
    return whole


@cache
def _reader() -> Any:
    """Load the models: a second or two, once for a child."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            # The same number everywhere: sums in another order may turn another letter out.
            "EngineConfig.onnxruntime.intra_op_num_threads": 2,
            # The defaults drop whole lines of poor scans.
            "Det.unclip_ratio": 1.8,
            "Det.box_thresh": 0.3,
        }
    )

"""Text out of Word files: ours, in guarded child processes, beside python-docx in this one.

python-docx leaves out what stands in tables' order, text boxes and headers, and trusts its files.
Run by benchmarks/likeness.py as reading.py SIDE FOLDER OUT.
"""

import json
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.likeness_sides.one import used  # noqa: E402
from tests.engines.likeness.generator import Maker  # noqa: E402

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def put_word_files(folder: Path, seed: int, count: int) -> None:
    """Write `count` papers as .docx: a paragraph a line, a run for each piece of 20 letters."""
    folder.mkdir()
    for paper in Maker(seed, max(100, count)).papers():
        if count == 0:
            return
        count -= 1
        lines = "".join(map(_paragraph, paper.text.split("\n")))
        body = f'<w:document xmlns:w="{WORD}"><w:body>{lines}</w:body></w:document>'
        with zipfile.ZipFile(folder / f"{paper.key}.docx", "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("[Content_Types].xml", TYPES)
            package.writestr("_rels/.rels", RELATIONS)
            package.writestr("word/document.xml", body)


def _paragraph(line: str) -> str:
    pieces = (line[start : start + 20] for start in range(0, len(line), 20))
    runs = (f'<w:r><w:t xml:space="preserve">{escape(piece)}</w:t></w:r>' for piece in pieces)
    return f"<w:p>{''.join(runs)}</w:p>"


def _ours(files: list[Path]) -> int:
    from tanzhao.engines.likeness.extract import Unreadable, extract_files

    letters = 0
    for path, read in extract_files(files, workers=1):
        if isinstance(read, Unreadable):
            raise SystemExit(f"{path}: {read}")
        letters += len(read.text)
    return letters


def _python_docx(files: list[Path]) -> int:
    import docx

    return sum(
        len("\n".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs))
        for file in files
    )


if __name__ == "__main__":
    side, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    began = used()
    read = {"ours": _ours, "python-docx": _python_docx}[side](sorted(folder.iterdir()))
    out.write_text(json.dumps({"seconds": used() - began, "letters": read}), encoding="utf-8")

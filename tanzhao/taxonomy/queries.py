"""Reads about frames and their codes."""

from django.db.models import QuerySet

from tanzhao.taxonomy.models import Code, Frame

FRAME, VOCABULARY = "frame", "vocabulary"


def frames() -> QuerySet[Frame]:
    """Give the frames that findings can be sorted by, vocabularies left out."""
    return Frame.objects.filter(kind=FRAME)


def codes_of(frame_name: str, *, with_retired: bool = False) -> QuerySet[Code]:
    """Give the codes of one frame or vocabulary in their order, parents before children.

    Empty if no such frame is installed. Retired codes are for reading old records only.
    """
    codes = Code.objects.filter(frame__name=frame_name).select_related("parent")
    if not with_retired:
        codes = codes.filter(retired=False)
    return codes.order_by("position")


def lowest_codes_of(frame_name: str) -> QuerySet[Code]:
    """Give the codes of a frame that have no others beneath them: those a finding can bear."""
    return codes_of(frame_name).filter(children__isnull=True)


def codes_by_word(frame_name: str) -> dict[str, Code]:
    """Give every wording of every code of a frame, labels and synonyms, with its code.

    Retired codes are included, because old ledgers use them; a word in use comes first.
    """
    words: dict[str, Code] = {}
    for code in sorted(codes_of(frame_name, with_retired=True), key=lambda code: code.retired):
        for word in _wordings(code):
            words.setdefault(word, code)
    return words


def subclasses_called(category: str, subcategory: str) -> list[Code]:
    """Give the sub-class of each frame that an old ledger's two words name, at most one a frame.

    Args:
        category: the class; "" if the ledger has none, and any class then fits.
    """
    found = []
    for frame in frames():
        words = codes_by_word(frame.name)
        code = words.get(subcategory)
        if code and code.parent and category in ("", *_wordings(code.parent)):
            found.append(code)
    return found


def _wordings(code: Code) -> tuple[str, ...]:
    return (code.label_zh, code.label_en, *code.synonyms)

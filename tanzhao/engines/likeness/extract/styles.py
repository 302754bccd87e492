"""What the styles of a Word document say that changes its text: hidden, and numbered by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tanzhao.engines.likeness.extract.elements import elements
from tanzhao.engines.likeness.extract.numbering import List
from tanzhao.engines.likeness.extract.refusals import Unreadable

OFF = frozenset({"0", "false", "off"})
NO_LIST = "0"  # what a paragraph says that is in no list, whatever its style says
_MOST_PARENTS = 20
_LEVELS = frozenset("012345678")
_WANTED = frozenset({"style", "vanish", "basedOn", "numId", "ilvl"})


@dataclass
class _Style:
    parent: str = ""
    hides: bool = False
    list: str = ""
    level: int | None = None


@dataclass(frozen=True)
class Looks:
    """What a document's styles and lists are.

    `hides`: styles whose text is not shown; `listed`: style → (list, level); `usual`: the style of
    paragraphs that name none.
    """

    hides: frozenset[str] = frozenset()
    listed: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    lists: Mapping[str, List] = field(default_factory=dict)
    usual: str = ""


def read_styles(pieces: Iterable[bytes], lists: Mapping[str, List]) -> Looks:
    """Read the styles of a document; what is damaged counts for none.

    Raises: Unreadable if it declares entities.
    """
    styles: dict[str, _Style] = {}
    usual = ""
    now: _Style | None = None
    try:
        for name, begins, values, _text in elements(pieces, "docx", _WANTED):
            if name == "style":
                now = styles.setdefault(values.get("styleId", ""), _Style()) if begins else None
                if begins and values.get("type") == "paragraph" and "default" in values:
                    usual = "" if values["default"] in OFF else values.get("styleId", "")
            elif begins and now is not None:
                _take(now, name, values.get("val", ""))
    except Unreadable as refusal:
        if refusal.code == "entities":
            raise
        return Looks(lists=lists)
    hides = frozenset(name for name, style in styles.items() if style.hides and name)
    return Looks(hides, _listed(styles, lists), lists, usual)


def _take(style: _Style, name: str, value: str) -> None:
    if name == "vanish":
        style.hides = value not in OFF
    elif name == "basedOn":
        style.parent = value
    elif name == "numId":
        style.list = value
    elif name == "ilvl" and value in _LEVELS:
        style.level = int(value)


def _listed(styles: Mapping[str, _Style], lists: Mapping[str, List]) -> dict[str, tuple[str, int]]:
    """Give the list of each style, its own or that of what it is based on, and its level."""
    found = {}
    for name, style in styles.items():
        level = style.level
        for _parent in range(_MOST_PARENTS):
            if style.list or not style.parent:
                break
            style = styles.get(style.parent, _Style())
            level = style.level if level is None else level
        own = lists.get(style.list)
        if own is None:
            continue
        of_style = [at for at, one in own.levels.items() if one.style == name]
        found[name] = style.list, min(of_style) if of_style else level or 0
    return found

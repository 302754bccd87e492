"""The numbers of a hit that are kept from the eye, and the rows of it as a reader sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tanzhao.screening.masking import SECRET_KINDS, looks_secret, masked, masked_text
from tanzhao.screening.models import EvidenceRow, Hit
from tanzhao.screening.rulebook import KnownColumn, column_of, fact_label, in_words, rulebook

_SECRET_ENDINGS = ("person_key", "account_key")


@dataclass(frozen=True)
class Secret:
    """One number of a hit: how it is named among them, what it is, and how it is shown."""

    place: str
    label: str
    value: str
    shown: str


def secret_names(hit: Hit) -> set[str]:
    """Say which of the key and the facts of `hit` are numbers of people or accounts."""
    rule = rulebook().get(hit.rule)
    facts = rule.facts if rule else {}
    return {
        name
        for name in (*hit.key, *hit.facts)
        if name.endswith(_SECRET_ENDINGS) or facts.get(name) in SECRET_KINDS
    }


def latest_rows(hit: Hit) -> list[EvidenceRow]:
    """Give the rows that `hit` rests on, as the latest comparison gave them; of very many only
    the first were kept (`row.sighting.evidence_rows` says how many there were)."""
    rows = EvidenceRow.objects.filter(sighting__hit=hit, sighting__comparison=hit.latest_id)
    return list(rows.select_related("data_set", "sighting").order_by("position"))


def secrets_of(hit: Hit, rows: Iterable[EvidenceRow] | None = None) -> list[Secret]:
    """Give every number of `hit` and of its rows that is masked, each once, always in one order.

    A number that was masked for good is not among them.
    """
    found: dict[str, str] = {}
    names = secret_names(hit)
    for name, value in {**hit.key, **hit.facts}.items():
        if name in names and value and "*" not in str(value):
            found.setdefault(str(value), fact_label(name))
    for row in latest_rows(hit) if rows is None else rows:
        for heading, text in zip(row.headings, row.cells, strict=False):
            if text and _is_secret(column_of(row.table, heading), text):
                found.setdefault(text, heading)
    return [
        Secret(f"n{number}", label or _("number"), value, masked_cell(value))
        for number, (value, label) in enumerate(found.items(), 1)
    ]


def masked_cell(text: str) -> str:
    """Mask a cell that holds a number, or words with numbers in them."""
    return masked(text) if len(text.split()) == 1 and len(text) <= 40 else masked_text(text)


def why_of(hit: Hit, secrets: Iterable[Secret] = ()) -> str:
    """Say in one sentence why a hit is one, its numbers masked."""
    said = in_words(hit.why_zh, hit.why_en)
    for secret in secrets:
        said = said.replace(secret.value, secret.shown)
    names = secret_names(hit)
    for name, value in {**hit.key, **hit.facts}.items():
        if name in names and value:
            said = said.replace(str(value), masked(str(value)))
    return masked_text(said)


@dataclass(frozen=True)
class Sheet:
    """Rows of one sheet of one file, under the headings of that sheet."""

    data_set: object
    file: str
    sheet: str
    table: str
    headings: tuple[tuple[str, bool], ...]  # and whether a rule read that column
    lines: tuple["Line", ...]


@dataclass(frozen=True)
class Line:
    role: str
    row_number: int
    cells: tuple[tuple[str, str, bool], ...]  # heading, text as shown, whether that is in full


def sheets_of(rows: Iterable[EvidenceRow], unmasked: Mapping[str, str]) -> list[Sheet]:
    """Give rows as they stood in the files, sheet by sheet, their numbers masked.

    Args:
        unmasked: numbers that this reader has asked to see this once, each to itself.
    """
    groups: dict[tuple[str, str, tuple[str, ...]], list[EvidenceRow]] = {}
    for row in rows:
        groups.setdefault((row.file, row.sheet, tuple(row.headings)), []).append(row)
    return [_sheet(own, unmasked) for own in groups.values()]


def _sheet(rows: list[EvidenceRow], unmasked: Mapping[str, str]) -> Sheet:
    first = rows[0]
    known = [column_of(first.table, one) is not None for one in first.headings]
    # A column that no rule reads and that is empty here is nothing to look at.
    shown = [
        at
        for at, is_known in enumerate(known)
        if is_known or any(row.cells[at] for row in rows if at < len(row.cells))
    ]
    return Sheet(
        data_set=first.data_set,
        file=first.file,
        sheet=first.sheet,
        table=first.table,
        headings=tuple((first.headings[at], known[at]) for at in shown),
        lines=tuple(_line(row, shown, unmasked) for row in rows),
    )


def _line(row: EvidenceRow, shown: list[int], unmasked: Mapping[str, str]) -> Line:
    cells = []
    for heading, cell in ((row.headings[at], row.cells[at]) for at in shown if at < len(row.cells)):
        # A day as a workbook keeps it has a time that nobody sees.
        text = (cell or "").removesuffix(" 00:00:00")
        is_secret = bool(text) and _is_secret(column_of(row.table, heading), text)
        is_open = is_secret and text in unmasked
        seen = masked_cell(text) if is_secret and not is_open else text
        cells.append((heading, seen, is_open))
    return Line(row.role, row.row_number, tuple(cells))


def _is_secret(column: KnownColumn | None, text: str) -> bool:
    if column is not None and column.kind not in {"text", "name"}:
        return column.is_secret
    # A known column of words may still hold a number that somebody wrote into it.
    return looks_secret(text) and (column is None or column.name not in _OWN_NUMBERS)


# Columns of words whose long numbers are nobody's: an invoice must be found again by its number.
_OWN_NUMBERS = frozenset({"invoice", "invoice_code", "voucher", "contract", "plot", "certificate"})

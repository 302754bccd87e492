"""What people fill in about a rule of the office's own: its sheet, and its two files of SQL."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanzhao.engines.screening.tables import NUMBERS, Kind
from tanzhao.kernel.packs.screening import VERDICTS
from tanzhao.screening.rulebook import table_label, tables
from tanzhao.screening.states import Risk

NAME = re.compile(r"[a-z][a-z0-9_]*")
GROUPS = {
    "benefits": _("Benefits"),
    "people": _("People and property"),
    "spending": _("Spending"),
    "procurement": _("Procurement"),
    "profiles": _("Figures to read, no hits"),
}
SQL = ("sql", "evidence_sql")
LONGEST = 50_000  # characters of SQL
THRESHOLD = ("name", "label", "unit", "default", "least", "most", "basis")


def _long(label: Any, *, rows: int = 2, required: bool = True, help_text: Any = "") -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _sql(label: Any) -> forms.CharField:
    attributes = {"rows": 18, "class": "mono code", "spellcheck": "false", "wrap": "off"}
    return forms.CharField(
        label=label, max_length=LONGEST, strip=False, widget=forms.Textarea(attrs=attributes)
    )


class NameForm(forms.Form):
    """The name of a rule that does not exist yet."""

    name = forms.RegexField(
        label=_("Name"),
        regex=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        max_length=60,
        help_text=_("Lower-case letters with hyphens, for example paid-twice. It stays for ever."),
    )


class RuleForm(forms.Form):
    """One version of a rule. English is optional: an office writes for its own people."""

    title_zh = forms.CharField(label=_("Title"), max_length=60)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    group = forms.ChoiceField(label=_("Group"), choices=list(GROUPS.items()))
    result = forms.ChoiceField(
        label=_("It gives"),
        choices=[("hits", _("hits to verify")), ("profile", _("figures to read"))],
    )
    risk = forms.ChoiceField(label=_("Risk"), choices=Risk.choices)
    tables = forms.MultipleChoiceField(label=_("Tables"), widget=forms.CheckboxSelectMultiple)
    key = forms.CharField(
        label=_("Key"),
        max_length=200,
        help_text=_("Columns of the result that make a hit itself, with commas between them."),
    )
    facts = _long(
        _("Facts"),
        rows=4,
        required=False,
        help_text=_("Further columns of the result, a line each: the column, a blank, its kind."),
    )
    thresholds = _long(
        _("Thresholds"),
        rows=3,
        required=False,
        help_text=_(
            "A line each, with | between the parts: name | what it is | unit | usual | least | "
            "most | basis. Whole numbers, money in cents."
        ),
    )
    why_zh = _long(
        _("Why a row is a hit"),
        help_text=_("One sentence; columns of the result stand in {braces}."),
    )
    why_en = _long(_("The same in English"), required=False)
    purpose_zh = _long(_("What it asks"))
    basis_zh = _long(_("Legal basis"))
    blind_zh = _long(_("What it cannot see"))
    verify_zh = _long(_("How to verify a hit"))
    sql = _sql(_("rule.sql: one SELECT that gives the hits"))
    evidence_sql = _sql(_("evidence.sql: one SELECT that gives the rows a hit rests on"))
    note = forms.CharField(label=_("What is new in this version"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = {name: gettext("numbers behind keys") for name in NUMBERS}
        labels = {name: table_label(name) for name in tables()} | numbers
        self.fields["tables"].choices = [  # type: ignore[attr-defined]  # a choice field
            (name, f"{label} {name}") for name, label in labels.items()
        ]

    def lint_at(self, address: str) -> None:
        """Have the SQL looked at while it is typed."""
        for name in SQL:
            self.fields[name].widget.attrs |= {
                "hx-post": address,
                "hx-trigger": "input changed delay:600ms",
                "hx-include": "#rule-form",
                "hx-target": "#findings",
                "hx-swap": "outerHTML",
            }

    def of_sql(self) -> list[forms.BoundField]:
        """Give the two fields of SQL."""
        return [self[name] for name in SQL]

    def of_sheet(self) -> list[forms.BoundField]:
        """Give all other fields."""
        return [field for field in self if field.name not in SQL]

    def clean_key(self) -> list[str]:
        names = [part.strip() for part in re.split(r"[,，、\s]+", self.cleaned_data["key"])]
        return [_named(name) for name in names if name]

    def clean_facts(self) -> dict[str, str]:
        found: dict[str, str] = {}
        kinds = [kind.value for kind in Kind if kind != Kind.FLAG]
        for line in filter(None, map(str.strip, self.cleaned_data["facts"].splitlines())):
            name, _blank, kind = line.partition(" ")
            if kind.strip() not in kinds:
                raise forms.ValidationError(
                    gettext("“%(line)s”: the kind must be one of %(kinds)s.")
                    % {"line": line, "kinds": "、".join(kinds)}
                )
            found[_named(name)] = kind.strip()
        return found

    def clean_thresholds(self) -> dict[str, dict[str, Any]]:
        lines = filter(None, map(str.strip, self.cleaned_data["thresholds"].splitlines()))
        return dict(map(_threshold, lines))

    def clean_why_zh(self) -> str:
        why: str = self.cleaned_data["why_zh"]
        for word in VERDICTS:
            if word in why:
                raise forms.ValidationError(
                    gettext("A hit is a question: do not write “%(word)s”.") % {"word": word}
                )
        return why

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        known = {*values.get("key", ()), *values.get("facts", ()), *values.get("thresholds", ())}
        known |= {"amount_cents", "first_date", "last_date", "match_basis"}
        for name in ("why_zh", "why_en"):
            unknown = set(re.findall(r"\{([^{}]*)\}", values.get(name, ""))) - known
            if unknown and not self.errors:
                self.add_error(
                    name,
                    gettext("No column of the result has the name %(names)s.")
                    % {"names": "、".join(sorted(unknown))},
                )
        return values

    def sheet(self) -> dict[str, Any]:
        """Give what stands in a pack.toml. Wants a form that is valid."""
        values = self.cleaned_data
        same = ("title_zh", "title_en", "group", "result", "risk", "tables", "key", "facts")
        sheet = {name: values[name] for name in (*same, "thresholds", "why_zh", "why_en")}
        sheet["why_en"] = values["why_en"] or values["why_zh"]
        for name in ("purpose", "basis", "blind", "verify"):
            sheet |= {f"{name}_zh": values[f"{name}_zh"], f"{name}_en": ""}
        return sheet

    def rough_sheet(self) -> dict[str, Any]:
        """Give of the sheet what can be used already, for looking at SQL that is being written."""
        self.is_valid()
        names = ("tables", "key", "facts", "thresholds")
        if any(name in self.errors for name in (*names, "group", "result", "risk")):
            return {}
        return {name: self.cleaned_data[name] for name in (*names, "group", "result", "risk")}


def initial_of(sheet: Mapping[str, Any], sql: str, evidence_sql: str, note: str) -> dict[str, Any]:
    """Give what a form shows of a version."""
    thresholds = [
        " | ".join(
            str(part)
            for part in (
                *(name, one["label_zh"], one["unit_zh"], one["default"], one["least"]),
                *(one["most"], one["basis_zh"]),
            )
        )
        for name, one in sheet.get("thresholds", {}).items()
    ]
    facts = [f"{name} {kind}" for name, kind in sheet.get("facts", {}).items()]
    return {
        **sheet,
        "key": ", ".join(sheet.get("key", ())),
        "facts": "\n".join(facts),
        "thresholds": "\n".join(thresholds),
        "sql": sql,
        "evidence_sql": evidence_sql,
        "note": note,
    }


def _named(name: str) -> str:
    if not NAME.fullmatch(name):
        raise forms.ValidationError(
            gettext("“%(name)s” is no name of a column: lower-case letters and underscores.")
            % {"name": name}
        )
    return name


def _threshold(line: str) -> tuple[str, dict[str, Any]]:
    parts = [part.strip() for part in re.split(r"[|｜]", line)]
    if len(parts) != len(THRESHOLD) or not all(part.isdecimal() for part in parts[3:6]):
        raise forms.ValidationError(
            gettext("“%(line)s” needs seven parts with | between them, the middle three numbers.")
            % {"line": line}
        )
    name, label, unit, *numbers, basis = parts
    usual, least, most = map(int, numbers)
    if not least <= usual <= most:
        raise forms.ValidationError(
            gettext("“%(line)s”: the usual value must lie between least and most.") % {"line": line}
        )
    words = {"label_zh": label, "label_en": label, "unit_zh": unit, "unit_en": unit}
    basis_too = {"basis_zh": basis, "basis_en": basis}
    return _named(name), {**words, **basis_too, "default": usual, "least": least, "most": most}

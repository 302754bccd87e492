"""`tanzhao screen rules` and `lint`: the rules there are, and what in one is not portable."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, FAILED, Adder, command, fail, say
from tanzhao.engines.screening.findings import Finding
from tanzhao.engines.screening.linting import lint_rule, lint_sql
from tanzhao.engines.screening.rules import BadRule, Rule, read_rule, read_rules
from tanzhao.engines.screening.tables import Datasets, read_datasets
from tanzhao.kernel.packs.reading import SHIPPED
from tanzhao.screening.linting_words import said_of

RULES = SHIPPED / "screening"


def add(inner: Adder) -> None:
    """Add the commands that look at rules."""
    parser = command(
        inner,
        "rules",
        help_text=_("list the rules, or tell all about one"),
        example="tanzhao screen rules",
        run=show,
        needs_database=False,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help=_("a rule, or a folder of one"))
    parser = command(
        inner,
        "lint",
        help_text=_("say what in a rule is not portable, and the portable way; exit 1 if any"),
        example="tanzhao screen lint rule.sql",
        run=lint,
        needs_database=False,
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=_("a file of SQL, or a rule's folder")
    )


def shipped_datasets() -> Datasets:
    """Read the canonical tables."""
    return read_datasets(SHIPPED / "datasets/county")


def chosen_rules(names: Sequence[str]) -> list[Rule]:
    """Read the rules that are asked for.

    Args:
        names: names of shipped rules, of their groups, folders of a rule or of rules, or `all`.
    Raises: BadRule if there is no such rule.
    """
    shipped = read_rules(RULES)
    chosen: dict[str, Rule] = {}
    for name in names:
        found = _rules_of(name, shipped)
        if not found:
            raise BadRule(_("There is no rule %(name)s.") % {"name": name})
        chosen |= found
    return [chosen[name] for name in sorted(chosen)]


def _rules_of(name: str, shipped: dict[str, Rule]) -> dict[str, Rule]:
    if name == "all":
        return shipped
    if name in shipped:
        return {name: shipped[name]}
    if Path(name, "pack.toml").is_file():
        rule = read_rule(Path(name).resolve())
        return {rule.name: rule}
    return {key: rule for key, rule in shipped.items() if rule.group == name} or read_rules(
        Path(name)
    )


def show(options: argparse.Namespace) -> int:
    """List the rules there are, or tell all about one."""
    try:
        rules = chosen_rules([options.name or "all"])
    except BadRule as error:
        return fail(str(error), as_json=options.json)
    document = {"rules": [rule_document(rule) for rule in rules]}
    lines = [_told(rule) for rule in rules] if options.name else [_line(rule) for rule in rules]
    say(document, as_json=options.json, text=("\n\n" if options.name else "\n").join(lines))
    return DONE if rules else FAILED


def lint(options: argparse.Namespace) -> int:
    """Say what is not portable in files of SQL, or in rules."""
    datasets = shipped_datasets()
    found: list[tuple[str, Finding]] = []
    try:
        for file in options.files:
            # A file of a rule is held against its pack.toml too.
            folder = file if file.is_dir() else file.parent
            if (folder / "pack.toml").is_file():
                findings = lint_rule(read_rule(folder.resolve()), datasets)
                whole = file.is_dir()
                found += [
                    (f"{folder / one.file}", one)
                    for one in findings
                    if whole or one.file == file.name
                ]
            else:
                text = file.read_text("utf-8")
                found += [(str(file), one) for one in lint_sql(text, datasets.stored)]
    except (BadRule, OSError, UnicodeDecodeError) as error:
        return fail(str(error), as_json=options.json)
    document = {
        "findings": [
            {
                "file": file,
                "line": one.line,
                "column": one.column,
                "code": one.code,
                "sentence": said_of(one),
            }
            for file, one in found
        ]
    }
    lines = [f"{file}:{one.line}:{one.column}: {said_of(one)}" for file, one in found]
    say(document, as_json=options.json, text="\n".join(lines or [_("Nothing to say: portable.")]))
    return FAILED if found else DONE


def rule_document(rule: Rule) -> dict[str, Any]:
    """Tell all about a rule but its SQL."""
    return {
        **{
            name: getattr(rule, name)
            for name in ("name", "version", "title_zh", "title_en", "group", "result", "risk")
        },
        "tables": list(rule.tables),
        "key": list(rule.key),
        "facts": dict(rule.facts),
        **{
            f"{name}_{language}": getattr(rule, f"{name}_{language}")
            for name in ("purpose", "basis", "blind", "verify", "why")
            for language in ("zh", "en")
        },
        "thresholds": {
            name: {
                "label_zh": one.label_zh,
                "label_en": one.label_en,
                "unit_zh": one.unit_zh,
                "unit_en": one.unit_en,
                "default": one.default,
                "least": one.least,
                "most": one.most,
            }
            for name, one in rule.thresholds.items()
        },
    }


def in_language() -> str:
    """Say which of the two languages of packs is active: zh or en."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def _line(rule: Rule) -> str:
    return f"{rule.name:<32} {rule.version:<8} {getattr(rule, f'title_{in_language()}')}"


def _told(rule: Rule) -> str:
    said = in_language()
    lines = [f"{rule.name} {rule.version}  {getattr(rule, f'title_{said}')}"]
    for heading, name in (
        (_("What for"), "purpose"),
        (_("Legal basis"), "basis"),
        (_("What it cannot see"), "blind"),
        (_("How to verify"), "verify"),
        (_("Says of a hit"), "why"),
    ):
        lines.append(f"  {heading}: {getattr(rule, f'{name}_{said}')}")
    lines.append(f"  {_('Tables')}: {', '.join(rule.tables)}")
    lines += [
        f"  --threshold {rule.name}.{name}={one.default}  {getattr(one, f'label_{said}')} "
        f"({getattr(one, f'unit_{said}')}, {one.least} – {one.most})"
        for name, one in rule.thresholds.items()
    ]
    return "\n".join(lines)

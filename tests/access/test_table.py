"""The permission table, written out a second time by hand and compared in full."""

from itertools import product

import pytest

from tanzhao.access.models import User
from tanzhao.access.table import GRANTS, Action, Role

EXPECTED = """
                       director staff inspector contact supervisor leading_group system_admin audit_admin
workbench.see          yes      yes   yes       yes     yes        yes           yes          yes
profile.change         yes      yes   yes       yes     yes        yes           yes          yes
account.see            -        -     -         -       -          -             yes          -
account.change         -        -     -         -       -          -             yes          -
trail.see              -        -     -         -       -          -             -            yes
run.see                yes      yes   yes       -       -          -             -            -
unit.see               yes      yes   yes       -       yes        yes           -            -
unit.import            yes      yes   -         -       -          -             -            -
notice.see             yes      yes   yes       yes     yes        yes           yes          yes
inspector.see          yes      yes   -         -       -          -             -            -
inspector.unmask       yes      yes   -         -       -          -             -            -
inspector.import       yes      yes   -         -       -          -             -            -
recusal.declare        yes      yes   yes       -       -          -             -            -
plan.see               yes      yes   -         -       -          yes           -            -
plan.make              yes      yes   -         -       -          -             -            -
plan.approve           yes      -     -         -       -          yes           -            -
round.see              yes      yes   yes       -       -          yes           -            -
round.plan             yes      yes   -         -       -          -             -            -
round.approve          yes      -     -         -       -          yes           -            -
round.advance          yes      yes   -         -       -          -             -            -
team.compose           yes      yes   -         -       -          -             -            -
waiver.request         yes      yes   -         -       -          -             -            -
waiver.decide          yes      -     -         -       -          yes           -            -
authorisation.draft    yes      yes   -         -       -          -             -            -
authorisation.approve  yes      -     -         -       -          yes           -            -
authorisation.see      yes      yes   yes       -       -          yes           -            -
lead.see               yes      yes   yes       -       -          -             -            -
lead.capture           yes      yes   yes       -       -          -             -            -
lead.assign            yes      yes   yes       -       -          -             -            -
lead.verify            yes      yes   yes       -       -          -             -            -
lead.reopen            yes      yes   -         -       -          -             -            -
dataset.see            yes      yes   -         -       -          -             -            -
dataset.take           yes      yes   -         -       -          -             -            -
comparison.see         yes      yes   -         -       -          -             -            -
comparison.request     yes      yes   -         -       -          -             -            -
comparison.approve     yes      -     -         -       -          -             -            -
rule.write             yes      yes   -         -       -          -             -            -
rule.approve           yes      -     -         -       -          -             -            -
hit.see                yes      yes   yes       -       -          -             -            -
hit.verify             yes      yes   yes       -       -          -             -            -
hit.confirm            yes      yes   -         -       -          -             -            -
hit.assign             yes      yes   -         -       -          -             -            -
hit.unmask             yes      yes   yes       -       -          -             -            -
hit.export             yes      yes   -         -       -          -             -            -
paper.see              yes      yes   yes       -       -          -             -            -
paper.write            -        -     yes       -       -          -             -            -
paper.review           -        -     yes       -       -          -             -            -
paper.check            yes      yes   -         -       -          -             -            -
evidence.see           yes      yes   yes       -       -          -             -            -
finding.see            yes      yes   yes       -       yes        yes           -            -
finding.make           -        -     yes       -       -          -             -            -
finding.export         yes      yes   yes       -       yes        yes           -            -
report.see             yes      yes   yes       -       -          yes           -            -
report.make            -        -     yes       -       -          -             -            -
report.approve         yes      -     -         -       -          yes           -            -
feedback.see           yes      yes   yes       yes     yes        yes           -            -
feedback.issue         yes      yes   -         -       -          -             -            -
ledger.import          yes      yes   -         -       -          -             -            -
item.see               yes      yes   yes       yes     yes        yes           -            -
item.plan              -        -     -         yes     -          -             -            -
item.accept_plan       yes      yes   -         -       -          -             -            -
item.progress          -        -     -         yes     -          -             -            -
item.claim             -        -     -         yes     -          -             -            -
item.verify            yes      yes   -         -       yes        -             -            -
item.close             yes      yes   -         -       yes        -             -            -
item.reopen            yes      yes   -         -       yes        -             -            -
item.export            yes      yes   yes       yes     yes        yes           -            -
likeness.see           yes      yes   yes       -       yes        -             -            -
likeness.answer        yes      yes   -         -       yes        -             -            -
likeness.reply         yes      yes   -         -       -          -             -            -
likeness.scan          yes      yes   -         -       -          -             -            -
likeness.export        yes      yes   -         -       -          -             -            -
wording.keep           yes      yes   -         -       -          -             -            -
archive.see            yes      yes   -         -       -          -             -            -
archive.make           yes      yes   -         -       -          -             -            -
"""  # noqa: E501  a table is read across


def _parse(table: str) -> dict[tuple[str, str], bool]:
    heading, *lines = table.strip().splitlines()
    return {
        (action, role): cell == "yes"
        for action, *cells in map(str.split, lines)
        for role, cell in zip(heading.split(), cells, strict=True)
    }


def test_table_and_expectation_name_the_same_actions_and_roles():
    assert GRANTS.keys() == set(Action)
    assert _parse(EXPECTED).keys() == set(product(Action, Role))


@pytest.mark.parametrize(("pair", "expected"), _parse(EXPECTED).items(), ids=str)
def test_a_role_holds_exactly_what_is_written(pair, expected):
    action, role = pair

    assert User(role=role).holds(Action(action)) is expected
    assert not User(role=role, is_active=False).holds(Action(action))

"""The plainest valid rows of screening."""

import factory
from factory.django import DjangoModelFactory

from tanzhao.access.table import Role
from tanzhao.screening.models import Comparison, DataSet, EvidenceRow, Hit, Sighting
from tanzhao.screening.states import ComparisonState, DataSetState, Risk
from tests.factories import NOON, UserFactory, days


class DataSetFactory(DjangoModelFactory):
    """A loaded data set without files."""

    class Meta:
        model = DataSet

    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"数据集{n}")
    given_by = "县财政局"
    received_on = factory.LazyFunction(lambda: days(-5))
    letter = "岚巡调〔2026〕3号"
    purpose = "核对补贴"
    expires = factory.LazyFunction(lambda: days(90))
    state = DataSetState.LOADED
    loaded_at = NOON
    registered_by = factory.SubFactory(UserFactory)
    registered_at = NOON


class ComparisonFactory(DjangoModelFactory):
    """A comparison that was asked for and waits."""

    class Meta:
        model = Comparison

    number = factory.Sequence(lambda n: n + 1)
    purpose = "核对补贴发放"
    legal_basis = "巡察工作条例"
    expires = factory.LazyFunction(lambda: days(60))
    requested_by = factory.SubFactory(UserFactory)
    requested_at = NOON


class DoneComparisonFactory(ComparisonFactory):
    state = ComparisonState.DONE
    decided_by = factory.SubFactory(UserFactory, role=Role.DIRECTOR)
    decided_at = NOON
    finished_at = NOON


class HitFactory(DjangoModelFactory):
    """A hit that nobody has answered, with one row that it rests on."""

    class Meta:
        model = Hit
        skip_postgeneration_save = True

    hit_id = factory.Sequence(lambda n: f"{n:064x}")
    rule = "paid-after-death"
    rule_version = "2026.1"
    risk = Risk.HIGH
    amount_cents = 46500
    why_zh = "某人去世后仍发放1笔，待核实。"
    why_en = "Paid once after death. To be verified."
    key = factory.LazyFunction(lambda: {"person_key": "110101195003071234", "programme": "低保"})
    facts = factory.LazyFunction(lambda: {"name": "某人"})
    place = "石桥镇下堡村"
    latest = factory.SubFactory(DoneComparisonFactory)
    found_at = NOON

    @factory.post_generation
    def rows(self, create: bool, extracted: object, **kwargs: object) -> None:
        if not create:
            return
        sighting = Sighting.objects.create(
            comparison=self.latest, hit=self, amount_cents=self.amount_cents, evidence_rows=1
        )
        EvidenceRow.objects.create(
            sighting=sighting,
            position=1,
            role="payment",
            table="payments",
            file="一卡通.xlsx",
            sheet="明细",
            row_number=7,
            headings=["姓名", "身份证号", "银行账号", "金额"],
            cells=["某人", "110101195003071234", "6217000012345678901", "465"],
        )

"""Writings and likenesses as a comparison leaves them."""

import factory
from factory.django import DjangoModelFactory

from tanzhao.documents.models import FileText
from tanzhao.rectification.models import Likeness, Writing
from tests.factories import NOON, ItemFactory


class FileTextFactory(DjangoModelFactory):
    """A text that was read; its prints are made when it is compared."""

    class Meta:
        model = FileText

    sha256 = factory.Sequence(lambda n: f"f{n:063x}")
    state = "read"
    text = "逐笔核对，全部追缴。"
    parts = factory.LazyFunction(lambda: [[0, 0, 1]])
    read_at = NOON


class WritingFactory(DjangoModelFactory):
    """The words of a claim, compared, with their text."""

    class Meta:
        model = Writing

    kind = "claim"
    item = factory.SubFactory(ItemFactory)
    step = factory.LazyAttribute(
        lambda one: one.item.steps.create(kind="claimed", text="已办结", at=NOON)
    )
    sha256 = factory.LazyFunction(lambda: FileTextFactory().sha256)
    handed_in_at = NOON
    state = "compared"


class LikenessFactory(DjangoModelFactory):
    """A question that nobody has answered, about two units' writings."""

    class Meta:
        model = Likeness

    later = factory.SubFactory(WritingFactory)
    earlier = factory.SubFactory(WritingFactory)
    relation = "other"
    passages = factory.LazyFunction(lambda: [[0, 4, 0, 4, 1000]])
    passage_count = 1
    letters = 4
    later_share = 0.5
    earlier_share = 0.5
    found_at = NOON

"""Two documents that are alike, and all that people said of them, each with a word of its own."""

from tanzhao.rectification.models import (
    CommonHolder,
    CommonPassage,
    Inquiry,
    KeptWording,
    LikenessAnswer,
)
from tests.factories import NOON, FindingFactory, ItemFactory, StoredFileFactory, UserFactory
from tests.rectification.factories import FileTextFactory, LikenessFactory, WritingFactory


def file_writing(item, title, text):
    """Make a file that was handed in with a claim, read and compared."""
    step = item.steps.create(kind="claimed", at=NOON)
    piece = step.files.create(file=StoredFileFactory(), name="材料.pdf")
    sha256 = FileTextFactory(text=text, sha256=piece.file.sha256).sha256
    return WritingFactory(
        kind="file", item=item, step=step, piece=piece, title=title, sha256=sha256
    )


def alike_documents(field, item):
    """Make a likeness at an item of the unit in the field, with a document of `item`; give the
    keys by which its pages are opened."""
    finding = FindingFactory(engagement=field, title="另一问题", state="fed_back")
    own = file_writing(ItemFactory(finding=finding), "词本组材料", "逐笔核对，全部追缴。")
    other = file_writing(item, "词他组材料", "逐笔核对。词他组文字。")
    by = UserFactory()
    alike = LikenessFactory(
        later=own, earlier=other, answer="copied", answered_by=by, answered_at=NOON
    )
    LikenessAnswer.objects.create(
        likeness=alike, outcome="copied", reason="词答复理由", by=by, at=NOON
    )
    inquiry = Inquiry.objects.create(
        likeness=alike, question="词询问", asked_by=UserFactory(), asked_at=NOON
    )
    common = CommonPassage.objects.create(key="c" * 64, text="词公共段落", found_at=NOON)
    CommonHolder.objects.create(common=common, writing=other, start=0, end=5)
    kept = KeptWording.objects.create(
        kind="template", title="词收录", text="范本", sha256="d" * 64, added_by=by, added_at=NOON
    )
    return {
        "likeness_id": [alike.pk],
        "inquiry_id": [inquiry.pk],
        "common_id": [common.pk],
        "wording_id": [kept.pk],
    }

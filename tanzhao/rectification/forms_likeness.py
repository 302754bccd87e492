"""What people fill in about likenesses, and about wording that the office keeps."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.rules import kinds_in_words
from tanzhao.documents.states import HANDED_IN_KINDS
from tanzhao.rectification.queries.likeness import DEFAULT_ORDER, ORDERS, Asked, units_asked
from tanzhao.rectification.states import LikenessOutcome, Relation, WordingKind, WritingKind

LONGEST_REASON = 1000
LONGEST_TEXT = 20_000


class KeyedForm(forms.Form):
    """A form that bears the key of what it makes, so that sent twice it makes one."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())


class AnswerForm(KeyedForm):
    outcome = forms.ChoiceField(
        label=_("What this is"), choices=LikenessOutcome, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("What you looked at, and why this answer"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_outcome(self) -> LikenessOutcome:
        return LikenessOutcome(self.cleaned_data["outcome"])


class AskForm(KeyedForm):
    question = forms.CharField(
        label=_("What you want to know"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes to the inspection office, which may read both documents."),
    )


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("What they may know"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read this sentence, and nothing else of the other document."),
    )


class WordingForm(KeyedForm):
    kind = forms.ChoiceField(label=_("Kept as"), choices=WordingKind, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Of allowed wording: one wording a line."),
    )
    file = forms.FileField(label=_("Or a file"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sentence = _("Instead of the text. Taken are: %(kinds)s.")
        self.fields["file"].help_text = sentence % {"kinds": kinds_in_words(HANDED_IN_KINDS)}

    def clean_kind(self) -> WordingKind:
        return WordingKind(self.cleaned_data["kind"])

    def clean_file(self) -> tuple[UploadedFile[Any], str] | None:
        file = self.cleaned_data["file"]
        return (file, file.name or "") if file else None


class LikenessFilters(forms.Form):
    """What a reader may ask of the list. A value that makes no sense asks for nothing."""

    SORTS = {
        "letters": _("longest first"),
        "day": _("latest found first"),
        "unit": _("by unit"),
    }

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    relation = forms.ChoiceField(label=_("Other document"), required=False)
    kind = forms.ChoiceField(label=_("Found in"), required=False)
    answer = forms.ChoiceField(label=_("Answer"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(self, data: Any, *, reader: User, round_id: UUID | None = None) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.round_id = round_id
        mine = [("mine", _("waits for me"))] if reader.holds(Action.LIKENESS_ANSWER) else []
        kinds = [choice for choice in WritingKind.choices if choice[0] != WritingKind.TEMPLATE]
        offered: dict[str, list[Any]] = {
            "unit": [(str(key), name) for key, name in units_asked(reader, round_id)],
            "relation": list(Relation.choices),
            "kind": kinds,
            "answer": [
                *mine,
                ("open", _("not answered yet")),
                ("answered", _("answered")),
                *LikenessOutcome.choices,
            ],
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]
        self.fields["sort"].choices = list(self.SORTS.items())  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """Give what was asked for, without what makes no sense."""
        self.full_clean()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        said.pop("sort", None)
        unit = said.pop("unit", None)
        return Asked(round=self.round_id, unit=UUID(unit) if unit else None, **said)

    @property
    def narrows(self) -> bool:
        """Whether anything is left out of the list."""
        return self.asked() != Asked(round=self.round_id)

    def order(self) -> tuple[str, ...]:
        """Give the fields of the order asked for."""
        self.full_clean()
        return ORDERS[self.cleaned_data.get("sort") or DEFAULT_ORDER]

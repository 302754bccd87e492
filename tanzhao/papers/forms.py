"""What people fill in about papers and evidence."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanzhao.inspections.models import TeamMember
from tanzhao.inspections.states import TeamRole
from tanzhao.kernel.filters import ListFilter
from tanzhao.papers.actions.evidence import Description
from tanzhao.papers.models import Evidence, Fact
from tanzhao.papers.states import DistinctionAnswer, PaperState
from tanzhao.papers.wording import TEXTS, Distinction, FactText, Wording
from tanzhao.taxonomy.models import Code

LONGEST = 20_000
MOST_FACTS = 60
SPARE_FACTS = 1
Choices = list[tuple[str, str]]


def method_choices(codes: list[Code]) -> Choices:
    return [("", gettext("— by which method? —")), *((code.code, str(code)) for code in codes)]


def handler_choices(members: list[TeamMember], besides: UUID | None = None) -> Choices:
    """Members who may be handlers, the beginner left out: the leader approves."""
    return [
        (str(member.inspector_id), f"{member.inspector}（{member.get_role_display()}）")
        for member in members
        if member.role != TeamRole.LEADER and member.inspector_id != besides
    ]


class BeginForm(forms.Form):
    paper_id = forms.UUIDField(widget=forms.HiddenInput)
    lead_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("One matter, one paper. Say who did what, without adjectives."),
    )
    handlers = forms.TypedMultipleChoiceField(
        label=_("Handlers besides you"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least one. All of them sign the paper."),
        error_messages={"required": _("Choose at least one more handler.")},
    )

    def __init__(self, *args: Any, handlers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handlers"].choices = handlers  # type: ignore[attr-defined]  # a choice field


def _text(label: Any, help_text: Any, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class PaperForm(forms.Form):
    """The texts of a paper. Everything but the title may still be empty in a draft."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=120)
    overview = _text(_("Overview"), _("The matter in two or three sentences, as in the report."))
    handlers = forms.MultipleChoiceField(
        label=_("Handlers"), widget=forms.CheckboxSelectMultiple, required=False
    )
    basis = _text(_("Basis"), _("The rule that was not kept: its name, article and version."))
    responsibility = _text(
        _("Responsibility"),
        _("Of the organisation, the first responsible, the leader in charge, those directly."),
    )
    effect = _text(_("Effect"), _("What followed from it, in figures where there are any."))
    principal_said = _text(
        _("What the unit's principal said"),
        _("When and with whom it was discussed, and what they said to it."),
    )

    def __init__(self, *args: Any, handlers: Choices, questions: list[Code], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.fields["handlers"].choices = handlers  # type: ignore[attr-defined]  # a choice field
        answers = [("", gettext("not answered")), *DistinctionAnswer.choices]
        for question in questions:
            self.fields[f"answer_{question.code}"] = forms.ChoiceField(
                label=question.about, choices=answers, required=False, widget=forms.RadioSelect
            )
            self.fields[f"reason_{question.code}"] = forms.CharField(
                label=_("Reason"), required=False, max_length=1000
            )

    def asked(self) -> list[dict[str, Any]]:
        """Give each question with its two fields, for the page."""
        return [
            {
                "question": question,
                "answer": self[f"answer_{question.code}"],
                "reason": self[f"reason_{question.code}"],
            }
            for question in self.questions
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.questions:
            reason = cleaned.get(f"reason_{question.code}", "")
            not_applicable = cleaned.get(f"answer_{question.code}") == "not_applicable"
            if not_applicable and not reason.strip():
                self.add_error(
                    f"reason_{question.code}", gettext("“Not applicable” needs a reason.")
                )
        return cleaned


class FactForm(forms.Form):
    """One fact. A row with nothing in it is not one."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    method = forms.ChoiceField(label=_("Method"))
    what = forms.CharField(
        label=_("What was found"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    when = forms.CharField(label=_("When"), max_length=120, required=False)
    where = forms.CharField(label=_("Where"), max_length=120, required=False)
    how_much = forms.CharField(label=_("How much"), max_length=120, required=False)

    def __init__(self, *args: Any, methods: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = methods  # type: ignore[attr-defined]  # a choice field
        self.fields["method"].error_messages["required"] = gettext(
            "Choose one of the thirteen methods."
        )


class BaseFactFormSet(BaseFormSet[FactForm]):
    def add_fields(self, form: FactForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].widget.attrs["min"] = 1
        form.fields["ORDER"].label = gettext("Order")
        form.fields["DELETE"].label = gettext("Remove this fact")

    def facts(self) -> tuple[FactText, ...]:
        """Give the facts in their order, new ones with a new key. The form set is valid."""
        kept = [form for form in self.ordered_forms if form not in self.deleted_forms]
        # A spare row that was filled in has no place yet: those come last, as they stand.
        texts = [form.cleaned_data for form in kept if form.cleaned_data.get("what")]
        return tuple(
            FactText(
                id=str(values["id"] or uuid4()),
                **{name: values[name] for name in ("what", "when", "where", "how_much", "method")},
            )
            for values in texts
        )


def fact_form_set(spare: int = SPARE_FACTS) -> type[BaseFactFormSet]:
    return forms.formset_factory(  # type: ignore[return-value]  # of our base
        FactForm,
        formset=BaseFactFormSet,
        extra=spare,
        can_order=True,
        can_delete=True,
        max_num=MOST_FACTS,
        absolute_max=MOST_FACTS + 5,
        validate_max=True,
    )


def initial_of(wording: Wording, version: int) -> dict[str, Any]:
    """Give what the form shows of a wording."""
    initial: dict[str, Any] = {name: getattr(wording, name) for name in TEXTS}
    for answer in wording.distinctions:
        initial[f"answer_{answer.code}"] = answer.answer
        initial[f"reason_{answer.code}"] = answer.reason
    return initial | {"version": version, "handlers": list(wording.handlers)}


def initial_facts(wording: Wording) -> list[dict[str, Any]]:
    """Give what the rows of facts show of a wording."""
    names = ("id", "what", "when", "where", "how_much", "method")
    rows = enumerate(wording.facts, 1)
    return [{"ORDER": n} | {name: getattr(fact, name) for name in names} for n, fact in rows]


def wording_from(form: PaperForm, facts: BaseFactFormSet) -> Wording:
    """Put together what was filled in. Both are valid."""
    values = form.cleaned_data
    answers = (
        Distinction(
            question.code, values[f"answer_{question.code}"], values[f"reason_{question.code}"]
        )
        for question in form.questions
    )
    return Wording(
        **{name: values[name] for name in TEXTS},
        facts=facts.facts(),
        distinctions=tuple(answer for answer in answers if answer.answer or answer.reason),
        handlers=tuple(sorted(values["handlers"])),
    )


class ManyFiles(forms.FileInput):
    """A list of files and the camera send their files under one name."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:  # noqa: ARG002  Django's signature
        return list(files.getlist(name))


class ManyFilesField(forms.FileField):
    """One or more files from one or more inputs of the same name."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ARG002  Django's signature
        # Kind, size and emptiness are asked when a file is stored, of each by itself.
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class EvidenceForm(forms.Form):
    """What people say of a piece of evidence."""

    kind = forms.ChoiceField(label=_("Kind of evidence"))
    fact = forms.TypedChoiceField(
        label=_("Belongs to"), required=False, coerce=UUID, empty_value=None
    )
    name = forms.CharField(label=_("Name of the evidence"), max_length=120, required=False)
    source = forms.CharField(label=_("Source"), max_length=120, required=False)
    page = forms.CharField(label=_("Page"), max_length=60, required=False)
    is_original = forms.BooleanField(label=_("original, not a copy"), required=False)

    def __init__(self, *args: Any, kinds: list[Code], facts: list[Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", gettext("— which kind? —")),
            *((code.code, str(code)) for code in kinds),
        ]
        self.fields["fact"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", gettext("the whole paper")),
            *(
                (str(fact.pk), f"{number}. {fact.what[:30]}")
                for number, fact in enumerate(facts, 1)
            ),
        ]

    def description(self) -> Description:
        """Give what was said, as the actions want it. The form is valid."""
        values = self.cleaned_data
        return {
            "name": values["name"],
            "kind": values["kind"],
            "source": values["source"],
            "page": values["page"],
            "is_original": values["is_original"],
            "fact_id": values["fact"],
        }


class UploadForm(EvidenceForm):
    """Files together with what is said of all of them."""

    uploads = ManyFilesField(
        label=_("Files"),
        widget=ManyFiles,
        error_messages={"required": _("Choose a file, or take a photograph.")},
    )
    field_order = ["uploads", "kind", "fact", "name", "source", "page", "is_original"]


def initial_evidence(evidence: Evidence) -> dict[str, Any]:
    """Give what the form shows of a piece of evidence."""
    return {
        "kind": evidence.kind.code,
        "fact": str(evidence.fact_id or ""),
        "name": evidence.name,
        "source": evidence.source,
        "page": evidence.page,
        "is_original": evidence.is_original,
    }


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Opinion"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason of the return"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    to = forms.TypedChoiceField(
        label=_("Back to"),
        coerce=PaperState,
        choices=[
            (PaperState.RETURNED, _("the handlers")),
            (PaperState.DEPUTY_REVIEWED, _("the team leader")),
        ],
    )


class PaperFilter(ListFilter):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=60,
        widget=forms.SearchInput(attrs={"placeholder": _("title, number or unit")}),
    )
    engagement = forms.UUIDField(label=_("Unit"), required=False, widget=forms.Select)
    round = forms.UUIDField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *PaperState.choices]
    )
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[
            ("", _("everybody's")),
            ("waiting", _("waiting for me")),
            ("mine", _("I am a handler")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("last changed first")),
            ("unit", _("by unit")),
            ("state", _("by state")),
            ("title", _("by title")),
        ],
    )

    def offer(self, engagements: Choices, *, is_inspector: bool) -> None:
        """Offer these units; whoever is no inspector handles no papers."""
        self.fields["engagement"].widget.choices = [("", gettext("all")), *engagements]
        if not is_inspector:
            whose = self.fields["whose"].widget
            whose.choices = [one for one in whose.choices if one[0] != "mine"]

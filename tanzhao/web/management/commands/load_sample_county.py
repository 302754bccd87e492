"""Filling an empty database with the sample county."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.kernel.calendar import OutsideCalendar
from tanzhao.kernel.verdict import Refused
from tanzhao.web.sample import BadStory, is_empty, load_county


class Command(BaseCommand):
    help = (
        "Fill an empty database with the sample county, its days counted back from today."
        " For example: ./run manage load_sample_county"
    )

    def handle(self, **options: Any) -> None:  # noqa: ARG002  Django passes its own
        if not is_empty():
            self.stdout.write(_("There are accounts already, so the sample county is not loaded."))
            return
        try:
            steps = load_county(at=timezone.now())
        except (BadStory, OutsideCalendar, Refused) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            _("The sample county is loaded. Steps taken: %(steps)s.") % {"steps": steps}
        )

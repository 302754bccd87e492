"""Who may know of which data sets, comparisons and hits, and who may take which step."""

from tanzhao.screening.rules.visibility import visible_comparisons, visible_data_sets, visible_hits

__all__ = ["visible_comparisons", "visible_data_sets", "visible_hits"]

"""The sample county of the demo: a story told by the actions of the features, day by day."""

from tanzhao.web.sample.county import is_empty, load_county

__all__ = ["is_empty", "load_county"]

"""The sample county of the demo: a story told by the actions of the features, day by day."""

from tanzhao.web.sample.county import is_empty, load_county
from tanzhao.web.sample.playing import BadStory

__all__ = ["BadStory", "is_empty", "load_county"]

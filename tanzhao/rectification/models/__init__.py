"""Rows of rectification: items and their steps, and what was found alike in what was handed in."""

from tanzhao.rectification.models.items import RectificationItem, Step, StepFile
from tanzhao.rectification.models.likeness import (
    CommonHolder,
    CommonPassage,
    Inquiry,
    Likeness,
    LikenessAnswer,
)
from tanzhao.rectification.models.writings import KeptWording, Writing

__all__ = [
    "CommonHolder",
    "CommonPassage",
    "Inquiry",
    "KeptWording",
    "Likeness",
    "LikenessAnswer",
    "RectificationItem",
    "Step",
    "StepFile",
    "Writing",
]

"""The pages of rectification: the register, one item, many plans at once, steps of a round."""

from tanzhao.rectification.views.items import (
    accept_plan,
    claim,
    close,
    file,
    item,
    plan,
    plan_item,
    reopen,
    report_progress,
    return_item,
    return_plan,
    verify,
)
from tanzhao.rectification.views.register import export, items
from tanzhao.rectification.views.rounds import assess, feed_back

__all__ = [
    "accept_plan",
    "assess",
    "claim",
    "close",
    "export",
    "feed_back",
    "file",
    "item",
    "items",
    "plan",
    "plan_item",
    "reopen",
    "report_progress",
    "return_item",
    "return_plan",
    "verify",
]

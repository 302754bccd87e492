"""The boards, and the dossier of a unit."""

from tanzhao.reports.views.boards import rectification_board, round_board
from tanzhao.reports.views.dossier import dossier

__all__ = ["dossier", "rectification_board", "round_board"]

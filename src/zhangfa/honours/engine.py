"""Every change of honours: one transaction and one event of kind ``honour`` each, written once per key."""

from zhangfa.honours.awarding import award, withdraw
from zhangfa.honours.boards import confer_from_board
from zhangfa.honours.rules import review_rollups

__all__ = ["award", "confer_from_board", "review_rollups", "withdraw"]

"""The life of a score: every write and rule. Each function is one transaction and one event of kind ``score``."""

from zhangfa.publishing.engine.draft import draft_board
from zhangfa.publishing.engine.lock import lock_board
from zhangfa.publishing.engine.objecting import decide_objection, object_to
from zhangfa.publishing.engine.revise import revise_board
from zhangfa.publishing.engine.sign import sign_board

__all__ = ["decide_objection", "draft_board", "lock_board", "object_to", "revise_board", "sign_board"]

"""A refusal to a person: a whole sentence that says what, why and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhangfa.refusal import Refusal

__all__ = ["Refusal", "refuse_absent", "refuse_fields"]


def refuse_absent() -> Refusal:
    """Build the one answer for what does not exist and for what may not be seen."""
    return Refusal("not_found", _("没有找到这条记录。"), hint=_("请核对编号，或回到台账查找。"))


def refuse_fields(fields: Mapping[str, str]) -> Refusal:
    """Build the refusal that names every field which needs another look."""
    sentence = _("有 %(count)d 处需要修改，您填写的内容都还在。") % {"count": len(fields)}
    return Refusal("fields", sentence, hint=_("请逐项修改后再提交。"), fields=fields)

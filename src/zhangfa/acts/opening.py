"""Where a new record belongs and whom it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.refusal import Refusal, refuse_fields
from zhangfa.charter.model import Charter, Register, Step
from zhangfa.directory import tree
from zhangfa.directory.models import Person
from zhangfa.directory.posts import posts_held

if TYPE_CHECKING:
    from zhangfa.acts.steps import Asking


def choose_unit(charter: Charter, register: Register, step: Step, asking: Asking) -> int:
    """Return the unit that will own the record: the one named, else the only one the actor's posts point at."""
    if asking.unit is None:
        own = sorted(
            {post.unit.id for post in asking.by.posts if post.unit.kind in register.unit and _opens(step, post.role)}
        )
        if len(own) == 1:
            return own[0]
        raise Refusal("no_unit", _("请先选择这条记录属于哪个单位。"), hint=_("在表单顶部选择单位。"))
    found = tree.find_unit(asking.unit)
    if found is None or found.kind not in register.unit or not found.exists_on(asking.at.astimezone(SHANGHAI).date()):
        raise Refusal("no_unit", _("这个单位不能有这类记录。"), hint=_("请另选一个单位。"))
    return found.id


def _opens(step: Step, role: str) -> bool:
    return any(who.kind == "role" and who.name == role for who in step.by.who)


def check_about(register: Register, step: Step, asking: Asking) -> int | None:
    """Return whom or what the record is about; refuse where it is missing or not of the right kind."""
    about = asking.about if asking.about is not None else _from_data(asking)
    if not register.about:
        return None
    if about is None:
        if step.asks_about:
            raise refuse_fields({"about": _("请选择这条记录是关于谁的。")})
        return None
    if not _fits(register, about, asking):
        raise refuse_fields({"about": _("请从列表中选择。")})
    return about


def _from_data(asking: Asking) -> int | None:
    raw = str(asking.data.get("about") or "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None


def _fits(register: Register, about: int, asking: Asking) -> bool:
    today = asking.at.astimezone(SHANGHAI).date()
    if register.about == "unit":
        found = tree.find_unit(about)
        return found is not None and found.exists_on(today) and register.about_role in ("", found.kind)
    if register.about_role:
        return any(post.role == register.about_role for post in posts_held(about, today))
    return Person.objects.filter(pk=about).exists()

"""The clerk's changes of the directory: each one simple form, one call of the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.acts.rehoming import rehome_records
from zhangfa.charter.engine import all_current
from zhangfa.desk.clerks import keeps
from zhangfa.desk.unit_words import KINDS, group_title, role_title
from zhangfa.desk.views.forms import Entry, Page, Words
from zhangfa.directory import engine, tree
from zhangfa.directory.groups import groups_in_force
from zhangfa.directory.models import GroupMember, Post
from zhangfa.directory.posts import CLERK
from zhangfa.directory.tree import UnitNow
from zhangfa.log.transaction import write_transaction


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a unit: its words, its fields, and the engine's verb."""

    title: Words
    explanation: Words
    entries: Callable[[UnitNow], tuple[Entry, ...]]
    carry_out: Callable[..., object]
    done: Words


def _since(label: Words) -> Entry:
    return Entry("on", label, "date", value=timezone.localdate().isoformat())


def _rehomed(move: Callable[..., engine.Moved], **given: object) -> None:
    """Move units and, in the same transaction, the records that hang on them."""
    with write_transaction():
        rehome_records(move(**given).moved)


CHANGES: dict[str, Change] = {
    "rename": Change(
        lazy("更名"),
        lazy("旧名称保留在沿革里，按日期仍能查到。"),
        lambda unit: (Entry("name", _("新名称"), value=unit.name), _since(_("从哪天起"))),
        lambda unit, **rest: engine.rename_unit(unit=unit, **rest),
        lazy("已更名。"),
    ),
    "move": Change(
        lazy("划转"),
        lazy("单位和它下面的全部单位一起划到新的上级；以前的隶属关系按日期仍能查到。"),
        lambda unit: (
            Entry("parent", _("新的上级单位"), "unit", _("名称、代码或拼音首字母")),
            _since(_("从哪天起")),
        ),
        lambda unit, **rest: _rehomed(engine.move_unit, unit=unit, **rest),
        lazy("已划转。"),
    ),
    "merge": Change(
        lazy("并入"),
        lazy("本单位从这天起撤销，下级单位和任职按规则转入另一个单位；历史记录不变。"),
        lambda unit: (Entry("into", _("并入哪个单位"), "unit", _("名称、代码或拼音首字母")), _since(_("从哪天起"))),
        lambda unit, **rest: _rehomed(engine.merge_unit, unit=unit, **rest),
        lazy("已并入。"),
    ),
    "close": Change(
        lazy("撤销"),
        lazy("本单位从这天起不再存在，过去的记录仍能查到。"),
        lambda unit: (_since(_("从哪天起")),),
        lambda unit, **rest: engine.close_unit(unit=unit, **rest),
        lazy("已撤销。"),
    ),
    "add": Change(
        lazy("新设下级单位"),
        lazy("新单位挂在本单位之下。"),
        lambda unit: (
            Entry("name", _("名称")),
            Entry("kind", _("类别"), "select", options=tuple((id, str(words)) for id, words in KINDS.items())),
            Entry("code", _("代码"), help=_("全县唯一的代码，例如 370828001005。")),
            Entry("since", _("从哪天起"), "date", value=timezone.localdate().isoformat()),
        ),
        lambda unit, **rest: engine.create_unit(parent=unit, **rest),
        lazy("已设立。"),
    ),
    "join": Change(
        lazy("加入编组"),
        lazy("考核按编组比较时，以考核期最后一天所在的编组为准；以前的编组按日期仍能查到。"),
        lambda unit: (
            Entry("group", _("编组"), "select", options=groups_for(unit.kind)),
            Entry("part", _("分组"), help=_("编组再分成几组时填写，例如：东片。"), required=False),
            Entry("since", _("从哪天起"), "date", value=timezone.localdate().isoformat()),
        ),
        lambda unit, **rest: engine.join_group(unit=unit, **rest),
        lazy("已加入编组。"),
    ),
}


def change_unit(request: HttpRequest, unit: int, change: str) -> HttpResponse:
    """Show and carry out one change of a unit."""
    found = tree.find_unit(unit)
    asked = CHANGES.get(change)
    if asked is None or found is None or not keeps(request.actor, unit):
        raise Http404
    page = Page(asked.title, asked.explanation, asked.entries(found), found.name, ("unit", unit))
    return page.answer(request, lambda **given: asked.carry_out(unit, **given), asked.done)


def appoint(request: HttpRequest, unit: int) -> HttpResponse:
    """Give a person a post at a unit."""
    found = tree.find_unit(unit)
    if found is None or not keeps(request.actor, unit):
        raise Http404
    entries = (
        Entry("person", _("人员"), "person", _("姓名、工号或拼音首字母")),
        Entry("role", _("角色"), "select", options=roles_at(found.kind)),
        Entry("since", _("从哪天起"), "date", value=timezone.localdate().isoformat()),
        Entry("until", _("到哪天止"), "date", _("不填就是没有期限；这一天起不再任职。"), required=False),
    )
    page = Page(_("任命"), _("职务从起始日生效，权限随之开放。"), entries, found.name, ("unit", unit))
    return page.answer(request, lambda **given: engine.appoint(unit=unit, **given), _("已任命。"))


def end_post(request: HttpRequest, post: int) -> HttpResponse:
    """End a post."""
    row = Post.objects.select_related("person", "unit").filter(pk=post).first()
    if row is None or not keeps(request.actor, row.unit_id):
        raise Http404
    entries = (Entry("until", _("从哪天起不再任职"), "date", value=timezone.localdate().isoformat()),)
    about = f"{row.person.name} · {row.unit.name} · {role_title(row.role)}"
    page = Page(_("免去"), _("权限随之收回；过去办理的事仍记在本人名下。"), entries, about, ("unit", row.unit_id))
    return page.answer(request, lambda **given: engine.end_post(post=post, **given), _("已免去。"))


def leave_group(request: HttpRequest, membership: int) -> HttpResponse:
    """End a unit's membership of a group."""
    row = GroupMember.objects.select_related("unit").filter(pk=membership).first()
    if row is None or not keeps(request.actor, row.unit_id):
        raise Http404
    entries = (Entry("until", _("从哪天起退出"), "date", value=timezone.localdate().isoformat()),)
    about = f"{row.unit.name} · {group_title(row.group)}" + (f" · {row.part}" if row.part else "")
    page = Page(_("退出编组"), _("以前的编组关系按日期仍能查到。"), entries, about, ("unit", row.unit_id))
    return page.answer(request, lambda **given: engine.leave_group(membership=membership, **given), _("已退出编组。"))


def groups_for(kind: str) -> tuple[tuple[str, str], ...]:
    """List the groups of the charters in force that a kind of unit may belong to."""
    found = groups_in_force(timezone.localdate()).values()
    return tuple((one.key, group_title(one.key)) for one in found if kind in one.of)


def roles_at(kind: str) -> tuple[tuple[str, str], ...]:
    """List the roles of the charters in force that exist at a kind of unit, and the clerk's at a county."""
    found = {role.id for charter in all_current().values() for role in charter.roles.values() if kind in role.at}
    roles = sorted(found) + ([CLERK] if kind == "county" else [])
    return tuple((role, role_title(role)) for role in roles)

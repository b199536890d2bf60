"""The clerk's changes of people and their accounts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhangfa.desk import accounts, org
from zhangfa.desk.clerks import demand_clerk, is_clerk, keeps
from zhangfa.desk.views.forms import Entry, Page
from zhangfa.directory import engine
from zhangfa.directory.models import Account, Person

Doing = Callable[..., object]


def may_change(request: HttpRequest, person: int) -> bool:
    """Say whether the reader is the clerk for one of the person's posts, or for somebody without any."""
    posts = org.posts_of(person, timezone.localdate())
    if not any(post.held for post in posts):
        return is_clerk(request.actor)
    return any(keeps(request.actor, post.unit) for post in posts if post.held)


def add_person(request: HttpRequest) -> HttpResponse:
    """Add a person to the directory."""
    demand_clerk(request.actor)
    entries = (
        Entry("code", _("工号"), help=_("全县唯一；不要用身份证号。")),
        Entry("name", _("姓名")),
        Entry("work_phone", _("工作电话"), required=False),
    )
    page = Page(
        _("新增人员"),
        _("先登记人，再任命职务、开通账户。"),
        entries,
        _("组织"),
        ("directory",),
        lambda made: ("person", made.pk),
    )
    return page.answer(request, lambda **given: engine.create_person(**given), _("已登记。"))


def change_person(request: HttpRequest, person: int, change: str) -> HttpResponse:
    """Show and carry out one change of a person or of the person's account."""
    found = Person.objects.filter(pk=person).first()
    if found is None or change not in CHANGES or not may_change(request, person):
        raise Http404
    return CHANGES[change](request, found)


def _correct(request: HttpRequest, person: Person) -> HttpResponse:
    entries = (
        Entry("name", _("姓名"), value=person.name),
        Entry("work_phone", _("工作电话"), value=person.work_phone, required=False),
        Entry("pinyin", _("拼音首字母"), value=person.pinyin, help=_("自动取的首字母可能不对，例如单、曾、解。")),
    )
    page = _page(person, _("更正"), _("只改写错的；职务变动请用任命和免去。"), entries)
    return page.answer(request, lambda **given: engine.change_person(person=person.pk, **given), _("已更正。"))


def _open(request: HttpRequest, person: Person) -> HttpResponse:
    entries = (Entry("username", _("用户名"), value=person.code.lower(), help=_("数字、字母和连字符。")),)
    page = _page(person, _("开通账户"), _("系统给出一个初始密码，本人第一次登录时必须修改。"), entries)
    return page.answer(request, lambda **given: accounts.open_account(person=person.pk, **given), _told)


def _reset(request: HttpRequest, person: Person) -> HttpResponse:
    account = _account(person)
    page = _page(person, _("重设密码"), _("原密码立即失效。新的初始密码只显示一次，本人登录时必须修改。"), ())
    return page.answer(request, lambda **given: accounts.reset_password(account=account.pk, **given), _told)


def _factor(request: HttpRequest, person: Person) -> HttpResponse:
    account = _account(person)
    page = _page(person, _("重设两步验证"), _("更换手机或遗失时使用；先当面或电话核实是本人。"), ())
    done = _("已重设，下次登录时重新设置。")
    return page.answer(request, lambda **given: accounts.reset_two_factor(account=account.pk, **given), done)


def _close(request: HttpRequest, person: Person) -> HttpResponse:
    account = _account(person)
    page = _page(person, _("停用账户"), _("停用后不能再登录；人、职务和办过的事都保留。"), ())
    return page.answer(request, lambda **given: engine.close_account(account=account.pk, **given), _("账户已停用。"))


CHANGES: dict[str, Callable[[HttpRequest, Person], HttpResponse]] = {
    "correct": _correct,
    "open": _open,
    "reset": _reset,
    "factor": _factor,
    "close": _close,
}


def _page(person: Person, title: str, explanation: str, entries: tuple[Entry, ...]) -> Page:
    return Page(title, explanation, entries, person.name, ("person", person.pk))


def _account(person: Person) -> Account:
    account = accounts.account_of(person.pk)
    if account is None or not account.is_active:
        raise Http404
    return account


def _told(password: object) -> str:
    return _("初始密码：%(password)s。只显示这一次，请当面交给本人。") % {"password": password}

"""Taking a list out as CSV or XLSX, and saving its filter."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhangfa.desk.posted import read_id
from zhangfa.registers.columns import chosen_columns
from zhangfa.registers.export import XLSX_TYPE, csv_parts, exported_rows, note_export, xlsx_parts
from zhangfa.registers.models import SavedFilter
from zhangfa.registers.views.entering import enter_register

MOST_SAVED = 30


@require_GET
def export(request: HttpRequest, key: str, kind: str) -> StreamingHttpResponse:
    """Send exactly what the list shows, after the log has noted who took how many records."""
    entered = enter_register(request, key)
    listing = entered.asked(request)
    columns = chosen_columns(entered.register, listing.chosen.columns)
    ids = listing.all_ids()
    note_export(
        listing=listing,
        kind=kind,
        count=len(ids),
        by=entered.actor.person,
        at=entered.at,
        key=f"export-{secrets.token_hex(12)}",
    )
    title = entered.register.title.in_language(get_language() or "zh-hans")
    rows = exported_rows(listing, columns, ids)
    parts = csv_parts(rows) if kind == "csv" else xlsx_parts(rows, columns, title)
    type_ = "text/csv; charset=utf-8" if kind == "csv" else XLSX_TYPE
    answer = StreamingHttpResponse(parts, content_type=type_)
    name = f"{title}-{timezone.localtime(entered.at):%Y%m%d-%H%M}.{kind}"
    answer["Content-Disposition"] = f"attachment; filename=\"{entered.key}.{kind}\"; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def save_filter(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a filter under a name of one's own, or remove one."""
    entered = enter_register(request, key)
    own = SavedFilter.objects.filter(person=entered.actor.person, register=key)
    if request.POST.get("remove"):
        own.filter(id=read_id(request.POST["remove"])).delete()
        return redirect("register", key)
    name, query = request.POST.get("name", "").strip()[:40], request.POST.get("query", "")[:2000]
    if not query.startswith("?"):
        raise Http404
    if not name:
        messages.error(request, _("没有保存：请给筛选起个名字。"))
    elif own.exclude(name=name).count() >= MOST_SAVED:
        messages.error(request, _("没有保存：最多保存 %(most)s 个筛选，请先删除不用的。") % {"most": MOST_SAVED})
    else:
        own.update_or_create(name=name, defaults={"person": entered.actor.person, "register": key, "query": query})
        messages.success(request, _("已保存筛选“%(name)s”。") % {"name": name})
    return redirect(reverse("register", args=[key]) + query)

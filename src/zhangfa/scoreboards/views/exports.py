"""Taking a board out as CSV or XLSX, as the reader sees it."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhangfa.log.append import append_event
from zhangfa.log.transaction import write_transaction
from zhangfa.registers.export import XLSX_TYPE, csv_parts, xlsx_parts
from zhangfa.scoreboards import wording
from zhangfa.scoreboards.exporting import columns_of, exported_rows
from zhangfa.scoreboards.seeing import Seen, enter


@require_GET
def export(request: HttpRequest, charter: str, score: str, area: str, period: str, kind: str) -> StreamingHttpResponse:
    """Send everybody the reader may see, after the log has noted who took how many standings."""
    seen = enter(request, charter, score, area, period)
    _note(seen, kind)
    title = f"{wording.said(seen.place.score.title)}-{wording.said(seen.place.period.title)}"
    rows, columns = exported_rows(seen), columns_of(seen)
    parts = csv_parts(rows) if kind == "csv" else xlsx_parts(rows, columns, title)
    answer = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX_TYPE)
    named = f"{title}-{timezone.localtime(seen.at):%Y%m%d-%H%M}.{kind}"
    plain = f"{charter}.{score}.{period}.{kind}"
    answer["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(named)}"
    answer["Cache-Control"] = "no-store"
    return answer


def _note(seen: Seen, kind: str) -> None:
    place = seen.place
    payload = {"as": kind, "period": place.period.id, "count": len(seen.results)}
    with write_transaction():
        append_event(
            key=f"export-{secrets.token_hex(12)}", ts=seen.at, kind="export", charter=place.charter.id,
            register=f"{place.charter.id}.{place.score.id}", person=seen.actor.person, unit=place.area.id,
            payload=payload,
        )  # fmt: skip

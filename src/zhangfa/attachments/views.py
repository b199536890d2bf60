"""Hand files out: to those who may see a record that holds them, and to nobody else."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhangfa.acts.actor import PUBLIC
from zhangfa.attachments import shelf
from zhangfa.attachments.engine import StoredFile, clean_name
from zhangfa.attachments.models import Attachment
from zhangfa.attachments.pictures import make_thumbnail
from zhangfa.attachments.uses import find_readable

SESSION = "uploads"
CSP = "default-src 'none'; sandbox"


@require_safe
def file(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """Answer ``/files/<hash>/<name>``; with ``?small`` a picture's thumbnail. Denied is absent."""
    actor = getattr(request, "actor", None) or PUBLIC
    if digest in request.session.get(SESSION, []):
        found = Attachment.objects.filter(hash=digest).first()
    else:
        found = find_readable(digest=digest, actor=actor, at=timezone.now())
    return send_file(found, name, small="small" in request.GET)


def remember_upload(request: HttpRequest, stored: StoredFile) -> None:
    """Let this session see a file it has just handed in, before any record holds it."""
    uploads = [*request.session.get(SESSION, []), stored["hash"]]
    request.session[SESSION] = list(dict.fromkeys(uploads))[-200:]


def send_file(found: Attachment | None, name: str, *, small: bool = False) -> HttpResponseBase:
    """Send the bytes as a download, pictures inline; never as something a browser would run."""
    if found is None:
        raise Http404(_("没有找到这个文件。"))
    path = shelf.place_of(shelf.originals(), found.hash)
    picture = found.type.startswith("image/")
    kind = found.type
    if small and picture:
        kind = "image/jpeg"
        original, path = path, shelf.place_of(shelf.thumbnails(), found.hash)
        if not path.exists() and original.exists():
            shelf.write_whole(path, make_thumbnail(original.read_bytes()))
    if not path.exists():
        raise Http404(_("没有找到这个文件。"))
    response = FileResponse(path.open("rb"), content_type=kind)
    how = "inline" if picture else "attachment"
    ending = name.rpartition(".")[2][:5] if "." in name else ""
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(clean_name(name, ending))}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CSP
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600, immutable"
    return response

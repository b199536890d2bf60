"""What somebody typed when the session was gone: carried over signing in, and sent again after it.

The typed values travel in the page itself, signed, so that an unauthenticated request stores
nothing here; only after the password was right do they wait in the session for the second factor.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest

SALT = "zhangfa.desk.kept"
MAX_AGE = 24 * 3600
LEFT_OUT = {"csrfmiddlewaretoken"}
NEVER = {"login", "password", "two_factor"}
"""Names of pages whose forms hold secrets: these are never carried nor shown again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: where to, its values in order, names of chosen files, and by whom."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    who: str


def keep_form(request: HttpRequest, who: str = "") -> str:
    """Seal what a request carried in its form into a token; empty when it carried nothing."""
    if request.resolver_match and request.resolver_match.url_name in NEVER:
        return ""
    fields = [[name, value] for name, values in request.POST.lists() if name not in LEFT_OUT for value in values]
    if request.method != "POST" or not fields:
        return ""
    files = [file.name for files in request.FILES.lists() for file in files[1]]
    sealed = {"path": request.get_full_path(), "fields": fields, "files": files, "who": who}
    return signing.dumps(sealed, salt=SALT, compress=True)


def open_kept(token: str) -> Kept | None:
    """Open a token; None when it is empty, forged or older than a day."""
    try:
        opened = signing.loads(token, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    fields = tuple((str(name), str(value)) for name, value in opened["fields"])
    return Kept(opened["path"], fields, tuple(opened["files"]), opened["who"])

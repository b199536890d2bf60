"""No NUL from outside: PostgreSQL holds none in a text, and nobody can type one."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL = "\x00"


class PlainTextGate:
    """Answer 400 to an address or a form that holds a NUL, before anything looks it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request on, or refuse it."""
        if NUL in request.path or NUL in unquote(request.META.get("QUERY_STRING", "")) or _in_form(request):
            raise BadRequest("a NUL in the request")
        return self.get_response(request)


def _in_form(request: HttpRequest) -> bool:
    if request.method != "POST":
        return False
    return any(NUL in text for name, values in request.POST.lists() for text in (name, *map(str, values)))

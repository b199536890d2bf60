"""Signing in and out."""

from django.http import HttpRequest, HttpResponse


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, str] | None = None) -> HttpResponse:
    """Answer a locked pair of name and address."""
    return HttpResponse(status=429)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is gone."""
    return HttpResponse(status=403)

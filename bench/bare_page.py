"""The bare side of ``bench.pages``: Django alone, one view, a constant page as long as ours, no database."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = ("<p>章法</p>" * (int(os.environ["BARE_BYTES"]) // 13 + 1)).encode()


def show_page(request: HttpRequest) -> HttpResponse:
    """Answer with the constant page."""
    return HttpResponse(PAGE)


urlpatterns = [path("", show_page)]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="bare", MIDDLEWARE=[])
application = get_wsgi_application()

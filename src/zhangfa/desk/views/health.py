"""Whether this process can serve: for load balancers and watchdogs."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache


@never_cache
@login_not_required
def show_health(request: HttpRequest) -> JsonResponse:
    """Ask the database; 200 when it answers, 503 when not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"healthy": False, "database": False}, status=503)
    return JsonResponse({"healthy": True, "database": True})

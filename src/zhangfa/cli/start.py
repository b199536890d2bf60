"""Start Django for a command."""

from __future__ import annotations

import os


def start_django() -> None:
    """Load settings and apps, once, for the commands that touch the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()

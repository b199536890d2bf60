"""A process that acts without end, saying each acknowledged act; started and killed by ``test_kill``."""

from __future__ import annotations

import os
import sys

import django


def main(name: str) -> None:
    """Make the database on first use, then submit, accept and tick until killed."""
    django.setup()
    from django.core.management import call_command
    from tests.acts.county import PEOPLE, UNITS, County, build_county, moment

    from zhangfa.acts.clock import tick
    from zhangfa.directory.models import Unit

    call_command("migrate", verbosity=0)
    if not Unit.objects.exists():
        build_county()
    county = County(now=moment("2026-03-02 09:00"), prefix=name)
    county.units = {unit: number for number, (unit, _kind, _parent) in enumerate(UNITS, start=1)}
    county.people = {person: number for number, person in enumerate(PEOPLE, start=1)}
    while True:
        opened = county.request(phone="13800138000")
        accepted = county.on("accept", "wang", opened)
        for outcome in (opened, accepted):
            print(outcome.record, outcome.version, outcome.seq, flush=True)
        tick(at=moment("2026-03-02 09:00"))


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.settings")
main(sys.argv[1])

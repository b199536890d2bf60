"""A small county for the benchmarks: places, people and a charter, made through the engines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
SINCE = dt.date(2020, 1, 1)
CHARTERS = Path(__file__).resolve().parent.parent / "charters"


@dataclass(frozen=True, slots=True)
class County:
    """Ids of what was made."""

    county: int
    towns: tuple[int, ...]
    villages: tuple[int, ...]
    grids: tuple[int, ...]
    workers: tuple[int, ...]
    """The grid worker of each grid."""


def make_county(*, towns: int = 2, villages: int = 2, grids: int = 4) -> County:
    """Migrate the database, put residents' requests in force, make places and a worker for every grid."""
    from django.core.management import call_command

    from zhangfa.charter.engine import apply_charter
    from zhangfa.directory.engine import create_unit
    from zhangfa.directory.people import appoint, create_person

    call_command("migrate", verbosity=0)
    path = CHARTERS / "residents-requests.yaml"
    apply_charter(text=path.read_text(encoding="utf-8"), files={}, name=path.name, by=None, at=NOW, key="bench-charter")

    def unit(kind: str, name: str, parent: int | None) -> int:
        return create_unit(
            code=name, kind=kind, name=name, parent=parent, since=SINCE, by=None, at=NOW, key=f"bench-{name}"
        ).id

    county = unit("county", "C", None)
    made: dict[str, list[int]] = {"town": [], "village": [], "grid": [], "worker": []}
    for t in range(towns):
        made["town"].append(unit("town", f"T{t}", county))
        for v in range(villages):
            made["village"].append(unit("village", f"T{t}V{v}", made["town"][-1]))
            for g in range(grids):
                name = f"T{t}V{v}G{g}"
                made["grid"].append(unit("grid", name, made["village"][-1]))
                worker = create_person(code=f"W-{name}", name=f"W {name}", by=None, at=NOW, key=f"bench-p-{name}").pk
                appoint(
                    person=worker,
                    role="grid-worker",
                    unit=made["grid"][-1],
                    since=SINCE,
                    by=None,
                    at=NOW,
                    key=f"bench-a-{name}",
                )
                made["worker"].append(worker)
    return County(county, *(tuple(made[kind]) for kind in ("town", "village", "grid", "worker")))

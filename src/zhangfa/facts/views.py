"""A table of facts as a charter declares it, in SQL over what is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set

from zhangfa.charter.fact_columns import LEVELS, UNIT_KINDS
from zhangfa.charter.model import Charter
from zhangfa.expression.scope import NameType
from zhangfa.facts.columns import counter_name, declared_sql, quoted
from zhangfa.facts.tables import FactTable

Sources = Mapping[str, tuple[str, Sequence[str]]]
"""Stored table → query of its state in brackets, and its columns."""
PLACED = {
    **{level: f'p."at:{level}"' for level in LEVELS},
    **{f"at:{kind}": f'p."at:{kind}"' for kind in UNIT_KINDS},
    "unit.kind": "p.kind", "unit.name": "p.name", "unit.code": "p.code",
}  # fmt: skip
"""Where a fact belongs: the units above it by level, and hidden columns that expressions and keys read."""


class NoSuchFacts(LookupError):
    """A table of facts that nothing fills yet."""


def day_of(moment: str) -> str:
    """Return SQL of the day of a moment by Beijing time."""
    return f"CAST({moment} + INTERVAL 8 HOUR AS DATE)"


def view_sql(
    charter: Charter, table: FactTable, sources: Sources, *, today: dt.date, moment: dt.datetime,
    only: Set[str] | None = None,
) -> str:  # fmt: skip
    """Return the SQL of a table of facts; of a register, with only some of its columns, for facts that have a date.

    ``only`` also says which properties and titles of a unit are looked up.

    Raises:
        NoSuchFacts: nothing fills it yet.
    """
    if table.name == "task":
        return _tasks(charter, sources["task"][0], _latest(today, moment))
    if table.name == "unit":
        return _units(charter, table, sources, today, only)
    if table.name == "post":
        return _posts(charter, today)
    if table.name == "score":
        return _scores(charter, sources["standing"][0], sources["board"][0])
    if table.name == "honour":
        return _honours(charter, sources["holding"][0], today)
    if table.name not in sources:
        raise NoSuchFacts(table.name)
    return _records(charter, table, *sources[table.name], only)


def _latest(today: dt.date, moment: dt.datetime) -> str:
    """Return the last moment that counts: the end of the day, or of what is known of it."""
    end = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), dt.UTC) - dt.timedelta(hours=8)
    return f"TIMESTAMP '{min(end, moment).replace(tzinfo=None).isoformat(' ')}'"


def _placed(inner: str, day: str = "dated", only: Set[str] | None = None) -> str:
    join = f"p.unit = s.unit AND {day} >= p.from_day AND {day} < p.until_day"
    return f"SELECT {', '.join(('s.*', *_places(only)))} FROM ({inner}) s LEFT JOIN place p ON {join}"


def _places(only: Set[str] | None) -> list[str]:
    return [f"{sql} AS {quoted(name)}" for name, sql in PLACED.items() if only is None or name in only]


OWN = ("version", "state", "closed", "unit", "author", "opened", "number")
"""Columns of a record that are read as they are stored."""


def _records(
    charter: Charter, table: FactTable, source: str, stored: Sequence[str], only: Set[str] | None
) -> str:  # fmt: skip
    register = charter.registers[table.name.rpartition(".")[2]]
    fields = [one for one in register.fields if one in table.columns and (only is None or one in only)]
    counted = [counter_name(step) for step in register.steps]
    counters = {name: f"{name}:count" for name in counted if only is None or name in only}
    parts = [
        "id AS record", "id AS fact", *(one for one in OWN if one in stored),
        *(f"{one} AS about" for one in (f"about_{register.about or 'person'}",) if one in stored),
        *(f"{declared_sql(one, table.columns[one], stored)} AS {quoted(one)}" for one in fields),
        *(_count(name, column, stored) for name, column in counters.items()),
    ]  # fmt: skip
    inner = (
        f"SELECT *, {_dated(register.dated_by, table.columns)} AS dated FROM (SELECT {', '.join(parts)} FROM {source})"
    )
    if only is not None:
        return _placed(inner, only=only)
    return _placed(f"SELECT *, {day_of('opened')} AS opened_on FROM ({inner})", "coalesce(dated, opened_on)")


def _count(name: str, column: str, stored: Sequence[str]) -> str:
    return f"{f'coalesce({quoted(column)}, 0)' if column in stored else 'CAST(0 AS BIGINT)'} AS {quoted(name)}"


def _dated(field: str, columns: Mapping[str, NameType]) -> str:
    if not field:
        return day_of("opened")
    return day_of(quoted(field)) if columns[field].kind == "datetime" else quoted(field)


def _tasks(charter: Charter, source: str, now: str) -> str:
    late = f"CASE WHEN state = 'done' THEN on_time WHEN state = 'open' AND due < {now} THEN false END"
    days = f"{day_of('coalesce(due, opened)')} AS dated, {day_of('opened')} AS opened_on"
    inner = (
        "SELECT id AS fact, record, split_part(register, '.', 2) AS register, step, state, role, person, unit, "
        f"opened, due, done, done_by, {late} AS on_time, {days} FROM {source} "
        f"WHERE starts_with(register, '{charter.id}.') AND NOT starts_with(step, '~') AND state <> 'waiting'"
    )
    return _placed(inner)


def _units(charter: Charter, table: FactTable, sources: Sources, today: dt.date, only: Set[str] | None) -> str:
    day = f"DATE '{today.isoformat()}'"
    parts = []
    if asked := properties_read(table, only):
        until = f"o.day <= {day}"  # a period is judged by how things stood when it ended, however late it is judged
        held = (
            f"SELECT arg_max(o.value, o.day) FROM {sources['property'][0]} o "
            f"WHERE o.unit = p.unit AND {until} AND replace(o.name, '-', '_')"
        )
        parts += [f"({held} = '{name}') AS {quoted(name)}" for name in asked]
    if titles := titles_read(table, only):
        wanted = [(name, one) for name, one in _has_columns(charter) if name in titles]
        parts += [f"{_has(charter, one, sources['holding'][0], day)} AS {quoted(name)}" for name, one in wanted]
    columns = ", ".join(
        ("p.unit AS unit, p.unit AS fact, p.kind, p.name, p.code, p.since, p.until", *_places(None), *parts)
    )
    return f"SELECT {columns} FROM place p WHERE {_stands('p', day)} AND {day} >= p.from_day AND {day} < p.until_day"


OF_UNITS = frozenset({"unit", "kind", "name", "code", "since", "until", *LEVELS})
"""What every unit has, whatever the charter."""


def properties_read(table: FactTable, only: Set[str] | None) -> list[str]:
    """Return which properties of units are read."""
    return [one for one in _read(table, only) if not one.startswith("has_")]


def titles_read(table: FactTable, only: Set[str] | None) -> list[str]:
    """Return which columns of titles held are read."""
    return [one for one in _read(table, only) if one.startswith("has_")]


def _read(table: FactTable, only: Set[str] | None) -> list[str]:
    return [one for one in table.columns if one not in OF_UNITS and (only is None or one in only)]


def _has_columns(charter: Charter) -> list[tuple[str, str]]:
    return [(f"has_{one.replace('-', '_')}", one) for one in charter.honours]


def _has(charter: Charter, honour: str, holdings: str, day: str) -> str:
    """Return SQL of whether a unit holds an honour on a day; never NULL."""
    of_it = f"h.charter = '{charter.id}' AND h.honour = '{honour}' AND {_holds('h', day)}"
    return f"(p.unit IN (SELECT h.unit FROM {holdings} h WHERE {of_it} AND h.unit IS NOT NULL))"


def _holds(name: str, day: str) -> str:
    return f"{_stands(name, day)} AND ({name}.ended IS NULL OR {name}.ended > {day})"


def _honours(charter: Charter, holdings: str, today: dt.date) -> str:
    """Titles of units; one whose time is over on the day has lapsed, whether or not the clock has said so."""
    day = f"DATE '{today.isoformat()}'"
    over = f"until IS NOT NULL AND until <= {day}"
    inner = (
        "SELECT id AS fact, honour, grade, unit, since, coalesce(ended, until) AS until, since AS dated, "
        f"since AS opened_on, since AS opened, CASE WHEN ended IS NOT NULL THEN how WHEN {over} THEN 'lapsed' "
        f"ELSE 'held' END AS state FROM {holdings} WHERE charter = '{charter.id}' AND unit IS NOT NULL"
    )
    return _placed(inner)


def _scores(charter: Charter, standings: str, boards: str) -> str:
    """Rows of locked boards of units; who was not ranked has no total, as in scores of scores."""
    rank = "CAST(floor(TRY_CAST(s.rank AS DECIMAL(18, 1))) AS BIGINT)"
    total = "CASE WHEN s.rank IS NOT NULL THEN TRY_CAST(s.total AS DECIMAL(38, 6)) END"
    inner = (
        "SELECT s.id AS fact, b.score AS scheme, CAST(NULL AS BIGINT) AS person, s.unit, b.period, b.every, b.since, "
        f"b.until, {total} AS total, {rank} AS rank, s.of, s.tier, b.until AS dated, b.until AS opened_on, "
        f"b.until AS opened FROM {standings} s JOIN {boards} b ON b.id = s.board "
        f"WHERE b.charter = '{charter.id}' AND b.state = 'locked'"
    )
    return _placed(inner)


def _stands(name: str, day: str) -> str:
    return f"{name}.since <= {day} AND ({name}.until IS NULL OR {name}.until > {day})"


def _posts(charter: Charter, today: dt.date) -> str:
    day = f"DATE '{today.isoformat()}'"
    roles = ", ".join(f"'{role}'" for role in charter.roles) or "NULL"
    inner = (
        f"SELECT id AS fact, person, role, unit, since, until FROM held_post h "
        f"WHERE {_stands('h', day)} AND role IN ({roles})"
    )
    return _placed(inner, day)

"""The frozen charter: what loading a file yields, and all that the engines may read of it.

Ids are the words of the file. A ``Text`` is what people read. Every collection is a tuple or a
read-only mapping; nothing here is changed after loading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from zhangfa.expression import Expression

if TYPE_CHECKING:
    from zhangfa.charter.honour_model import Honour
    from zhangfa.charter.score_model import Score

EMPTY: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Text:
    """A title or help text in Chinese and, where given, in English."""

    zh: str
    en: str | None = None

    def in_language(self, code: str) -> str:
        """Return the English text for an ``en`` code where there is one, else the Chinese."""
        return self.en if code.startswith("en") and self.en else self.zh


EMPTY_TEXT = Text("")

FieldType = Literal[
    "text",
    "int",
    "decimal",
    "percent",
    "money",
    "date",
    "datetime",
    "time",
    "bool",
    "choice",
    "choices",
    "person",
    "unit",
    "units",
    "ref",
    "phone",
    "id-number",
    "credit-code",
    "files",
    "point",
    "table",
    "stock",
]
Sensitivity = Literal["personal", "health", "discipline", "location"]


@dataclass(frozen=True, slots=True)
class Who:
    """One party a charter may name.

    ``kind`` is ``role`` (``name`` is the role's id; ``at`` a unit field, as in
    ``specialist@department``), ``field`` (``name`` is a person field, or a path through a ref as in
    ``topic.lecturer``), or one of ``public``, ``author``, ``about``, ``assignee``, ``system``.
    """

    kind: Literal["role", "field", "public", "author", "about", "assignee", "system"]
    name: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Takers:
    """Who takes a step, and how many of them it needs.

    ``any``: one of ``who``. ``all``: each of ``who`` once (countersigning, 会签). ``panel``:
    ``count`` different holders of the role, drawn by lot when ``drawn``, none from the unit named by
    ``not_from``. ``vote``: the holders of the role; passes at ``share`` of those present.
    """

    mode: Literal["any", "all", "panel", "vote"]
    who: tuple[Who, ...]
    count: int = 1
    drawn: bool = False
    not_from: str = ""
    share: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as the charter says it, such as ``10 workdays``."""

    amount: int
    unit: Literal["minutes", "hours", "days", "workdays", "weeks", "months", "quarters", "years"]


@dataclass(frozen=True, slots=True)
class Late:
    """What happens when a deadline passes: tell somebody, raise a warning level, take a step."""

    tell: tuple[Who, ...] = ()
    warn: Literal["yellow", "orange", "red", ""] = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a choice field."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a register, a column of a table field, or a field asked on a step's sheet."""

    id: str
    type: FieldType
    title: Text
    help: Text | None = None
    required: bool = False
    default: Expression | None = None
    min: Decimal | dt.date | None = None
    """Smallest value; for files and choices the smallest number of them; for text the shortest length."""
    max: Decimal | dt.date | None = None
    pattern: str = ""
    options: tuple[Option, ...] = ()
    measure: str = ""
    """The unit of measure shown behind the value, such as ``亩`` (the charter's ``unit:``)."""
    places: int = 0
    """Decimals kept, for ``decimal``, ``percent`` and ``money``."""
    long: bool = False
    accept: str = ""
    """For files: ``image``, ``document`` or empty for both."""
    kind: tuple[str, ...] = ()
    """For unit and units: which kinds of unit may be chosen."""
    role: str = ""
    """For person: the role a chosen person must hold."""
    to: str = ""
    """For ref: the register it points into."""
    where: Expression | None = None
    """For ref: which records may be chosen (read on the referred record)."""
    sensitive: Sensitivity | None = None
    visible_to: tuple[Who, ...] = ()
    """Who may read it; empty: everybody who may see the record."""
    filled_by: tuple[Who, ...] = ()
    """Who fills it in; empty: whoever takes the step that asks it."""
    compute: Expression | None = None
    carry: str = ""
    """Path of the fact this value is taken from, such as ``topic.lecturer``; never typed again."""
    columns: tuple[Field, ...] = ()
    """For table: its columns."""
    rows: tuple[Mapping[str, str], ...] = ()
    """For table: the fixed rows of its checklist, each a mapping with ``id``, ``title`` and the
    checklist file's further columns; empty: rows are added freely."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One entry of ``then``.

    ``open``: open a record in ``register`` by its ``step`` with ``values`` (field id → expression).
    ``set``: set the unit's property ``name`` to ``value``. ``tell``: tell ``who`` the ``text``.
    """

    kind: Literal["open", "set", "tell"]
    register: str = ""
    step: str = ""
    name: str = ""
    value: Expression | None = None
    values: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    who: tuple[Who, ...] = ()
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A verb of a register: from states to a state, by whom, asking what, by when."""

    id: str
    title: Text
    from_: tuple[str, ...]
    """States it may be taken from; empty: it opens a record."""
    to: tuple[str, ...]
    """The state it leads to; several only where ``decide`` chooses among them."""
    by: Takers
    asks: tuple[Field, ...] = ()
    """The fields asked, in order: the register's own, or fields of this step's sheet (see ``own``)."""
    own: frozenset[str] = frozenset()
    """Ids in ``asks`` that belong to the sheet only (a panel's marks, a count) and not to the record."""
    asks_about: bool = False
    """True where ``asks`` lists ``about``: the person or unit the record is about is asked."""
    when: Expression | None = None
    within: Duration | None = None
    since: tuple[str, ...] = ()
    """Steps from whose latest taking ``within`` counts; empty: from entering the state."""
    late: Late | None = None
    assign: Who | None = None
    """Who gets the task of the next step."""
    claim: Duration | None = None
    """Holders may claim the task; if nobody does within this time it is assigned by turn."""
    then: tuple[Effect, ...] = ()
    at_most: int | None = None
    decide: Expression | None = None
    tell: tuple[Who, ...] = ()
    never: frozenset[str] = frozenset()
    """Engine verbs switched off for its task: ``pass_on``, ``add_signer``, ``return``, ``extend``, ``pause``."""
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A state of a register's records; ``final`` where no step leads on."""

    id: str
    title: Text
    final: bool


@dataclass(frozen=True, slots=True)
class Register:
    """What is recorded (fields) and how it moves (steps)."""

    id: str
    title: Text
    unit: tuple[str, ...]
    """Kinds of unit that may own a record."""
    fields: Mapping[str, Field]
    steps: Mapping[str, Step]
    states: Mapping[str, State]
    """In order of first mention."""
    about: Literal["person", "unit", ""] = ""
    about_role: str = ""
    """The role of the person, or the kind of the unit, that a record is about."""
    label: tuple[tuple[str, int], ...] = ()
    """Parts of the record's label: (``"=text"``, 0) is literal, (``"field"``, n) the field cut to n signs."""
    seen_by: tuple[Who, ...] = ()
    """Who may see its records; empty: every role of the charter, within its reach."""
    one_per: tuple[str, ...] = ()
    """At most one record that is not in a final refusal per these (``unit``, ``about``, fields)."""
    never_two: tuple[str, str, str] | None = None
    """(path of the resource, start field, end field): no two open records overlap for one resource."""
    unless_same_person: tuple[tuple[str, ...], ...] = ()
    """Groups of steps of one record that one person may never take two of (four eyes)."""
    keep_for: Duration | None = None
    keep_then: Literal["anonymise", "erase", ""] = ""
    dated_by: str = ""
    sensitive: Sensitivity | None = None
    within: Duration | None = None
    """The whole record's deadline, from its opening to a final state."""
    late: Late | None = None
    prints: str = ""
    """Name of its printed form; empty: the standard form."""
    rests: tuple[str, ...] = ()
    """States in which a record may stay: only steps with ``within`` are owed there."""
    help: Text | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of post and the kinds of unit it exists at."""

    id: str
    title: Text
    at: tuple[str, ...]
    two_factor: bool = False
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A grouping of units beside the place tree, with dated membership."""

    id: str
    title: Text
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Season:
    """A campaign or contest season, both days included."""

    id: str
    title: Text
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class Setting:
    """A value the county decides because the source does not print it."""

    id: str
    title: Text
    type: FieldType | Literal["duration"]
    value: object
    """As expressions read it: ``str``, ``int``, ``Decimal`` (money in yuan), ``date``, ``bool``; or a ``Duration``."""
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """What the public may do without an account.

    A request door (``submit`` set) opens records of ``register`` by that step, with a printed code
    for every unit of kind ``code_for``. A showing door (``shows`` set) publishes records that
    satisfy ``where`` as ``calendar``, ``list`` or ``directory``, with the fields in ``columns``.
    """

    id: str
    title: Text
    submit: str = ""
    register: str = ""
    code_for: str = ""
    follow: bool = False
    shows: str = ""
    where: Expression | None = None
    as_: Literal["calendar", "list", "directory", ""] = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Charter:
    """A whole mechanism, ready to run."""

    id: str
    title: Text
    summary: Text | None
    group: str
    source: tuple[str, ...]
    version: int
    in_force: dt.date
    digest: str
    """SHA-256 of the source text and its checklist files, hex."""
    text: str
    roles: Mapping[str, Role]
    groups: Mapping[str, Group]
    seasons: Mapping[str, Season]
    settings: Mapping[str, Setting]
    registers: Mapping[str, Register]
    doors: Mapping[str, Door]
    lawful_basis: Text | None = None
    impact: Text | None = None
    tests: tuple[str, ...] = ()
    burden_minutes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    scores: Mapping[str, Score] = field(default_factory=lambda: MappingProxyType({}))
    honours: Mapping[str, Honour] = field(default_factory=lambda: MappingProxyType({}))

"""Working days and deadlines. The core is pure; ``models`` and ``engine`` need Django."""

from zhangfa.calendar.deadline import SHANGHAI, Deadline, Extension, Pause, reckon_deadline
from zhangfa.calendar.table import load_builtin_calendar
from zhangfa.calendar.text import Text
from zhangfa.calendar.workdays import SpecialDay, Stretch, WorkCalendar, Year

__all__ = [
    "SHANGHAI",
    "Deadline",
    "Extension",
    "Pause",
    "SpecialDay",
    "Stretch",
    "Text",
    "WorkCalendar",
    "Year",
    "load_builtin_calendar",
    "reckon_deadline",
]

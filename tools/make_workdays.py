"""Write the package's table of working days from two libraries that must agree.

Run once a year when the State Council's notice is out and both libraries have it:
``python tools/make_workdays.py 2018 2026``.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from pathlib import Path

import holidays
from chinese_calendar import constants

TABLE = Path(__file__).resolve().parent.parent / "src/zhangfa/calendar/workdays.csv"
NAMES = {
    "New Year's Day": ("元旦", "New Year's Day"),
    "Spring Festival": ("春节", "Spring Festival"),
    "Tomb-sweeping Day": ("清明节", "Tomb-Sweeping Day"),
    "Labour Day": ("劳动节", "Labour Day"),
    "Dragon Boat Festival": ("端午节", "Dragon Boat Festival"),
    "Mid-autumn Festival": ("中秋节", "Mid-Autumn Festival"),
    "National Day": ("国庆节", "National Day"),
}


def rows_between(first: dt.date, last: dt.date) -> list[tuple[str, str, str, str]]:
    """List the days off and the make-up days, as one library names them."""
    rows = []
    for kind, days in (("holiday", constants.holidays), ("workday", constants.workdays)):
        rows += [(day.isoformat(), kind, *NAMES[name]) for day, name in days.items() if first <= day <= last]
    return sorted(rows)


def disagreements(first: dt.date, last: dt.date) -> list[dt.date]:
    """List the days that the two libraries count differently."""
    other = holidays.country_holidays("CN", years=range(first.year - 1, last.year + 2))
    every = (first + dt.timedelta(n) for n in range((last - first).days + 1))
    return [day for day in every if _works(day) != other.is_working_day(day)]


def _works(day: dt.date) -> bool:
    return day in constants.workdays or (day.weekday() < 5 and day not in constants.holidays)


def main(first_year: int, last_year: int) -> None:
    """Write the table, or stop when the libraries disagree."""
    # The first year's notice may already move days of the December before.
    first, last = dt.date(first_year - 1, 12, 25), dt.date(last_year, 12, 31)
    if differing := disagreements(first, last):
        sys.exit(f"The libraries disagree on {', '.join(map(str, differing))}: read the notice and decide by hand.")
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("date", "kind", "name_zh", "name_en"))
        writer.writerows(rows_between(first, last))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

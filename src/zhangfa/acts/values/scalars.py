"""Read one plain value from what a person typed; a sentence where it cannot be.

Every reader takes the field and non-empty raw input and returns the canonical JSON form (see
``docs``: dates as ``2026-11-22``, moments in UTC ending in ``Z``, money in integer fen, decimals as
text), or raises ``Wrong`` with the sentence for the person.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from stdnum import exceptions as stdnum_errors
from stdnum.cn import ric, uscc

from zhangfa.charter.model import Field

SHANGHAI = ZoneInfo("Asia/Shanghai")
LARGEST = 10**15
LONGEST_TEXT = 20_000
LONGEST_LINE = 500
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{9,11}|[48]00\d{7}|\d{7,8}|1\d{4}")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,12})?")


class Wrong(ValueError):
    """The input cannot be a value of the field; the message is the sentence for the person."""


def read_text(field: Field, raw: object) -> str:
    """Read text: line ends unified, control signs out, length and pattern checked."""
    if not isinstance(raw, str | int | Decimal) or isinstance(raw, bool):
        raise Wrong(_("请填写文字。"))
    text = unicodedata.normalize("NFC", str(raw).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text.isprintable():  # which most is, and then there is nothing to look for sign by sign
        text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))
    if not field.long:
        text = " ".join(text.split())
    _check_length(field, text)
    if field.pattern and not re.fullmatch(field.pattern, text):
        raise Wrong(_("格式不对，请按要求填写。"))
    return text


def _check_length(field: Field, text: str) -> None:
    longest = int(field.max) if isinstance(field.max, Decimal) else LONGEST_TEXT if field.long else LONGEST_LINE
    if len(text) > longest:
        raise Wrong(_("最多 %(max)d 个字，现在有 %(count)d 个。") % {"max": longest, "count": len(text)})
    if isinstance(field.min, Decimal) and len(text) < field.min:
        raise Wrong(_("至少 %(min)d 个字，现在有 %(count)d 个。") % {"min": int(field.min), "count": len(text)})


def plain(raw: object) -> str:
    """Return typed input with full-width signs made plain and blanks trimmed."""
    return unicodedata.normalize("NFKC", str(raw)).strip()


def read_number(raw: object) -> Decimal:
    """Read an exact number; floats are refused because they are not what was typed."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise Wrong(_("请填写数字。"))
    text = plain(raw).replace(",", "")
    if not NUMBER.fullmatch(text):
        raise Wrong(_("“%(raw)s”不是数字。") % {"raw": plain(raw)[:30]})
    try:
        number = Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern lets nothing else through
        raise Wrong(_("请填写数字。"))
    if abs(number) > LARGEST:
        raise Wrong(_("数字太大。"))
    return number


def check_bounds(field: Field, number: Decimal, shown: str = "") -> None:
    """Refuse a number outside the field's bounds."""
    unit = field.measure or shown
    if isinstance(field.min, Decimal) and number < field.min:
        raise Wrong(_("不能小于 %(min)s%(unit)s。") % {"min": f"{field.min:f}", "unit": unit})
    if isinstance(field.max, Decimal) and number > field.max:
        raise Wrong(_("不能大于 %(max)s%(unit)s。") % {"max": f"{field.max:f}", "unit": unit})


def read_int(field: Field, raw: object) -> int:
    """Read a whole number."""
    number = read_number(raw)
    if number != number.to_integral_value():
        raise Wrong(_("请填写整数。"))
    check_bounds(field, number)
    return int(number)


def read_decimal(field: Field, raw: object) -> str:
    """Read an exact decimal with at most the field's places; returned as text with exactly those places."""
    number = read_number(raw)
    kept = to_places(number, field.places)
    if kept != number:
        raise Wrong(_("最多保留 %(places)d 位小数。") % {"places": field.places})
    check_bounds(field, kept)
    return f"{kept:f}"


def read_percent(field: Field, raw: object) -> str:
    """Read ``25%`` or the fraction ``0.25``; without the sign a number above 1 is refused, not guessed at."""
    text = plain(raw)
    number = read_number(text.removesuffix("%")) / 100 if text.endswith("%") else read_number(raw)
    largest = field.max if isinstance(field.max, Decimal) else Decimal(1)
    if number > largest and not text.endswith("%"):
        raise Wrong(_("请带百分号填写，如 25%%。") % {})
    check_bounds(field, number)
    if field.max is None and number > 1:
        raise Wrong(_("不能大于 100%%。") % {})
    if field.min is None and number < 0:
        raise Wrong(_("不能小于 0。"))
    kept = to_places(number, field.places or 4)
    if kept != number:
        raise Wrong(_("百分数最多保留 %(places)d 位小数。") % {"places": max(0, (field.places or 4) - 2)})
    return f"{kept.normalize():f}"


def read_money(field: Field, raw: object) -> int:
    """Read yuan from text, fen from an integer; returned in integer fen. Bounds are yuan."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        fen = Decimal(raw)
    else:
        typed = plain(raw).removeprefix("¥").removesuffix("元") if isinstance(raw, str) else raw
        fen = read_number(typed) * 100
    if fen != fen.to_integral_value():
        raise Wrong(_("金额最多到分。"))
    check_bounds(field, fen / 100, "元")
    return int(fen)


def to_places(number: Decimal, places: int) -> Decimal:
    """Round half up to so many decimals."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def read_date(field: Field, raw: object) -> str:
    """Read a day written with hyphens, strokes, dots or 年月日."""
    match = DATE.fullmatch(plain(raw))
    try:
        day = dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        raise Wrong(_("请填写日期，如 2026-11-22。"))
    if isinstance(field.min, dt.date) and day < field.min:
        raise Wrong(_("不能早于 %(day)s。") % {"day": field.min.isoformat()})
    if isinstance(field.max, dt.date) and day > field.max:
        raise Wrong(_("不能晚于 %(day)s。") % {"day": field.max.isoformat()})
    return day.isoformat()


def read_datetime(field: Field, raw: object) -> str:
    """Read a moment; without an offset it is Shanghai's clock. Returned in UTC, ending in ``Z``."""
    try:
        moment = raw if isinstance(raw, dt.datetime) else dt.datetime.fromisoformat(plain(raw).replace("/", "-"))
    except ValueError:
        raise Wrong(_("请填写日期和时间，如 2026-11-22 14:30。"))
    if isinstance(raw, str) and len(plain(raw)) < 12:
        raise Wrong(_("请把时间也填上，如 2026-11-22 14:30。"))
    if not dt.datetime(1900, 1, 2) < moment.replace(tzinfo=None) < dt.datetime(2200, 1, 1):
        raise Wrong(_("请填写日期和时间，如 2026-11-22 14:30。"))
    aware = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return iso(aware)


def iso(moment: dt.datetime) -> str:
    """Write a moment as the log does: UTC, ``Z``, microseconds only where there are any."""
    return f"{moment.astimezone(dt.UTC).isoformat()[:-6]}Z"


def from_iso(text: str) -> dt.datetime:
    """Read a moment as the log writes it."""
    return dt.datetime.fromisoformat(text)


def read_time(field: Field, raw: object) -> str:
    """Read a time of day."""
    match = re.fullmatch(r"(\d{1,2})[::](\d{2})(?:[::]\d{2})?", plain(raw))
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise Wrong(_("请填写时间，如 14:30。"))
    return f"{int(match[1]):02}:{match[2]}"


def read_bool(field: Field, raw: object) -> bool:
    """Read yes or no."""
    if isinstance(raw, bool):
        return raw
    word = plain(raw).lower()
    if word in ("on", "true", "1", "yes", "y", "是", "同意", "有"):
        return True
    if word in ("false", "0", "no", "n", "off", "否", "不同意", "无"):
        return False
    raise Wrong(_("请选择是或否。"))


def read_phone(field: Field, raw: object) -> str:
    """Read a mainland mobile or fixed number; blanks, hyphens and +86 go."""
    digits = re.sub(r"[\s()-]", "", plain(raw)).removeprefix("+86").removeprefix("0086")
    if not MOBILE.fullmatch(digits) and not LANDLINE.fullmatch(digits):
        raise Wrong(_("请填写 11 位手机号，或带区号的座机号。"))
    return digits


def read_id_number(field: Field, raw: object) -> str:
    """Read a resident identity number (GB 11643), its check sign verified."""
    try:
        return str(ric.validate(plain(raw).upper()))
    except stdnum_errors.ValidationError:
        raise Wrong(_("身份证号码不对，请核对 18 位号码。"))


def read_credit_code(field: Field, raw: object) -> str:
    """Read a unified social credit code (GB 32100), its check sign verified."""
    try:
        return str(uscc.validate(plain(raw).upper()))
    except stdnum_errors.ValidationError:
        raise Wrong(_("统一社会信用代码不对，请核对 18 位代码。"))

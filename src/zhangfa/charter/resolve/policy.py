"""What a charter may not do even where it could: personal data without basis, and unguarded publicity."""

from __future__ import annotations

from collections.abc import Mapping

from zhangfa.charter.model import Register
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.resolve.doors import INTERNAL
from zhangfa.charter.schema.shapes import Item


def check_policy(ctx: Context, charter: Item, registers: Mapping[str, Register]) -> None:
    """Collect breaches of the rules on personal data (Personal Information Protection Law, 2021)."""
    sensitive = [name for register in registers.values() for name in _sensitive(register)]
    if sensitive:
        for word, code in (("lawful_basis", "C301"), ("impact", "C302")):
            if not charter.has(word):
                ctx.fail(code, charter.value["registers"], at_word=True, word="、".join(dict.fromkeys(sensitive)))
    for name, register in registers.items():
        item = ctx.registers[name]
        if _sensitive(register) and not item.has("keep"):
            ctx.fail("C308", item, at_word=True, word=name)
        _check_public(ctx, item, register)


def _sensitive(register: Register) -> list[str]:
    found = [field.id for field in register.fields.values() if field.sensitive]
    found += [column.id for field in register.fields.values() for column in field.columns if column.sensitive]
    found += [field.id for step in register.steps.values() for field in step.asks if field.sensitive]
    return [*found, register.id] if register.sensitive else list(dict.fromkeys(found))


def _check_public(ctx: Context, item: Item, register: Register) -> None:
    for step in register.steps.values():
        if all(who.kind != "public" for who in step.by.who):
            continue
        asks = item.get("steps")[step.id].value.get("asks")
        for field in step.asks:
            if field.type in INTERNAL:
                ctx.fail("C305", asks or item, word=step.id, field=field.id, type=field.type)
            if field.sensitive and not field.visible_to:
                ctx.fail("C307", asks or item, word=field.id)

"""The JSON Schema of a charter, made from the table of words: completion and hints in an editor."""

from __future__ import annotations

from typing import Any

from zhangfa.charter.schema import blocks, shapes
from zhangfa.charter.schema.blocks import Block
from zhangfa.charter.schema.shapes import Shape
from zhangfa.charter.schema.words import BLOCKS, CHARTER

Schema = dict[str, Any]
TEXT: Schema = {"type": ["string", "number", "boolean"]}
ID = "^[a-z][a-z0-9]*([-_][a-z0-9]+)*$"
SNAKE = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
LANGUAGES: Schema = {
    "type": "object",
    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
    "required": ["zh"],
    "additionalProperties": False,
}
TITLE: Schema = {"anyOf": [{"type": "string"}, LANGUAGES]}
SINGLE: dict[type, Schema] = {
    shapes.Id: {"type": "string", "pattern": ID},
    shapes.Bool: {"type": "boolean"},
    shapes.NumberOrSetting: {"anyOf": [{"type": "number"}, {"type": "string"}]},
    shapes.Number: {"type": ["number", "string"]},
    shapes.Day: {"type": "string", "format": "date"},
    shapes.Length: {"type": "string", "pattern": f"{shapes.DURATION.pattern.removesuffix(chr(92) + 'Z')}$|{SNAKE}"},
    shapes.WholeOrSetting: {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": SNAKE}]},
    blocks.Title: TITLE,
}


def json_schema() -> Schema:
    """Return the schema (draft 2020-12) of a whole charter file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Zhangfa charter (章程)",
        **_object(CHARTER),
        "$defs": {one.name: _object(one) for one in BLOCKS if one is not CHARTER},
    }


def _object(block: Block) -> Schema:
    running = {name: word for name, word in block.words.items() if type(word.shape) is not blocks.Later}
    properties = {
        name: {**_schema(word.shape), "description": f"{word.zh} · {word.en}"} for name, word in running.items()
    }  # fmt: skip
    required = [name for name, word in running.items() if word.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _schema(shape: Shape) -> Schema:
    if isinstance(shape, Block):
        return {"$ref": f"#/$defs/{shape.name}"}
    if isinstance(shape, shapes.OneOf):
        return {"enum": list(shape.words)}
    if isinstance(shape, shapes.Whole):
        return {"type": "integer", "minimum": shape.least, "maximum": shape.most}
    if isinstance(shape, blocks.Many):
        one = _schema(shape.of)
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": shape.least}]}
    if isinstance(shape, blocks.Map):
        return _map(shape)
    if isinstance(shape, blocks.Either):
        return {"anyOf": [_schema(one) for one in (shape.single, shape.sequence, shape.mapping) if one]}
    return SINGLE.get(type(shape), TEXT)


def _map(shape: blocks.Map) -> Schema:
    names = {"kebab": {"pattern": ID}, "snake": {"pattern": SNAKE}, "any": {"maxLength": 80}}[shape.ids]
    return {"type": "object", "propertyNames": names, "additionalProperties": _schema(shape.of), "minProperties": 1}

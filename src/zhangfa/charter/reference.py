"""The word lists of ``docs/reference/language.md``, written from the table of words.

``python -m zhangfa.charter.reference docs/reference/language.md`` renews them between their marks;
the test suite fails while a word of the language is missing there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from zhangfa.charter.schema import blocks, shapes
from zhangfa.charter.schema.blocks import Block, Word
from zhangfa.charter.schema.shapes import Shape
from zhangfa.charter.schema.words import BLOCKS

MARK = "<!-- words: {} -->"
END = "<!-- end of words -->"


def word_list(block: Block) -> str:
    """Return the Markdown table of a block's words."""
    rows = [_row(word) for word in block.words.values() if type(word.shape) is not blocks.Later]
    later = [f"`{word.name}`" for word in block.words.values() if type(word.shape) is blocks.Later]
    table = ["| word | value | 说明 | meaning |", "|---|---|---|---|", *rows]
    if later:
        table += ["", f"Refused by this version with a sentence (C109): {', '.join(later)}."]
    return "\n".join(table)


def _row(word: Word) -> str:
    name = f"**`{word.name}`**" if word.required else f"`{word.name}`"
    only = f" *({', '.join(word.only)})*" if word.only else ""
    return f"| {name} | {_value(word.shape)} | {word.zh} | {word.en}{only} |"


def _value(shape: Shape) -> str:
    if isinstance(shape, Block):
        return f"{{[{shape.name}](#{shape.name.replace('_', '-')})}}"
    if isinstance(shape, shapes.OneOf):
        return " · ".join(f"`{word}`" for word in shape.words)
    if isinstance(shape, blocks.Many):
        return f"{_value(shape.of)}, or a list"
    if isinstance(shape, blocks.Map):
        return f"id: {_value(shape.of)}, …"
    if isinstance(shape, blocks.Either):
        return "; or ".join(_value(one) for one in (shape.single, shape.sequence, shape.mapping) if one)
    return shape.en


def renew(text: str) -> str:
    """Return the page with every word list written anew between its marks."""
    lists = {block.name: word_list(block) for block in BLOCKS}

    def written(match: re.Match[str]) -> str:
        return f"{MARK.format(match[1])}\n\n{lists[match[1]]}\n\n{END}"

    return re.sub(rf"<!-- words: (\w+) -->.*?{re.escape(END)}", written, text, flags=re.DOTALL)


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(renew(page.read_text(encoding="utf-8")), encoding="utf-8")

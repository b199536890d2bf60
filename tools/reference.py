"""Write docs/reference/commands.md from the commands themselves. ``--check`` only says whether it is up to date."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import click

from zhangfa.cli.command import Commands

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "commands.md"


def describe(name: str, command: click.Command) -> str:
    """Return a command's section: its usage, its words, its options."""
    context = click.Context(command, info_name=f"zhangfa {name}")
    usage = command.get_usage(context).removeprefix("Usage: ")
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    words, _, example = text.partition("Example:")
    options = [record for parameter in command.params if (record := parameter.get_help_record(context))]
    rows = [f"| `{left}` | {right.replace('|', chr(92) + '|')} |" for left, right in options]
    table = ["| option | meaning |", "|---|---|", *rows, ""] if rows else []
    shown = "\n".join(line.strip() for line in example.strip().splitlines())
    return "\n".join(
        [f"## `zhangfa {name}`", "", f"`{usage}`", "", words.strip(), "", *table, "```console", shown, "```", ""]
    )


def write() -> str:
    """Return the whole page."""
    group = Commands()
    head = (
        "# Commands\n\nMade from the commands themselves (`python tools/reference.py`). "
        "Exit codes: 0 done, 1 what was checked has problems, 2 wrong use.\n\n"
    )
    sections = [
        describe(name, command) for name in group.list_commands(None) if (command := group.get_command(None, name))
    ]
    return head + "\n".join(sections)


if __name__ == "__main__":
    page = write()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text() == page else f"{PAGE.name} is out of date: run `python tools/reference.py`.")
    PAGE.write_text(page)

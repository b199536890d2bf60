"""The ``zhangfa`` command: one file a subcommand in ``zhangfa/cli/commands/``, found by name."""

from __future__ import annotations

import importlib
import os
import pkgutil

import click

from zhangfa.cli import commands


class Commands(click.Group):
    """Loads a subcommand's module only when it is called, so that start-up stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every module in ``zhangfa.cli.commands``."""
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of that name and return its ``command``."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"zhangfa.cli.commands.{cmd_name.replace('-', '_')}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhangfa")
def main() -> None:
    """Run the mechanisms of a county from readable charters (章法)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.settings")

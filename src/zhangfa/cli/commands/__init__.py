"""The subcommands: each module defines one click command named ``command``."""

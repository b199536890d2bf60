"""Honours as an app: their replay joins every verification of the log."""

from django.apps import AppConfig


class HonoursConfig(AppConfig):
    name = "zhangfa.honours"
    label = "honours"

    def ready(self) -> None:
        """Let ``zhangfa verify`` compare what is held with the log."""
        from zhangfa.honours.replay import replay_problems
        from zhangfa.log.verify import register_check

        register_check("honours", replay_problems)

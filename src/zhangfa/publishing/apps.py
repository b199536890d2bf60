"""Publishing as an app: its replay joins every verification of the log."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "zhangfa.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Let ``zhangfa verify`` compare boards, standings and objections with the log (I4)."""
        from zhangfa.log.verify import register_check
        from zhangfa.publishing.replay import replay_problems

        register_check("publishing", replay_problems)

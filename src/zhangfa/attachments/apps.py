"""Attachments as an app: its check joins every verification of the log."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "zhangfa.attachments"
    label = "attachments"

    def ready(self) -> None:
        """Let ``zhangfa verify`` look at the files too (I8)."""
        from zhangfa.attachments.verify import check_attachments
        from zhangfa.log.verify import register_check

        register_check("attachments", check_attachments)

"""Attachments as an app: its check joins every verification of the log."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "zhangfa.attachments"
    label = "attachments"

    def ready(self) -> None:
        """Let ``zhangfa verify`` look at the files too (I8), and let no act name a file that was never stored."""
        from zhangfa.acts.lookup import add_file_check
        from zhangfa.attachments.uses import known_hashes
        from zhangfa.attachments.verify import check_attachments
        from zhangfa.log.verify import register_check

        register_check("attachments", check_attachments)
        add_file_check(known_hashes)

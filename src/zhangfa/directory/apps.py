from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "zhangfa.directory"
    label = "directory"

    def ready(self) -> None:
        """Let every verification of the log compare the directory with it, too."""
        from zhangfa.directory.replay import replay_problems
        from zhangfa.log.verify import register_check

        register_check("directory", replay_problems)

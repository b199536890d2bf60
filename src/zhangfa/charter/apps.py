from django.apps import AppConfig


class CharterConfig(AppConfig):
    name = "zhangfa.charter"
    label = "charter"

    def ready(self) -> None:
        """Let every verification of the log compare the charters with it, too."""
        from zhangfa.charter.verify import check_charters
        from zhangfa.log.verify import register_check

        register_check("charters", check_charters)

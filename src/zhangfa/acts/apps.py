from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "zhangfa.acts"
    label = "acts"

    def ready(self) -> None:
        """Let every verification of the log replay it and look for its keys, too."""
        from zhangfa.acts.keys import key_problems
        from zhangfa.acts.replay import replay_problems
        from zhangfa.log.verify import register_check

        register_check("replay", replay_problems)
        register_check("keys", key_problems)

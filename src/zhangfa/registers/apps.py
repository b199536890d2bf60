from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "zhangfa.registers"
    label = "registers"

    def ready(self) -> None:
        """Let every act note its record for the search index in its own transaction."""
        from zhangfa.acts.writing import Companion, accompany
        from zhangfa.registers.search import index_act, statement_part

        accompany(Companion(index_act, statement_part))

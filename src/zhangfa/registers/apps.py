from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "zhangfa.registers"
    label = "registers"

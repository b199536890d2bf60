from django.apps import AppConfig


class CharterConfig(AppConfig):
    name = "zhangfa.charter"
    label = "charter"

from django.apps import AppConfig


class HonoursConfig(AppConfig):
    name = "zhangfa.honours"
    label = "honours"

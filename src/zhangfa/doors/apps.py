from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "zhangfa.doors"
    label = "doors"

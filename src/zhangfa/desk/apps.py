from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "zhangfa.desk"
    label = "desk"

from django.apps import AppConfig


class LogConfig(AppConfig):
    name = "zhangfa.log"
    label = "log"

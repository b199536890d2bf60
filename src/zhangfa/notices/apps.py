from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "zhangfa.notices"
    label = "notices"

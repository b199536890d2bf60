from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "zhangfa.acts"
    label = "acts"

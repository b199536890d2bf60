from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "zhangfa.publishing"
    label = "publishing"

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "zhangfa.attachments"
    label = "attachments"

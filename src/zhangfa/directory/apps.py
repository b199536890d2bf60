from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "zhangfa.directory"
    label = "directory"

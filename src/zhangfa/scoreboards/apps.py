from django.apps import AppConfig


class ScoreboardsConfig(AppConfig):
    name = "zhangfa.scoreboards"
    label = "scoreboards"

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "zhangfa.calendar"
    label = "calendar"

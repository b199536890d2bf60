"""Addresses of the staff's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhangfa.desk.views import calendar, health, password, signing_in, style, two_factor, workbench

urlpatterns: list[URLPattern] = [
    path("", workbench.show_workbench, name="workbench"),
    path("calendar/", calendar.show_calendar, name="calendar"),
    path("calendar/<int:year>/", calendar.show_calendar, name="calendar_year"),
    path("healthz", health.show_health, name="healthz"),
    path("login/", signing_in.log_in, name="login"),
    path("logout/", signing_in.log_out, name="logout"),
    path("continue/", signing_in.send_again, name="continue"),
    path("language/", signing_in.choose_language, name="language"),
    path("password/", password.change_password, name="password"),
    path("two-factor/", two_factor.second_factor, name="two_factor"),
    path("style/", style.show_style, name="style"),
]

"""Addresses of scores and honours."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhangfa.scoreboards.views import index

PLACE = "scores/<slug:charter>/<slug:score>/<str:area>/<slug:period>/"
"""One score of one period at one place; ``area`` is the code of the unit at which it is signed."""

urlpatterns: list[URLPattern] = [
    path("scores/", index.show_index, name="scores"),
]

"""Addresses of scores and honours."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from zhangfa.scoreboards.views import board, exports, index, mine, objecting, public, signing, stability, trend, why

PLACE = "scores/<slug:charter>/<slug:score>/<str:area>/<slug:period>/"
"""One score of one period at one place; ``area`` is the code of the unit at which it is signed."""
SCORE = r"(?P<charter>[a-z0-9_-]{1,64})/(?P<score>[a-z0-9_-]{1,64})"

urlpatterns: list[URLPattern] = [
    path("scores/", index.show_index, name="scores"),
    path("scores/mine/", mine.show_mine, name="my_scores"),
    path(PLACE, board.show_board, name="scoreboard"),
    path(f"{PLACE}draft/", signing.draft, name="score_draft"),
    path(f"{PLACE}sign/", signing.sign, name="score_sign"),
    path(f"{PLACE}stability/", stability.show_stability, name="stability"),
    path(f"{PLACE}trend/", trend.show_trend, name="trend"),
    re_path(
        rf"^scores/{SCORE}/(?P<area>[^/]+)/(?P<period>[A-Za-z0-9_-]+)/board\.(?P<kind>csv|xlsx)$", exports.export,
        name="scoreboard_export",
    ),
    path(f"{PLACE}why/<str:code>/", why.show_why, name="score_why"),
    path(f"{PLACE}why/<str:code>/object/", objecting.object_here, name="score_object"),
    path(f"{PLACE}why/<str:code>/<slug:indicator>/", why.show_facts, name="score_facts"),
    re_path(rf"^b/{SCORE}/$", public.show_public, name="public_board"),
]  # fmt: skip

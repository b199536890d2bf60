"""Addresses of trials, objections and honours."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhangfa.scoreboards.views import honours, objections, tried, trying, what_if

TRY = "scores/try/<str:token>/"
PLACE = "scores/<slug:charter>/<slug:score>/<str:area>/<slug:period>/"

urlpatterns: list[URLPattern] = [
    path("scores/try/", trying.choose_rules, name="score_try"),
    path(TRY, trying.hand_in, name="score_try_files"),
    path(f"{TRY}forget/", trying.forget, name="score_try_forget"),
    path(f"{TRY}result/", tried.show_result, name="score_try_result"),
    path(f"{TRY}what-if/", tried.what_if, name="score_try_what_if"),
    path(f"{TRY}result.<str:kind>", tried.give_rows, name="score_try_rows"),
    path(f"{TRY}empty/<str:table>.xlsx", trying.give_template, name="score_try_template"),
    path("scores/objections/", objections.show_objections, name="objections"),
    path("scores/objections/<int:objection>/", objections.show_objection, name="objection"),
    path("scores/objections/board/<int:board>/", objections.show_changes, name="board_changes"),
    path("scores/honours/", honours.show_honours, name="honours"),
    path("scores/honours/holding/<int:holding>/", honours.show_holding, name="holding"),
    path("scores/honours/<slug:charter>/<slug:honour>/", honours.show_honour, name="honour"),
    path("scores/honours/<slug:charter>/<slug:honour>/award/", honours.award_honour, name="award"),
    path("scores/rule/<slug:charter>/<slug:score>/", what_if.show_rule, name="what-if-rule"),
    path(f"{PLACE}what-if/", what_if.show_what_if, name="what-if"),
]

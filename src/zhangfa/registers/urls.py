"""Addresses of registers and records."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from zhangfa.registers.views import exports, listing, papers, records, steps, verbs

KEY = r"(?P<key>[a-z0-9_-]{1,64}\.[a-z0-9_-]{1,64})"
STEP = r"(?P<step>[a-z0-9_-]{1,64})"
NUMBER = r"(?P<number>[A-Z0-9-]{3,24})"

urlpatterns: list[URLPattern] = [
    re_path(rf"^registers/{KEY}/$", listing.show_register, name="register"),
    re_path(rf"^registers/{KEY}/export\.(?P<kind>csv|xlsx)$", exports.export, name="register_export"),
    re_path(rf"^registers/{KEY}/saved/$", exports.save_filter, name="register_saved"),
    re_path(rf"^registers/{KEY}/new/{STEP}/$", steps.new_record, name="new_record"),
    re_path(rf"^registers/{KEY}/new/{STEP}/form\.pdf$", papers.paper_form, name="paper_form"),
    path("pick/<str:where>/<str:step>/", steps.pick, name="pick"),
    re_path(rf"^records/{NUMBER}/$", records.show_record, name="record"),
    re_path(rf"^records/{NUMBER}/print\.pdf$", papers.record_paper, name="record_paper"),
    re_path(rf"^records/{NUMBER}/tasks/(?P<task>\d{{1,19}})/(?P<verb>[a-z_]{{2,20}})/$", verbs.use_verb, name="verb"),
    re_path(rf"^records/{NUMBER}/{STEP}/$", steps.take, name="step"),
]

"""Addresses of the staff's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhangfa.desk.views import (
    calendar,
    charter_edit,
    charters,
    directory,
    directory_edit,
    directory_import,
    health,
    password,
    people_edit,
    signing_in,
    style,
    trust,
    two_factor,
    workbench,
)

urlpatterns: list[URLPattern] = [
    path("", workbench.show_workbench, name="workbench"),
    path("notices/read/", workbench.read_notices, name="notices_read"),
    path("calendar/", calendar.show_calendar, name="calendar"),
    path("calendar/<int:year>/", calendar.show_calendar, name="calendar_year"),
    path("charters/", charters.show_charters, name="charters"),
    path("charters/new/", charter_edit.edit_charter, name="charter_new"),
    path("charters/check/", charter_edit.check_charter, name="charter_check"),
    path("charters/<slug:charter>/", charters.show_charter, name="charter"),
    path("charters/<slug:charter>/edit/", charter_edit.edit_charter, name="charter_edit"),
    path("directory/", directory.show_directory, name="directory"),
    path("directory/import/", directory_import.import_directory, name="directory_import"),
    path("directory/import/errors.csv", directory_import.export_problems, name="import_problems"),
    path("directory/units/<int:unit>/", directory.show_unit, name="unit"),
    path("directory/units/<int:unit>/below/", directory.show_children, name="unit_children"),
    path("directory/units/<int:unit>/appoint/", directory_edit.appoint, name="appoint"),
    path("directory/units/<int:unit>/<slug:change>/", directory_edit.change_unit, name="change_unit"),
    path("directory/people/new/", people_edit.add_person, name="person_new"),
    path("directory/people/<int:person>/<slug:change>/", people_edit.change_person, name="change_person"),
    path("directory/people/<int:person>/", directory.show_person, name="person"),
    path("directory/posts/<int:post>/end/", directory_edit.end_post, name="end_post"),
    path("directory/memberships/<int:membership>/end/", directory_edit.leave_group, name="leave_group"),
    path("trust/", trust.show_trust, name="trust"),
    path("trust/checkpoint.json", trust.give_checkpoint, name="checkpoint"),
    path("healthz", health.show_health, name="healthz"),
    path("login/", signing_in.log_in, name="login"),
    path("logout/", signing_in.log_out, name="logout"),
    path("continue/", signing_in.send_again, name="continue"),
    path("language/", signing_in.choose_language, name="language"),
    path("password/", password.change_password, name="password"),
    path("two-factor/", two_factor.second_factor, name="two_factor"),
    path("style/", style.show_style, name="style"),
]

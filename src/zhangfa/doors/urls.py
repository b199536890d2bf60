"""Addresses of this room; those of residents are short, because people type them."""

from django.urls import path, re_path

from zhangfa.doors.views import ask, follow, shows, staff

urlpatterns = [
    path("d/", ask.home, name="door-home"),
    path("d/<str:code>", ask.ask, name="door"),
    path("d/<str:code>/puzzle", ask.puzzle, name="door-puzzle"),
    path("f", follow.enter, name="follow"),
    path("f/receipt", follow.receipt, name="receipt"),
    path("f/case", follow.case, name="follow-case"),
    path("f/do/<str:step>", follow.act, name="follow-step"),
    path("f/leave", follow.leave, name="leave"),
    path("f/lost", follow.lost, name="lost-code"),
    path("f/language/<str:code>", follow.language, name="door-language"),
    re_path(r"^f/files/(?P<digest>[0-9a-f]{64})/(?P<name>[^/]{1,200})$", follow.file, name="follow-file"),
    path("f/<str:code>", follow.by_link, name="follow-link"),
    path("p/<str:charter>/<str:door>.ics", shows.feed, name="board-feed"),
    path("p/<str:charter>/<str:door>", shows.board, name="board"),
    path("doors/", staff.doors, name="doors"),
    path("doors/<str:charter>/<str:door>/sheets.pdf", staff.sheets, name="sheets"),
    path("doors/<str:charter>/<str:door>/renew", staff.renew, name="renew-door"),
    path("quarantine/", staff.waiting, name="quarantine"),
]

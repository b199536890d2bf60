"""Every address of the product, by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhangfa.doors.urls")),
    path("", include("zhangfa.attachments.urls")),
    path("", include("zhangfa.registers.urls")),
    path("", include("zhangfa.scoreboards.urls_more")),
    path("", include("zhangfa.scoreboards.urls")),
    path("", include("zhangfa.desk.urls")),
]

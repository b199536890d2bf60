"""Addresses of this room."""

from django.urls import re_path

from zhangfa.attachments import views

urlpatterns = [
    re_path(r"^files/(?P<digest>[0-9a-f]{64})/(?P<name>[^/]{1,200})$", views.file, name="file"),
]

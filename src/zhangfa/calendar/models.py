"""The uploaded years of the calendar."""

from __future__ import annotations

from django.db import models


class CalendarYear(models.Model):
    """What somebody uploaded for a year; the last upload of a year counts."""

    year = models.IntegerField()
    notice = models.CharField(max_length=80, blank=True)
    """Number of the State Council's notice."""
    days = models.TextField()
    """Canonical JSON: rows of date, kind, Chinese and English name."""
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["year"])]

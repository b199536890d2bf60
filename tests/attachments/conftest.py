"""A shelf of its own for every test."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings


@pytest.fixture(autouse=True)
def shelf_folder(tmp_path: Path, settings: Settings) -> Path:
    """Keep this test's files apart."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def at() -> dt.datetime:
    return dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


def picture_bytes(size: tuple[int, int] = (640, 480), form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 30).convert("RGB").save(out, form, **options)
    return out.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)

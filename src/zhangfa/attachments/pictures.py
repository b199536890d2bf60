"""Pictures are decoded under a limit and written anew: nothing of the camera's notes survives."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from zhangfa.acts.refusal import Refusal

MAX_JPEG_PIXELS = 110_000_000
"""A plain JPEG is decoded at a fraction of its size, so that phones with 108-megapixel sensors may be used."""
MAX_PIXELS = 24_000_000
"""For progressive JPEGs and all other pictures, which have to be decoded in full (about 100 MB of memory)."""
LONGEST_SIDE = 2560
THUMBNAIL = 480
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS


def rewrite_picture(content: bytes) -> tuple[bytes, str]:
    """Return (bytes, type) of the picture upright, at most 2560 px, without EXIF, GPS or other notes."""
    try:
        return _encode(_decode(content, LONGEST_SIDE))
    except Image.DecompressionBombError:
        raise _too_many_pixels(2 * MAX_JPEG_PIXELS, MAX_JPEG_PIXELS)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise Refusal("picture-broken", _("这张照片打不开，可能没有传完整。请重新拍摄或另选一张。"))


def make_thumbnail(content: bytes) -> bytes:
    """Return a small JPEG of a picture that is kept already."""
    picture = _decode(content, THUMBNAIL).convert("RGB")
    picture.thumbnail((THUMBNAIL, THUMBNAIL))
    return _save(picture, "JPEG", quality=78)


def _decode(content: bytes, longest: int) -> Image.Image:
    """Decode to a fresh upright picture of at most ``longest``; the size is looked at before any pixel."""
    source = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF"))
    in_steps = source.format == "JPEG" and not source.info.get("progressive")
    limit = MAX_JPEG_PIXELS if in_steps else MAX_PIXELS
    if source.width * source.height > limit:
        raise _too_many_pixels(source.width * source.height, limit)
    if source.format == "JPEG":
        source.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(source)
    mode = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
    fresh = upright.convert(mode)
    fresh.thumbnail((longest, longest))
    return fresh


def _too_many_pixels(have: int, limit: int) -> Refusal:
    words = _("这张照片有 %(have)d 万像素以上，超过上限 %(limit)d 万。请缩小后再传。")
    return Refusal("picture-pixels", words % {"have": have // 10_000, "limit": limit // 10_000})


def _encode(picture: Image.Image) -> tuple[bytes, str]:
    if picture.mode == "RGBA":
        return _save(picture, "PNG", optimize=False), "image/png"
    return _save(picture, "JPEG", quality=85, optimize=True), "image/jpeg"


def _save(picture: Image.Image, form: str, **options: object) -> bytes:
    """Write pixels only: what Pillow would carry over (EXIF, XMP, colour profile, comment) is dropped."""
    picture.info = {}
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()

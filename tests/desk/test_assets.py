import importlib.util
import json
import re
from pathlib import Path

from zhangfa.desk import assets

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = list((ROOT / "src" / "zhangfa").rglob("jinja2/**/*.html"))
spec = importlib.util.spec_from_file_location("build_assets", ROOT / "tools" / "build_assets.py")
build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build)


def test_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text("utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_no_lock_holds_an_address() -> None:
    locks = [ROOT / "assets" / "package-lock.json", *sorted(ROOT.glob("requirements*.lock"))]
    assert len(locks) == 6
    assert [lock.name for lock in locks if "://" in lock.read_text("utf-8")] == []


def test_packages_are_pinned_exactly() -> None:
    wanted = json.loads((ROOT / "assets" / "package.json").read_text("utf-8"))["dependencies"]
    assert [version for version in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert wanted["htmx.org"].startswith("2.")


def test_every_icon_a_template_names_is_in_the_list() -> None:
    listed = set((ROOT / "assets" / "icons.txt").read_text("utf-8").split("\n"))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"(?:icon|symbol=)\(?\"([a-z0-9-]+)\"", path.read_text("utf-8"))
    }
    assert named - listed == set()


def test_built_assets_are_built_once(monkeypatch) -> None:
    calls = []
    monkeypatch.setattr(build, "fetch_packages", lambda: calls.append(1))
    monkeypatch.setattr(build, "is_built", lambda: True)
    build.main()
    assert calls == []


def test_fonts_for_printing_are_there_and_never_served() -> None:
    from django.contrib.staticfiles import finders

    fonts = sorted(path.name for path in assets.fonts_folder().glob("*.ttf"))
    assert [name.split("_")[0] for name in fonts] == ["NotoSansSC", "NotoSansSC", "NotoSerifSC", "NotoSerifSC"]
    assert finders.find(f"fonts/{fonts[0]}") is None


def test_icon_is_hidden_from_screen_readers_and_an_unknown_one_is_drawn_too() -> None:
    assert 'aria-hidden="true"' in assets.icon("home")
    assert assets.icon("no-such-icon") == assets.icon("clipboard-list")


def test_static_address_changes_with_its_content() -> None:
    assert re.fullmatch(r"/static/desk/desk\.css\?v=[0-9a-f]{8}", assets.asset("desk/desk.css"))

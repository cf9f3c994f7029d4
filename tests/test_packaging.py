"""Three top-level packages under one distribution: nothing missing, nothing extra, nothing in the way."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOP = ("motion", "scenes", "app")


def tracked_files() -> list[str]:
    """Files of the checkout, as git knows them."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    return [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def requirement_name(requirement: str) -> str:
    return re.split(r"[\s<>=!~\[;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_the_list_of_packages_is_complete() -> None:
    in_tree = {str(p.parent.relative_to(ROOT)).replace("/", ".") for top in TOP for p in ROOT.glob(f"{top}/**/*.py")}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == in_tree | {"motion._assets"}


def test_every_package_has_a_docstring() -> None:
    for package in PROJECT["tool"]["setuptools"]["packages"]:
        if package != "motion._assets":
            text = (ROOT / package.replace(".", "/") / "__init__.py").read_text(encoding="utf-8")
            assert text.startswith('"""'), f"{package}/__init__.py: say in a paragraph what the package is"


def test_no_module_hides_the_standard_library_or_a_package() -> None:
    hiding = [p for top in TOP for p in ROOT.glob(f"{top}/**/*.py") if p.stem in sys.stdlib_module_names]
    assert not hiding, "run directly, a neighbour of such a file would import it instead of the library's"
    assert not [p.name for p in ROOT.glob("*.py")], "a module at the root would hide or be hidden by a package"


def test_torch_is_not_needed_to_build() -> None:
    assert not [need for need in PROJECT["build-system"]["requires"] if need.startswith("torch")]


def test_constraints_pin_every_requirement_without_a_build_suffix() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pins = dict(line.split("==") for line in text.splitlines() if line and not line.startswith("#"))
    assert all("+" not in version for version in pins.values())
    project = PROJECT["project"]
    needs = project["dependencies"] + project["optional-dependencies"]["dev"]
    assert {requirement_name(need) for need in needs} <= {requirement_name(name) for name in pins}


def installed_here() -> bool:
    """Whether the running Python has this checkout or a wheel of it installed."""
    try:
        metadata.distribution("stride-studio")
    except metadata.PackageNotFoundError:
        return False
    return True


@pytest.mark.skipif(not installed_here(), reason="stride-studio is not installed in this Python")
def test_the_packages_are_ours_and_nobody_elses() -> None:
    owners = metadata.packages_distributions()
    for top in TOP:
        assert set(owners.get(top, [])) <= {"stride-studio"}, f"{top} also belongs to {owners[top]}"


@pytest.mark.skipif(not installed_here(), reason="stride-studio is not installed in this Python")
def test_installed_packages_are_found_from_anywhere_and_folders_are_not(tmp_path: Path) -> None:
    code = (
        "import importlib.util as u, importlib.resources as r\n"
        "assert all(u.find_spec(n) for n in ('motion', 'motion.core.clip', 'scenes', 'app.cli'))\n"
        "assert u.find_spec('assets') is None and u.find_spec('tests') is None\n"
        "assert r.files('motion._assets').joinpath('__init__.py').is_file()\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_wheel_holds_all_packages_and_assets_and_nothing_else(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", minversion="77", reason="needs setuptools to build a wheel")
    files = tracked_files()
    for name in files:
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / "source" / name)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", ".", "./source"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assets = {f"motion/_assets/{name.removeprefix('assets/')}" for name in files if name.startswith("assets/")}
    code = {name for name in files if name.startswith(tuple(f"{top}/" for top in TOP)) and name.endswith(".py")}
    assert assets | code <= inside
    assert {name.split("/")[0] for name in inside} == set(TOP)

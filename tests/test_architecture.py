"""The direction of imports: core <- middle layer <- generation ... <- training; scenes apart; app on top."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MIDDLE = {
    "motion.body", "motion.conditions", "motion.representation", "motion.formats", "motion.refine", "motion.datasets",
    "motion.metrics",
}  # fmt: skip
BASE = {"motion.core", "motion.resources"}
MODELS = {"motion.generation", "motion.forecasting", "motion.understanding", "motion.baselines"}
UPPER = BASE | MIDDLE | {"motion.networks", "motion.rigging"}

#: What each unit may import of ours, besides itself. A new package needs a line here.
MAY_IMPORT: dict[str, set[str]] = {
    "motion": set(),
    "motion.core": set(),
    "motion.resources": {"motion.core"},
    "motion.conditions": {"motion.core"},
    "motion.formats": {"motion.core"},
    "motion.metrics": {"motion.core"},
    "motion.body": BASE,
    "motion.representation": BASE | {"motion.conditions", "motion.metrics"},
    "motion.refine": BASE | {"motion.metrics"},
    "motion.datasets": BASE | {"motion.formats", "motion.refine", "motion.body", "motion.metrics"},
    "motion.rigging": BASE | {"motion.formats", "motion.refine", "motion.metrics"},
    "motion.networks": BASE,
    "motion.generation": UPPER,
    "motion.baselines": UPPER | {"motion.generation"},
    "motion.forecasting": UPPER,
    "motion.understanding": UPPER,
    "motion.training": UPPER | MODELS,
    "motion.evaluation": UPPER | MODELS | {"motion.training"},
    "scenes": {"motion.core", "motion.conditions"},
    "app": UPPER | MODELS | {"motion.training", "motion.evaluation", "scenes"},
}

#: Units that never import PyTorch (nor what brings it along), not even inside a function.
WITHOUT_TORCH = {
    "motion", "motion.core", "motion.resources", "motion.conditions", "motion.formats", "motion.datasets",
    "motion.metrics", "motion.rigging", "scenes",
}  # fmt: skip
TORCH = {"torch", "roma", "smplx", "anny"}

#: Modules that everything starts with: importing them loads none of these.
STARTS_WITHOUT = {
    "app.cli": {"torch", "numpy", "scipy"},
    "motion.formats": {"torch"},
    "motion.metrics": {"torch"},
    "motion.datasets": {"torch"},
}


def unit_of(module: str) -> str | None:
    """The line of MAY_IMPORT a module belongs to; None when it is not ours."""
    parts = module.split(".")
    if parts[0] == "motion" and len(parts) > 1:
        return ".".join(parts[:2])
    return parts[0] if parts[0] in {"motion", "scenes", "app"} else None


def sources() -> Iterator[tuple[str, Path]]:
    """(module name, file) of every module of ours."""
    for top in ("motion", "scenes", "app"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports_in(source: str, module: str, is_package: bool) -> Iterator[str]:
    """Absolute names of all modules imported anywhere in a source text, type-only and lazy imports included."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                anchor = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*anchor, base]).rstrip(".")
            yield base
            if base in {"motion", "scenes", "app"}:  # ``from motion import generation`` names a package
                yield from (f"{base}.{alias.name}" for alias in node.names)


def violations(module: str, source: str, is_package: bool = False) -> list[str]:
    """What this source may not import."""
    unit = unit_of(module)
    assert unit is not None
    found = []
    for name in imports_in(source, module, is_package):
        target = unit_of(name)
        if target and target != unit and target not in MAY_IMPORT[unit] and target != "motion":
            found.append(f"{module} imports {name}")
        if unit in WITHOUT_TORCH and name.split(".")[0] in TORCH:
            found.append(f"{module} imports {name}, and {unit} is without torch")
    return found


def test_every_import_points_down() -> None:
    found = [
        line
        for module, path in sources()
        for line in violations(module, path.read_text(encoding="utf-8"), path.name == "__init__.py")
    ]
    assert not found, "\n".join(found)


def test_every_unit_has_a_line() -> None:
    units = {unit_of(module) for module, _ in sources()}
    assert units <= MAY_IMPORT.keys()


def test_the_table_has_no_cycle() -> None:
    order: list[str] = []
    while len(order) < len(MAY_IMPORT):
        ready = [unit for unit in MAY_IMPORT if unit not in order and MAY_IMPORT[unit] <= set(order)]
        assert ready, f"these import each other: {sorted(set(MAY_IMPORT) - set(order))}"
        order += ready


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("motion.core.clip", "from motion.formats import save"),
        ("motion.core.clip", "from ..formats import save"),
        ("motion.core.clip", "def late():\n    import motion.generation.pipeline"),
        ("motion.formats.glb", "from motion.body import default_body"),
        ("motion.formats.glb", "def late():\n    import torch.nn"),
        ("scenes.routing", "from motion import generation"),
        ("motion.generation.pipeline", "import app.studio"),
    ],
)
def test_a_wrong_import_is_noticed(module: str, source: str) -> None:
    assert violations(module, source)


@pytest.mark.parametrize("module", sorted(STARTS_WITHOUT))
def test_start_is_light(module: str) -> None:
    code = f"import sys, {module}; print(*({STARTS_WITHOUT[module]!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

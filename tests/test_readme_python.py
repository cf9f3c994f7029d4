"""The README's Python runs as it stands, in a folder that holds what its commands make."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from batch_fakes import batch, load_model, modules

from app.batch import work
from app.batch.run import run
from motion.formats import load

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The data sets ``walks`` and, where Parquet can be written, ``packed``."""
    (tmp_path / "jobs.jsonl").write_text('{"prompt": "a person walks", "duration": 1.0, "budget": 0}\n')
    with pytest.MonkeyPatch.context() as patch:
        for name, module in modules().items():
            patch.setitem(sys.modules, name, module)
        patch.setattr(work, "load_model", load_model)
        work.model.cache_clear()
        run(batch(tmp_path / "jobs.jsonl", tmp_path / "walks"))
        if find_spec("pyarrow"):
            run(batch(tmp_path / "jobs.jsonl", tmp_path / "packed", kind="parquet"))
    work.model.cache_clear()
    return tmp_path


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split()[1])
def test_python_of_the_readme_runs(
    block: str, made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in re.findall(r"^(?:from|import) (\w+)", block, flags=re.MULTILINE):
        if find_spec(name) is None:
            pytest.skip(f"needs the package {name!r}")
    monkeypatch.chdir(made)
    exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
    said = capsys.readouterr().out
    assert ("a person walks" in said) == ("print" in block)
    if "clip.npz" in block:
        assert load("clip.npz").duration == 6.0


def test_there_is_something_to_run() -> None:
    assert len(BLOCKS) >= 4 and sum("motion.generation" in block for block in BLOCKS) == 1

"""Data sets that others read: WebDataset, Parquet, AMASS's and HumanML3D's folders."""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from batch_fakes import batch, load_model, modules

from app.batch import work
from app.batch.run import run
from motion.datasets import amass, humanml3d
from motion.datasets.humanml3d_features import POINTS, WIDTH
from motion.formats import load


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, module in modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(work, "load_model", load_model)
    work.model.cache_clear()
    yield
    work.model.cache_clear()


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    path = tmp_path / "jobs.jsonl"
    lines = [{"id": f"w{n}", "prompt": f"a person #walks {n}", "duration": 2.0, "budget": 0} for n in range(5)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def plain(jobs: Path) -> Path:
    """The same clips as .npz."""
    run(batch(jobs, jobs.parent / "plain"))
    return jobs.parent / "plain" / "clips"


def test_a_tar_is_read_sample_by_sample(jobs: Path, plain: Path, tmp_path: Path) -> None:
    run(batch(jobs, tmp_path / "out", kind="tar", pack=3))
    names = []
    for path in sorted((tmp_path / "out" / "data").iterdir()):
        with tarfile.open(path) as tar:
            members = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
        assert all(f"{Path(name).stem}.json" in members for name in members)
        names += [name for name in members if name.endswith(".npz")]
        assert members[names[-1]] == (plain / names[-1]).read_bytes()
        assert json.loads(members[names[-1].replace(".npz", ".json")])["id"] == Path(names[-1]).stem
    assert names == [f"w{n}.npz" for n in range(5)]
    assert sorted(path.name for path in (tmp_path / "out" / "data").iterdir()) == ["000000.tar", "000001.tar"]
    assert not list((tmp_path / "out" / ".batch" / "clips").iterdir())


@pytest.mark.skipif(find_spec("pyarrow") is None, reason="needs the optional extra 'cluster'")
def test_parquet_holds_the_numbers_of_the_clips(jobs: Path, plain: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    run(batch(jobs, tmp_path / "out", kind="parquet", pack=3))
    rows = [row for path in sorted((tmp_path / "out/data").iterdir()) for row in pq.read_table(path).to_pylist()]
    assert [row["id"] for row in rows] == [f"w{n}" for n in range(5)]
    with np.load(plain / "w4.npz") as arrays:
        assert np.allclose(rows[4]["trans"], arrays["trans"], atol=1e-5)
        assert np.allclose(np.array(rows[4]["poses"])[:, :66], arrays["poses"][:, :66], atol=1e-5)
    assert np.array(rows[4]["poses"]).shape == (60, 72)
    assert json.loads(rows[4]["metadata"])["prompt"] == rows[4]["prompt"] == "a person #walks 4"


def test_our_reader_of_amass_finds_all(jobs: Path, tmp_path: Path) -> None:
    run(batch(jobs, tmp_path / "out", kind="amass"))
    found = amass.find(tmp_path / "out")
    assert [record.id for record in found] == [f"amass/stride-nc/subject/w{n}" for n in range(5)]
    assert load(tmp_path / "out" / found[0].path).num_frames == 60


def test_our_reader_of_humanml3d_finds_all(jobs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(batch(jobs, out, kind="humanml3d"))
    found = humanml3d.find(out)
    splits = {json.loads(line)["id"]: json.loads(line)["split"] for line in (out / "metadata.jsonl").open()}
    assert {Path(record.path).stem: record.labels["split"] for record in found} == splits
    assert (out / "all.txt").read_text().split() == sorted(splits)
    features, points = np.load(out / "new_joint_vecs/w0.npy"), np.load(out / "new_joints/w0.npy")
    assert features.shape == (len(points) - 1, WIDTH) and points.shape[1:] == (POINTS, 3)
    assert np.allclose(humanml3d.read_points(out / "new_joint_vecs/w0.npy"), points[:-1], atol=0.02)
    (caption,) = humanml3d.read_texts(out / "texts/w0.txt", 2.0)
    assert caption.text == "a person walks 0" and (caption.start_s, caption.end_s) == (0.0, 2.0)
    every = np.concatenate([np.load(out / record.path) for record in found])
    assert np.allclose(np.load(out / "Mean.npy"), every.mean(axis=0), atol=1e-4)
    assert np.load(out / "Std.npy").shape == (WIDTH,) and not list(out.rglob("*.npz"))

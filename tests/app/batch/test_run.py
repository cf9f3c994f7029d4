"""A batch is whole whatever happens: killed, out of room, with jobs that cannot be or that kill who makes them."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import batch_fakes
import pytest
from batch_fakes import Alone, Dies, batch, contents, load_model, modules

from app import cli
from app.batch import command, work
from app.batch.crew import Bundle
from app.batch.plan import Part
from app.batch.run import run
from motion.core import BadInput, MotionError


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No PyTorch, no weights."""
    for name, module in modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(work, "load_model", load_model)
    work.model.cache_clear()
    yield
    work.model.cache_clear()


def job_file(folder: Path, jobs: list[dict[str, Any]], name: str = "jobs.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps({"budget": 0, "duration": 1.0, **job}) + "\n" for job in jobs))
    return path


def walks(count: int) -> list[dict[str, Any]]:
    return [{"id": f"walk-{n}", "prompt": f"a person walks {n}", "duration": 1.0 + 0.1 * (n % 3)} for n in range(count)]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_folder_of_clips_with_its_papers(tmp_path: Path) -> None:
    jobs = job_file(tmp_path, [*walks(3), {"prompt": "a person bows", "samples": 2}])
    summary = run(batch(jobs, tmp_path / "out"))
    assert (summary["done"], summary["clips"], summary["failed"], summary["complete"]) == (4, 5, 0, True)
    names = [clip["file_name"] for clip in lines(tmp_path / "out" / "metadata.jsonl")]
    assert names[:3] == ["clips/walk-0.npz", "clips/walk-1.npz", "clips/walk-2.npz"]
    assert [name[-6:] for name in names[3:]] == ["@0.npz", "@1.npz"]
    assert set(contents(tmp_path / "out")) == {*names, "metadata.jsonl", "README.md", "SHA256SUMS"}
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=False)
    assert done.returncode == 0
    card = (tmp_path / "out" / "README.md").read_text()
    assert "5 clips" in card and "license: cc-by-nc-4.0" in card and "a person bows" in card


def test_order_bundles_and_parts_change_nothing(tmp_path: Path) -> None:
    jobs = walks(7)
    run(batch(job_file(tmp_path, jobs), tmp_path / "one", bundle=1))
    run(batch(job_file(tmp_path, jobs[::-1], "back.jsonl"), tmp_path / "back"))
    for number in (2, 1, 3):
        summary = run(batch(tmp_path / "jobs.jsonl", tmp_path / "parts", part=Part(number, 3), bundle=3))
        assert summary["complete"] == (number == 3)
    one = contents(tmp_path / "one")
    assert one == contents(tmp_path / "parts")
    clips = {name: content for name, content in one.items() if name.startswith("clips/")}
    assert clips == {k: v for k, v in contents(tmp_path / "back").items() if k.startswith("clips/")}
    assert len(clips) == len(set(clips.values())) == 7


@pytest.mark.parametrize("kind", ["npz", "tar"])
def test_killed_at_any_moment_it_ends_as_if_it_had_not_been(tmp_path: Path, kind: str) -> None:
    jobs = job_file(tmp_path, walks(12))
    run(batch(jobs, tmp_path / "whole", kind=kind, pack=5))
    command = [sys.executable, batch_fakes.__file__, str(jobs), str(tmp_path / "out"), kind]
    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}", "SLOW": "0.1"}
    moments = random.Random(3 if kind == "tar" else 4)
    journal = tmp_path / "out" / ".batch" / "journal-1-of-1.jsonl"
    for over in (0, 2, 5):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not journal.is_file() or journal.read_bytes().count(b"\n") < over:
            assert process.poll() is None
            time.sleep(0.005)
        time.sleep(moments.uniform(0.0, 0.15))
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert contents(tmp_path / "out") != contents(tmp_path / "whole")
    summary = run(batch(jobs, tmp_path / "out", kind=kind, pack=5, resume=True))
    assert summary["done"] == 12
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    again = run(batch(jobs, tmp_path / "out", kind=kind, pack=5, resume=True))
    assert again["clips"] == 0 and contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_clip_that_is_gone_or_cut_is_made_anew(tmp_path: Path) -> None:
    jobs = job_file(tmp_path, walks(3))
    run(batch(jobs, tmp_path / "out"))
    whole = contents(tmp_path / "out")
    (tmp_path / "out/clips/walk-1.npz").unlink()
    (tmp_path / "out/clips/walk-2.npz").write_bytes(b"half")
    summary = run(batch(jobs, tmp_path / "out", resume=True))
    assert summary["clips"] == 2 and contents(tmp_path / "out") == whole


def test_a_pack_that_is_gone_is_made_anew(tmp_path: Path) -> None:
    jobs = job_file(tmp_path, walks(5))
    run(batch(jobs, tmp_path / "out", kind="tar", pack=3))
    whole = contents(tmp_path / "out")
    (tmp_path / "out/data/000000.tar").unlink()
    assert run(batch(jobs, tmp_path / "out", kind="tar", pack=3, resume=True))["clips"] == 3
    assert contents(tmp_path / "out") == whole


def test_the_command_says_it_in_one_line_and_by_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "LocalCrew", Alone)
    jobs, out = str(job_file(tmp_path, [*walks(2), {"prompt": "odd"}])), str(tmp_path / "out")
    for words, told in {
        ("batch", "--out", out): "name a file of jobs",
        ("batch", jobs, "--out", out, "--format", "usd"): "unknown format 'usd'",
        ("batch", jobs, "--out", out, "--shard", "0/2"): "counts from 1/N",
        ("batch", jobs, "--out", out, "--model", "none"): "unknown asset",
        ("batch", jobs + "x", "--out", out): "no such file",
        ("batch", jobs, "--out", jobs): "cannot be written",
        ("batch", jobs, "--out", out, "--workers", "0"): "--workers must be 1",
        ("batch", jobs, "--out", out, "--address", "auto"): "--engine ray",
    }.items():
        assert cli.main(list(words)) == 2
        said = capsys.readouterr()
        assert told in said.err and len(said.err.splitlines()) == 1 and not said.out
        assert not Path(out).exists()
    assert cli.main(["batch", jobs, "--out", out, "--filter", "--json"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["failed"] == 1 and "too odd" in said.err
    path = job_file(tmp_path, walks(2), "good.jsonl")
    assert cli.main(["batch", str(path), "--out", str(tmp_path / "good"), "--seed", "3"]) == 0
    assert "2 of 2 jobs done, 2 clips in" in capsys.readouterr().out


def test_what_cannot_be_is_listed_and_the_rest_done(tmp_path: Path) -> None:
    path = job_file(
        tmp_path,
        [
            *walks(2), {"id": "walk-1", "prompt": "x"}, {"id": "a/b", "prompt": "x"}, {"prompt": "walks", "speed": 99},
            {"prompt": "odd"}, {"prompt": "broken"}, {"prompt": "x", "sped": 1}, {"prompt": "x", "out": ["/etc/x.npz"]},
        ],
    )  # fmt: skip
    path.write_text(path.read_text() + '{"prompt": NaN}\n[1]\n\n')
    summary = run(batch(path, tmp_path / "out"))
    assert (summary["done"], summary["failed"], summary["ok"]) == (2, 9, False)
    failures = lines(tmp_path / "out" / "failures.jsonl")
    told = " | ".join(one["failed"] for one in failures)
    for word in (
        "is there already",
        "letters, digits",
        "0 to 6 m/s",
        "too odd",
        "RuntimeError: broken",
        "'speed'",
        "no out",
    ):
        assert word in told
    assert all("\n" not in one["failed"] for one in failures)
    assert len(contents(tmp_path / "out")) == 2 + 4


def test_a_job_that_kills_its_worker_takes_nobody_along(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def before(bundle: Bundle) -> None:
        seen.append([job.id for job in bundle])
        if any(job.id == "walk-2" for job in bundle):
            raise Dies

    jobs = job_file(tmp_path, walks(6))
    summary = run(batch(jobs, tmp_path / "out", crew=partial(Alone, before=before), bundle=6))
    assert (summary["done"], summary["failed"]) == (5, 1)
    (failure,) = lines(tmp_path / "out" / "failures.jsonl")
    assert failure["id"] == "walk-2" and "killed by SIGKILL" in failure["failed"]
    assert sum("walk-2" in ids for ids in seen) == 3 and all(len(ids) == 1 for ids in seen[2:] if "walk-2" in ids)
    summary = run(batch(jobs, tmp_path / "out", resume=True))
    assert (summary["done"], summary["failed"], summary["before"]) == (6, 0, 5)
    assert "failures.jsonl" not in contents(tmp_path / "out")


def test_where_all_workers_die_it_ends(tmp_path: Path) -> None:
    def before(bundle: Bundle) -> None:
        raise Dies

    with pytest.raises(MotionError, match="workers die before they make anything"):
        run(batch(job_file(tmp_path, walks(30)), tmp_path / "out", crew=partial(Alone, before=before)))


@pytest.mark.parametrize("kind", ["npz", "tar"])
def test_a_full_disk_stops_it_and_room_lets_it_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    jobs = job_file(tmp_path, walks(6))
    run(batch(jobs, tmp_path / "whole", kind=kind, pack=3))
    replace, count = os.replace, 0

    def full(source: Any, target: Any) -> None:
        nonlocal count
        count += 1
        if count > 7:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(MotionError, match=r"No space left on device.*of 6 jobs are done, go on with --resume"):
        run(batch(jobs, tmp_path / "out", kind=kind, pack=3, bundle=1))
    monkeypatch.setattr(os, "replace", replace)
    assert run(batch(jobs, tmp_path / "out", kind=kind, pack=3, resume=True))["done"] == 6
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_folder_that_cannot_be_or_holds_something_else_is_refused(tmp_path: Path) -> None:
    jobs = job_file(tmp_path, walks(2))
    with pytest.raises(MotionError, match="cannot be written"):
        run(batch(jobs, jobs / "out"))
    with pytest.raises(BadInput, match="not empty"):
        run(batch(jobs, tmp_path))
    run(batch(jobs, tmp_path / "out"))
    with pytest.raises(BadInput, match="--resume"):
        run(batch(jobs, tmp_path / "out"))
    with pytest.raises(BadInput, match="of other seed"):
        run(batch(jobs, tmp_path / "out", resume=True, seed=1))


def test_two_runs_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    jobs = job_file(tmp_path, walks(2))

    def before(bundle: Bundle) -> None:
        with pytest.raises(BadInput, match="another run is at work"):
            run(batch(jobs, tmp_path / "out", resume=True))

    assert run(batch(jobs, tmp_path / "out", crew=partial(Alone, before=before)))["done"] == 2


def test_clips_that_break_a_limit_are_rejected_with_the_reason(tmp_path: Path) -> None:
    jobs = job_file(tmp_path, walks(6))
    run(batch(jobs, tmp_path / "all"))
    similar = sorted(clip["report"]["prompt_similarity"] for clip in lines(tmp_path / "all" / "metadata.jsonl"))
    middle = (similar[2] + similar[3]) / 2
    summary = run(batch(jobs, tmp_path / "out", limits=(f"prompt_similarity>={middle:.6g}",)))
    assert (summary["clips"], summary["rejected"], summary["ok"]) == (3, 3, True)
    rejected = lines(tmp_path / "out" / "rejected.jsonl")
    assert all(one["why"][0].startswith("prompt_similarity is ") for one in rejected)
    assert len(list((tmp_path / "out" / "clips").iterdir())) == 3

"""Jobs: three kinds of files, names and seeds that depend on nothing else, and no memory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.batch.bench import streaming_mb
from app.batch.filters import limits_of
from app.batch.jobs import Job, JobFile, seed_of
from app.batch.layouts import SPLITS, split_of
from app.batch.plan import Part
from app.batch.run import bundles
from app.request import Request
from motion.core import BadFile, BadInput, MotionError, UnknownName


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def jobs_of(path: Path, grid: bool = False, **defaults: object) -> list[Job]:
    return list(JobFile.open(path, grid).jobs(defaults, 0))


def test_lines_become_requests_with_seeds_of_their_names(tmp_path: Path) -> None:
    lines = [{"id": "a", "prompt": "walks", "speed": 1.2}, {"prompt": "Waves, wildly!"}, {"prompt": "x", "seed": 3}]
    first, second, third = jobs_of(written(tmp_path, "j.jsonl", "\n".join(map(json.dumps, lines))), duration=3.0)
    assert first.fields == {"prompt": "walks", "speed": 1.2, "duration": 3.0, "seed": seed_of("a")}
    assert second.id.startswith("waves-wildly-") and second.fields["seed"] == seed_of(second.id) != seed_of("a")
    assert third.fields["seed"] == 3
    assert Request.from_json({**first.fields, "out": ("a.npz",)}).speed == 1.2
    assert 0 <= seed_of("a") < 2**40 and seed_of("a") != seed_of("a", 1)


def test_equal_lines_are_different_clips_wherever_they_stand(tmp_path: Path) -> None:
    same, other = json.dumps({"prompt": "walks"}), json.dumps({"prompt": "runs"})
    one = {job.id for job in jobs_of(written(tmp_path, "a.jsonl", "\n".join([same, other, same, same])))}
    two = {job.id for job in jobs_of(written(tmp_path, "b.jsonl", "\n".join([other, same, same, same])))}
    assert one == two and len(one) == 4


def test_a_table_has_empty_cells_numbers_and_json(tmp_path: Path) -> None:
    rows = ["id,prompt,speed,path,samples", 'a,"walks, then stops",1.5,,2', 'b,007,,"[[0, 0], [0, 3]]",']
    text = "\n".join([*rows, "c,x,fast,,", "d,x,1,,,9"])
    a, b, c, d = jobs_of(written(tmp_path, "j.csv", text))
    assert a.fields == {"prompt": "walks, then stops", "speed": 1.5, "samples": 2, "seed": seed_of("a")}
    assert b.fields["prompt"] == "007" and b.fields["path"] == [[0, 0], [0, 3]]
    with pytest.raises(BadInput, match="speed must be a number, got 'fast'"):
        Request.from_json({**c.fields, "out": ("c.npz",)})
    assert "more cells" in str(d.problem)


def test_a_grid_is_each_with_each(tmp_path: Path) -> None:
    grid = {"prompts": ["walks", "runs"], "speeds": [None, 1.0, 2.0], "seeds": 4, "duration": 3}
    jobs = jobs_of(written(tmp_path, "g.json", json.dumps(grid)), grid=True)
    assert len(jobs) == 2 * 3 * 4 == len({job.id for job in jobs})
    assert jobs[0].fields == {"prompt": "walks", "seed": 0, "duration": 3}
    assert jobs[-1].fields == {"prompt": "runs", "speed": 2.0, "seed": 3, "duration": 3}


@pytest.mark.parametrize(
    ("name", "text", "error", "word"),
    [
        ("j.txt", "x", UnknownName, "suffix"), ("j.jsonl", "", BadFile, "no jobs"), ("j.csv", "a", BadFile, "no jobs"),
        ("g.json", "{", BadFile, "JSON"), ("g.json", "{}", BadFile, "prompts"),
        ("g.json", '{"prompts": []}', BadFile, "something"),
        ("g.json", '{"prompts": ["a"], "sped": 1}', UnknownName, "sped"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(
    tmp_path: Path, name: str, text: str, error: type[MotionError], word: str
) -> None:
    with pytest.raises(error, match=word):
        JobFile.open(written(tmp_path, name, text), grid=name.startswith("g"))


def test_a_line_without_end_is_one_failure(tmp_path: Path) -> None:
    text = json.dumps({"prompt": "x" * 1_100_000}) + "\n" + json.dumps({"prompt": "walks"})
    long, good = jobs_of(written(tmp_path, "j.jsonl", text))
    assert "1,000,000 bytes" in str(long.problem) and good.problem is None and good.ordinal == 1


def test_memory_does_not_grow_with_the_number_of_jobs() -> None:
    few, many = streaming_mb(500), streaming_mb(10_000)
    assert many - few < 1.0  # MB; a hundred bytes a job would be one


def test_jobs_of_one_length_are_put_together() -> None:
    jobs = [Job(n, str(n), {"duration": 2.0 if n % 2 else 60.0}) for n in range(40)]
    found = list(bundles(iter(jobs), 8, 1))
    assert sorted(job.ordinal for bundle in found for job in bundle) == list(range(40))
    assert all(len({job.seconds for job in bundle}) == 1 for bundle in found)
    assert max(map(len, found)) == 8
    assert max(sum(job.seconds for job in bundle) for bundle in found) <= 200.0
    assert max(len(bundle) for bundle in bundles(iter(jobs[:4]), 8, 2)) == 1  # all have work


def test_parts_cover_all_and_share_nothing() -> None:
    parts = [Part.parsed(f"{n}/3") for n in (1, 2, 3)]
    assert all(sum(part.has(ordinal, 10) for part in parts) == 1 for ordinal in range(100))
    for wrong in ("0/3", "4/3", "x", "1", "1/2/3"):
        with pytest.raises(BadInput):
            Part.parsed(wrong)


def test_splits_are_as_large_as_they_say() -> None:
    found = [split_of(f"job-{n}") for n in range(4000)]
    assert all(abs(found.count(split) / 40 - share) < 2 for split, share in SPLITS.items())


def test_limits_are_understood_or_refused() -> None:
    (limit,) = limits_of(["foot_skate_ratio <= 0.3"])
    assert limit.broken({"foot_skate_ratio": 0.31}) and not limit.broken({"foot_skate_ratio": 0.3})
    assert limit.broken({"foot_skate_ratio": None}) is None
    assert len(limits_of(["verified"])) > 2
    for wrong in ("foot_skate_ratio", "foot_skate_ratio<0.3", "charm>=1", "foot_skate_ratio<=many"):
        with pytest.raises(BadInput):
            limits_of([wrong])

"""The command line as scripts see it: exit codes, stdout, stderr, speed of starting."""

from __future__ import annotations

import importlib
import json
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app import cli
from app.request import STEPS
from helpers import walking_clip
from motion.body import default_body
from motion.conditions import Speed, Waypoints
from motion.core.axes import ground
from motion.datasets import DATASETS
from motion.formats import FORMATS, load, save
from motion.training.presets import PRESETS

WRITABLE = [suffix for suffix, entry in sorted(FORMATS.items()) if not entry.needs or find_spec(entry.needs[0])]

ROOT = Path(__file__).resolve().parents[2]


def stride(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from app.cli import main; sys.exit(main())", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, **options)


def clip_file(folder: Path, suffix: str = ".npz") -> Path:
    clip = walking_clip(seconds=0.5, skeleton=default_body().skeleton())
    return save(clip, folder / f"clip{suffix}", skin=default_body().skin())


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1, said.err
    assert "Traceback" not in said.err
    return said.err


def test_help_starts_at_once_and_loads_nothing_heavy() -> None:
    fastest = min(_seconds_of_help() for _ in range(5))
    assert fastest < 0.5


def _seconds_of_help() -> float:
    begin = time.perf_counter()
    done = stride("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in cli.COMMANDS)
    return time.perf_counter() - begin


def test_json_is_one_object_on_stdout(
    walker: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "clip.glb")
    assert cli.main(["generate", "a person walks", "--duration", "2", "--out", out, "--json"]) == 0
    said = capsys.readouterr()
    printed = json.loads(said.out)
    assert printed["files"] == [out]
    assert {"frames", "fps", "duration_s", "seconds", "report", "model", "seed"} <= printed.keys()
    assert "sample" in said.err


def test_without_json_the_files_are_named(
    walker: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = [str(tmp_path / "clip.glb"), str(tmp_path / "clip.npz")]
    assert cli.main(["generate", "a person walks", "--duration", "2", "--out", out[0], "--out", out[1]]) == 0
    *files, made, numbers = capsys.readouterr().out.splitlines()
    assert files == out
    assert made == "2 s at 30 fps, seed 0, model stride-nc (CC-BY-NC-4.0, sha256 000000000000)"
    assert "foot_skate_ratio" in numbers


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["generate", "", "--out", "{}/a.glb"], "prompt is empty"),
        (["generate", "walk", "--out", "{}/a.glb", "--duration", "0"], "duration must be"),
        (["generate", "walk", "--out", "{}/a.glb", "--duration", "-3"], "duration must be"),
        (["generate", "walk", "--out", "{}/a.glb", "--duration", "1e9"], "duration must be"),
        (["generate", "walk", "--out", "{}/a.glb", "--duration", "nan"], "duration must be"),
        (["generate", "walk", "--out", "{}/a.glb", "--duration", "soon"], "invalid float"),
        (["generate", "walk \udcff", "--out", "{}/a.glb"], "not valid Unicode"),
        (["generate", "walk", "--out", "{}/a.xyz"], "known: "),
        (["generate", "walk", "--out", "{}/.glb"], "no suffix"),
        (["generate", "walk", "--out", "{}/none/a.glb"], "cannot be written"),
        (["generate", "walk", "--out", "/proc/a.glb"], "cannot be written"),
        (["generate", "walk", "--out", "{}/a.glb", "--steps", "3"], "invalid choice"),
        (["generate", "walk", "--out", "{}/a.glb", "--sampels", "3"], "unrecognized arguments"),
        (["generate", "walk"], "--out"),
        (["generate", "walk", "--out", "{}/a.glb", "--model", "nothing"], "stride-nc"),
        (["genrate", "walk"], "invalid choice"),
        ([], "COMMAND"),
        (["convert", "{}/none.npz", "{}/a.glb"], "no such file"),
        (["convert", "{}/torn.npz", "{}/a.glb"], "torn.npz"),
        (["convert", "{}/torn.glb", "{}/a.npz"], "torn.glb"),
        (["convert", "{}/clip.npz", "{}/a.xyz"], "known: "),
        (["convert", "{}/clip.npz", "{}/a.glb", "--fps", "0"], "fps"),
        (["check", "{}/torn.glb"], "torn.glb"),
        (["check", "{}/clip.png"], "clip.png"),
        (["data", "build", "bandia", "--from", "{}", "--out", "{}/set"], "did you mean 'bandai'"),
        (["data", "build", "bandai", "--from", "{}/none", "--out", "{}/set"], "no such folder"),
        (["data", "build", "bandai", "--from", "{}", "--out", "{}/set"], "holds neither"),
        (["data"], "ACTION"),
        (["generate", "walk", "--out", "{}/a.glb", "--pick", "worst"], "invalid choice"),
        (["generate", "walk", "--out", "{}/a.glb", "--budget", "-1"], "budget must be"),
        (["generate", "--out", "{}/a.glb"], "prompt is needed"),
        (["generate", "walk", "--out", "{}/a.glb", "--speed", "9"], "speed must be 0 to 6"),
        (["generate", "walk", "--out", "{}/a.glb", "--speed", "fast"], "'0.8@0; 2@4'"),
        (["generate", "walk", "--out", "{}/a.glb", "--speed", "1@0; 9@4"], "a speed must be 0 to 6 m/s"),
        (["generate", "walk", "--out", "{}/a.glb", "--speed", "1@0; 2@0"], "later than the one before"),
        (["generate", "walk", "--out", "{}/a.glb", "--speed", "1@3-2"], "must end after it starts"),
        (["generate", "walk", "--out", "{}/a.glb", "--retime", "60"], "retimed to 1.50 to 24.00 s"),
        (["generate", "walk", "--out", "{}/a.glb", "--retime", "nan"], "retime must be a number"),
        (["generate", "walk", "--out", "{}/a.glb", "--waypoints", "0,0@0; 0,3@2^180"], "180deg"),
        (["generate", "walk", "--out", "{}/a.glb", "--path", "0,0; 0"], "'0,0; 0,3; 2,3'"),
        (["generate", "walk", "--out", "{}/a.glb", "--path", ""], "2 or more points"),
        (["generate", "walk", "--out", "{}/a.glb", "--path", "0,0; 0,nan"], "finite"),
        (["generate", "walk", "--out", "{}/a.glb", "--path", "0,0; 0,3", "--facing", "up"], "'along', 'free'"),
        (["generate", "walk", "--out", "{}/a.glb", "--waypoints", "0,0@0; 0,3@soon"], "must be seconds"),
        (["generate", "walk", "--out", "{}/a.glb", "--waypoints", "0,0@0; 0,10@1"], "at most 7 m/s"),
        (["generate", "walk", "--out", "{}/a.glb", "--keyframes", "{}/none.json"], "no such file"),
        (["generate", "walk", "--out", "{}/a.glb", "--keyframes", "{}/torn.json"], "is no JSON"),
        (["generate", "walk", "--out", "{}/a.glb", "--start-from", "{}/none.glb"], "no such file"),
        (["generate", "walk", "--out", "{}/a.glb", "--start-from", "{}/torn.npz"], "torn.npz"),
        (["generate", "walk", "--out", "{}/a.glb", "--edit", "{}/clip.npz"], "a range of time or body parts"),
        (["generate", "walk", "--out", "{}/a.glb", "--edit", "{}/clip.npz", "--span", "1..2"], "START-END"),
        (["generate", "walk", "--out", "{}/a.glb", "--span", "1-2"], "edit must name its file"),
        (["generate", "walk", "--out", "{}/a.glb", "--prompt", "waves@2to3"], "TEXT@START-END"),
        (["generate", "walk", "--out", "{}/a.glb", "--parts", "left_wing: flaps"], "left_wing"),
        (["generate", "walk", "--out", "{}/a.glb", "--feet", "often"], "invalid choice"),
        (["generate", "walk", "--out", "{}/a.npz", "--root-motion", "root"], "only .glb, .fbx and .bvh"),
        (["generate", "walk", "--out", "{}/a.glb", "--root-motion", "feet"], "hips, in-place, root"),
        (["generate", "walk", "--out", "{}/a.glb", "--preset", "unrael"], "did you mean 'unreal'"),
        (["convert", "{}/clip.npz", "{}/b.csv", "--t-pose"], "only .glb, .fbx and .bvh"),
        (["train", "tyni", "--data", "{}", "--out", "{}/run"], "known: evaluator, few-steps, mdm"),
        (["train", "few-steps", "--data", "{}", "--out", "{}/run"], "--teacher"),
        (["train", "tiny", "--teacher", "stride-nc", "--data", "{}", "--out", "{}/run"], "--teacher"),
        (["train", "evaluator", "--seconds", "3", "--data", "{}", "--out", "{}/run"], "--seconds"),
        (["bench", "speed"], "invalid choice"),
        (["bench", "generation", "--data", "{}/none"], "none"),
        (["train", "tiny", "--data", "{}", "--out", "{}/run"], "{}"),
        (["train", "tiny", "--data", "{}/none", "--out", "{}/run"], "none"),
        (["evaluate", "--data", "{}/none", "--model", "nothing"], "nothing"),
    ],
)
def test_bad_input_ends_with_2_one_line_and_no_file(
    words: list[str], says: str, walker: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = clip_file(tmp_path).read_bytes()
    (tmp_path / "torn.npz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "torn.glb").write_bytes(clip_file(tmp_path, ".glb").read_bytes()[:1000])
    (tmp_path / "torn.json").write_text('[{"kind": "pose", ')
    (tmp_path / "clip.png").touch()
    before = sorted(tmp_path.rglob("*"))
    try:
        code = cli.main([word.replace("{}", str(tmp_path)) for word in words])
    except SystemExit as stop:
        code = int(stop.code or 0)
    said = capsys.readouterr().err.splitlines()
    assert code == 2, said
    assert len(said) == 1 and says.replace("{}", str(tmp_path)) in said[0]
    assert sorted(tmp_path.rglob("*")) == before


def test_pick_and_budget_reach_the_studio(
    walker: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["generate", "a person walks", "--duration", "2", "--json", "--out"]
    assert cli.main([*asked, str(tmp_path / "best.glb"), "--samples", "3", "--pick", "best"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["files"] == [str(tmp_path / "best.glb")] and printed["candidates"] == 3
    assert cli.main([*asked, str(tmp_path / "only.glb"), "--budget", "0"]) == 0
    assert json.loads(capsys.readouterr().out)["candidates"] == 1
    assert [call["samples"] for call in walker] == [3, 1]


def test_every_flag_reaches_the_timeline(
    walker: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip, keys = clip_file(tmp_path), tmp_path / "keys.json"
    keys.write_text('[{"kind": "reach", "time": 1.5, "what": "head", "position": [0.1, 1.5, 1.2]}]')
    words = [
        "generate", "walks", "--speed", "1.0", "--path", "0,0; 0,4", "--facing", "free", "--prompt", "waves@1-2",
        "--parts", "left_arm: claps", "--keyframes", str(keys), "--loop", "--in-place", "--mirror", "--feet", "never",
        "--out", str(tmp_path / "a.npz"), "--json",
    ]  # fmt: skip
    assert cli.main(words) == 0
    report = json.loads(capsys.readouterr().out)["report"]
    assert report["requested_speed"] == 1.0 and report["path_error_m"] is not None
    assert cli.main(["generate", "--waypoints", "1,0@0; 1,2@3", "--prompt", "walks", *words[-3:]]) == 0
    assert cli.main(["generate", "--start-from", str(clip), *words[-3:]]) == 0
    assert cli.main(["generate", "--edit", str(clip), "--span", "0.1-0.3", "--edit-parts", "arms", "--duration", "1",
                     *words[-3:]]) == 0  # fmt: skip
    first, second, third, fourth = (call["timeline"] for call in walker)
    assert walker[0]["feet"] == "never"
    kinds = {type(condition).__name__ for condition in first.conditions}
    assert kinds == {"Text", "Speed", "Path", "Reach", "Loop"}
    assert [(text.prompt, text.start, text.end, text.parts) for text in first.texts] == [
        ("walks", 0.0, 1.0, ()), ("claps", 0.0, None, ("left_arm",)), ("waves", 1.0, 2.0, ()), ("walks", 2.0, None, ()),
    ]  # fmt: skip
    assert first.duration == pytest.approx(4.0, abs=0.03)
    assert [condition.to_json()["kind"] for condition in second.conditions] == ["text", "waypoints"]
    assert [condition.to_json()["kind"] for condition in third.conditions] == ["prefix"]
    (keep,) = fourth.conditions
    assert (keep.start, keep.end, keep.parts) == (0.1, 0.3, ("left_arm", "right_arm"))


def test_headings_and_speed_curves_reach_the_timeline(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    words = ["generate", "walks", "--out", str(tmp_path / "a.npz")]
    assert cli.main([*words, "--waypoints", "0,0@0; 1,2@2^90deg; 1,4^0"]) == 0
    assert cli.main([*words, "--speed", "2@4; 0.8@0; 1@6-8"]) == 0
    first, second = (call["timeline"] for call in walker)
    points = next(one for one in first.conditions if isinstance(one, Waypoints)).waypoints
    assert [(point.time, point.heading) for point in points] == [(0, None), (2, pytest.approx(np.pi / 2)), (None, 0)]
    assert second.speeds == (Speed((0.8, 2.0), (0.0, 4.0)), Speed.constant(1.0, 6.0, 8.0))
    assert second.duration == 8.0


def test_a_retimed_clip_lasts_as_long_as_asked_and_its_rate_is_told(
    walker: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["generate", "walks", "--duration", "3", "--speed", "1", "--out", str(tmp_path / "a.npz")]
    assert cli.main([*words, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert cli.main([*words, "--retime", "2", "--json"]) == 0
    fast = json.loads(capsys.readouterr().out)
    assert (plain["duration_s"], fast["duration_s"], fast["report"]["realised_duration_s"]) == (3.0, 2.0, 2.0)
    assert plain["report"]["playback_rate"] is None and fast["report"]["playback_rate"] == 1.5
    assert fast["report"]["realised_speed"] == pytest.approx(1.5 * plain["report"]["realised_speed"])
    assert load(words[-1], skeleton=default_body().skeleton()).duration == pytest.approx(2.0)
    assert cli.main([*words, "--retime", "2"]) == 0
    assert "retimed: played 1.50 times as fast, 2.00 s" in capsys.readouterr().out


def test_a_mirrored_clip_is_the_exact_mirror(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    clips = {}
    for name, more in (("plain", []), ("mirror", ["--mirror"]), ("spot", ["--mirror", "--in-place"])):
        file = str(tmp_path / f"{name}.glb")
        assert cli.main(["generate", "walks", "--duration", "2", "--out", file, *more]) == 0
        clips[name] = load(file)
    plain, mirror, spot = (clips[name].joint_positions() for name in ("plain", "mirror", "spot"))
    flipped = plain[:, default_body().skeleton().mirror_indices] * [-1, 1, 1]
    np.testing.assert_allclose(mirror, flipped, atol=1e-6)
    np.testing.assert_allclose(ground(spot[:, 0]), 0.0, atol=1e-7)
    np.testing.assert_allclose(spot - spot[:, :1], mirror - mirror[:, :1], atol=1e-6)


def test_asked_and_got_are_told_side_by_side(
    walker: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text('[{"kind": "reach", "time": 1.5, "what": "head", "position": [0.1, 1.5, 2.9]}]')
    words = ["generate", "walks", "--speed", "2", "--path", "0,0; 0,4", "--keyframes", str(keys)]
    assert cli.main([*words, "--out", str(tmp_path / "a.npz")]) == 0
    said = capsys.readouterr().out
    assert "speed: asked for 2.00 m/s, is " in said
    assert "way: " in said and "keys: " in said and " cm off on average, " in said
    assert "requested_speed" not in said


def test_a_far_prompt_is_told_on_stderr(
    walker: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for prompt in ("a person plays the cello", "a person walks"):
        assert cli.main(["generate", prompt, "--duration", "2", "--out", str(tmp_path / "a.glb")]) == 0
    said = capsys.readouterr().err
    assert said.count("stride: note: nothing like this prompt") == 1 and "walking, waving" in said


def test_bench_compares_with_the_models_that_are_named(
    walker: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from app import timing
    from motion import generation
    from motion.datasets.store import TrainingSet
    from motion.evaluation import bench
    from motion.understanding import encoder

    loaded: list[tuple[str, ...]] = []
    model = generation.load_generator()

    def load_generator(*asked: Any) -> Any:
        loaded.append(tuple(getattr(one, "__name__", one) for one in asked))
        return model

    line = bench.Line("ours, 4 steps", 0.5, 0.8, 0.1, 0.01, 1.0, 1.2, 0.05, 20.0, seconds=0.2)
    monkeypatch.setattr(generation, "load_generator", load_generator)
    monkeypatch.setattr(encoder, "load_encoder", lambda: None)
    monkeypatch.setattr(TrainingSet, "open", lambda folder: None)
    monkeypatch.setattr(bench, "bench_generation", lambda *_, **options: bench.Bench((line,), {"floor, s": 0.01}))
    monkeypatch.setattr(timing, "waits", lambda model, **options: {f"{model} from nothing, s": 3.0})
    assert cli.main(["bench", "generation", "--mdm", "runs/mdm", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert loaded == [("stride-nc",), ("runs/mdm", "FrameDenoiser")]
    assert printed["speed"] == {"floor, s": 0.01, "stride-nc from nothing, s": 3.0}
    assert printed["lines"][0]["seconds"] == 0.2 and printed["model"]["name"] == "stride-nc"
    assert cli.main(["bench", "generation"]) == 0
    assert "ours, 4 steps" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", WRITABLE)
def test_convert_to_every_format(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = clip_file(tmp_path), tmp_path / f"other{suffix}"
    assert cli.main(["convert", str(source), str(target), "--fps", "60", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["files"] == [str(target)]
    assert printed["fps"] == 60.0
    assert target.is_file()
    if FORMATS[suffix].read:
        assert load(target, skeleton=default_body().skeleton()).num_frames == printed["frames"]


@pytest.mark.parametrize("suffix", [suffix for suffix in WRITABLE if FORMATS[suffix].read])
def test_check_passes_what_we_write(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(clip_file(tmp_path, suffix)), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["ok"]
    assert len(printed["items"]) > 3


def test_check_ends_with_2_when_an_item_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = walking_clip(seconds=0.5, skeleton=default_body().skeleton())
    sunk = replace(clip, root_position=clip.root_position * 100.0)
    assert cli.main(["check", str(save(sunk, tmp_path / "sunk.npz"))]) == 2
    said = capsys.readouterr()
    assert "WRONG" in said.out
    assert len(said.err.splitlines()) == 1


def test_a_fault_of_ours_is_one_line_and_a_hint(
    walker: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(options: Any) -> Any:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("app.commands.generate", broken)
    words = ["generate", "walk", "--out", str(tmp_path / "a.glb")]
    assert cli.main(words) == 1
    assert "--debug" in one_line(capsys)
    assert cli.main([*words, "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_from_outside_leaves_nothing(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    program = f"""
        import sys, time
        from app import cli, commands
        from motion.formats.atomic import atomic_path
        def slow(options):
            with atomic_path({str(tmp_path / "a.glb")!r}) as path:
                path.write_bytes(b"half")
                print("ready", flush=True)
                time.sleep(30)
        commands.generate = slow
        sys.exit(cli.main(["generate", "walk", "--out", "a.glb"]))
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(sent)
        said = process.communicate(timeout=20)[1]
    assert process.returncode == code
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())


def test_a_package_over_ours_is_noticed_and_not_run(tmp_path: Path) -> None:
    (tmp_path / "motion").mkdir()
    (tmp_path / "motion" / "__init__.py").write_text("raise SystemExit('foreign code was run')")
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from app.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, str(tmp_path), "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "the package 'motion' of Stride is hidden by" in done.stderr


def test_a_distribution_over_ours_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    owners = {"motion": ["motion-python", "stride-studio"]}
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: owners)
    assert "pip uninstall motion-python" in cli.culprit("motion", None)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--help"], list(cli.COMMANDS)),
        (["data", "build", "--help"], list(DATASETS)),
        (["train", "--help"], list(PRESETS)),
        (["generate", "--help"], [suffix for suffix, entry in FORMATS.items() if entry.read]),
    ],
)
def test_help_names_all_there_is(words: list[str], names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(words)
    said = capsys.readouterr().out
    assert [name for name in names if name not in said] == []


def test_every_command_has_a_function_and_the_choices_are_those_of_the_request() -> None:
    for command in cli.COMMANDS.values():
        module, _, function = command.run.rpartition(":")
        assert callable(getattr(importlib.import_module(f"app.{module or 'commands'}"), function))
    options = cli.build_parser().parse_args(["generate", "x", "--out", "a.glb", "--steps", "4"])
    assert options.steps in STEPS
    assert SimpleNamespace(**vars(options)).json is False

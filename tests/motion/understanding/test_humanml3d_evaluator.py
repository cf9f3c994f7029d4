"""HumanML3D's evaluator with random weights in the published shapes; the real ones are not at hand."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from helpers import walking_clip
from motion.core import BadFile, BadInput
from motion.datasets.humanml3d_features import features_from_clip
from motion.understanding.humanml3d_evaluator import HumanML3DEvaluator, load_humanml3d_evaluator
from motion.understanding.humanml3d_words import CONVERT, load_word_vectors, read_tokens

WORDS = ["unk", "sos", "eos", "a", "man", "walk", "zebra"]
Tensors = dict[str, Tensor]


def gru(inputs: int, width: int, outputs: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a co-embedding as they are published."""
    shapes: dict[str, tuple[int, ...]] = {
        "hidden": (2, 1, width), "input_emb.weight": (width, inputs), "input_emb.bias": (width,),
        "output_net.0.weight": (width, 2 * width), "output_net.0.bias": (width,), "output_net.1.weight": (width,),
        "output_net.1.bias": (width,), "output_net.3.weight": (outputs, width), "output_net.3.bias": (outputs,),
    }  # fmt: skip
    for way in ("", "_reverse"):
        for kind in ("ih", "hh"):
            shapes |= {f"gru.weight_{kind}_l0{way}": (3 * width, width), f"gru.bias_{kind}_l0{way}": (3 * width,)}
    return shapes


SHAPES = {
    "movement_encoder": {
        "main.0.weight": (512, 259, 4), "main.0.bias": (512,), "main.3.weight": (512, 512, 4), "main.3.bias": (512,),
        "out_net.weight": (512, 512), "out_net.bias": (512,),
    },
    "motion_encoder": gru(512, 1024, 512),
    "text_encoder": gru(300, 512, 512) | {"pos_emb.weight": (300, 15), "pos_emb.bias": (300,)},
}  # fmt: skip


def random_states(seed: int = 0) -> dict[str, Tensors]:
    generator = torch.Generator().manual_seed(seed)
    return {
        name: {key: 0.05 * torch.randn(shape, generator=generator) for key, shape in shapes.items()}
        for name, shapes in SHAPES.items()
    }


def constant_states() -> dict[str, Tensors]:
    """The same shapes at the price of one number on disk."""
    return {
        name: {key: torch.tensor(0.01).expand(shape) for key, shape in shapes.items()}
        for name, shapes in SHAPES.items()
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluator")
    rng = np.random.default_rng(0)
    torch.save({**random_states(), "epoch": 3, "opt_text_encoder": {"state": {}}}, folder / "finest.tar")
    np.save(folder / "mean.npy", rng.normal(size=263).astype(np.float32))
    np.save(folder / "std.npy", np.append(rng.uniform(0.5, 1.5, 259), np.full(4, 0.09)).astype(np.float32))
    np.save(folder / "our_vab_data.npy", rng.normal(size=(len(WORDS), 300)).astype(np.float32))
    (folder / "our_vab_words.json").write_text(json.dumps(WORDS))
    return folder


@pytest.fixture(scope="module")
def evaluator(files: Path) -> HumanML3DEvaluator:
    return load_humanml3d_evaluator(files)


@pytest.fixture
def broken(files: Path, tmp_path: Path) -> Path:
    """A folder with the small files only; a test adds or takes away."""
    for path in files.iterdir():
        if path.suffix != ".tar":
            shutil.copy(path, tmp_path)
    (tmp_path / "finest.tar").symlink_to(files / "finest.tar")
    return tmp_path


def features(frames: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(frames, 263))


def one_line(caught: pytest.ExceptionInfo[BadFile]) -> str:
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_embeddings_of_clips(evaluator: HumanML3DEvaluator) -> None:
    clips = [features_from_clip(walking_clip(seconds, fps=20)) for seconds in (2.0, 5.0, 9.0)]
    found = evaluator.embed_features(clips)
    assert found.shape == (3, 512)
    assert np.all(np.isfinite(found))
    assert np.array_equal(found, evaluator.embed_features(clips))
    assert np.linalg.norm(found[0] - found[1]) > 1e-3
    assert evaluator.embed_features([]).shape == (0, 512)


def test_each_clip_is_embedded_on_its_own(evaluator: HumanML3DEvaluator) -> None:
    clips = [features(length, seed) for seed, length in enumerate((20, 196, 7, 61))]
    together = evaluator.embed_features(clips)
    for clip, row in zip(clips, together, strict=True):
        assert np.allclose(evaluator.embed_features([clip])[0], row, atol=1e-5)


def test_more_clips_than_a_batch(evaluator: HumanML3DEvaluator) -> None:
    clips = [features(8, seed) for seed in range(34)]
    found = evaluator.embed_features(clips)
    assert np.allclose(found[32:], evaluator.embed_features(clips[32:]), atol=1e-5)


def test_what_of_a_clip_is_seen(evaluator: HumanML3DEvaluator) -> None:
    """Whole quarters of the first 196 frames, no contacts."""

    def same(one: np.ndarray, other: np.ndarray) -> bool:
        a, b = evaluator.embed_features([one, other])
        return bool(np.allclose(a, b, atol=1e-5))

    clip = features(43)
    contacts, last, seen = clip.copy(), clip.copy(), clip.copy()
    contacts[:, 259:] += 1.0
    last[40:] += 1.0
    seen[39, 258] += 50.0
    assert same(clip, contacts) and same(clip, last) and not same(clip, seen)
    assert same(features(196), np.concatenate([features(196), features(30, 1)]))


def reference(states: Tensors, inputs: Tensor) -> Tensor:
    """The co-embedding of one sequence (N, D), step by step."""
    embedded = F.linear(inputs, states["input_emb.weight"], states["input_emb.bias"])
    last = []
    for direction, way in enumerate(("", "_reverse")):
        hidden = states["hidden"][direction]
        for step in embedded.flip(0) if way else embedded:
            hidden = torch.gru_cell(
                step[None], hidden, *(states[f"gru.{kind}_l0{way}"] for kind in ("weight_ih", "weight_hh")),
                *(states[f"gru.{kind}_l0{way}"] for kind in ("bias_ih", "bias_hh")),
            )  # fmt: skip
        last.append(hidden[0])
    net = {key.removeprefix("output_net."): value for key, value in states.items() if key.startswith("output_net.")}
    x = F.linear(torch.cat(last), net["0.weight"], net["0.bias"])
    x = F.leaky_relu(F.layer_norm(x, x.shape, net["1.weight"], net["1.bias"]), 0.2)
    return F.linear(x, net["3.weight"], net["3.bias"])


def test_clips_against_the_formulas(evaluator: HumanML3DEvaluator) -> None:
    states = random_states()
    clip = features(25)
    scaled = torch.zeros(1, 259, 196)
    scaled[0, :, :24] = torch.from_numpy((clip[:24] - evaluator.mean) / evaluator.std)[:, :259].T
    movement = states["movement_encoder"]
    for layer in ("main.0", "main.3"):
        weight, bias = movement[f"{layer}.weight"], movement[f"{layer}.bias"]
        scaled = F.leaky_relu(F.conv1d(scaled, weight, bias, stride=2, padding=1), 0.2)
    vectors = F.linear(scaled[0].T, movement["out_net.weight"], movement["out_net.bias"])
    assert vectors.shape == (49, 512)
    wanted = reference(states["motion_encoder"], vectors[:6])
    assert np.allclose(evaluator.embed_features([clip])[0], wanted.numpy(), atol=1e-5)


def test_captions_against_the_formulas(evaluator: HumanML3DEvaluator) -> None:
    state = random_states()["text_encoder"]
    rows, parts = [1, 3, 4, 5, 0, 2], [14, 2, 1, 12, 14, 14]  # walk is a movement word, the fifth has no vector
    parts_of_speech = F.one_hot(torch.tensor(parts), 15).float()
    inputs = torch.from_numpy(evaluator.words.vectors[rows]).float()
    inputs = inputs + F.linear(parts_of_speech, state["pos_emb.weight"], state["pos_emb.bias"])
    found = evaluator.embed_texts([["a/DET", "man/NOUN", "walk/VERB", "quux/NOUN"], ["a/DET"]])
    assert found.shape == (2, 512)
    assert np.allclose(found[0], reference(state, inputs).numpy(), atol=1e-5)
    assert evaluator.embed_texts([]).shape == (0, 512)


def test_tokens(files: Path) -> None:
    words = load_word_vectors(files)
    vectors, parts = words.encode(["a/DET", "zebra/XYZ"])
    assert vectors.shape == (4, 300)
    assert parts.argmax(axis=1).tolist() == [14, 2, 14, 14]
    long = words.encode(["man/NOUN"] * 30)[0]
    assert len(long) == 22 and np.array_equal(long[-1], words.vectors[2])
    for bad in ([], ["man"]):
        with pytest.raises(BadInput, match="word/PART"):
            words.encode(bad)


def test_tokens_of_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "000000.txt"
    path.write_text("a man walks.#a/DET man/NOUN walk/VERB#0.0#0.0\nhe stops#he/PRON stop/VERB#1.0#2.0\n\n")
    assert read_tokens(path) == [("a/DET", "man/NOUN", "walk/VERB"), ("he/PRON", "stop/VERB")]
    path.write_text("a man walks.\n")
    with pytest.raises(BadFile, match="caption#tokens"):
        read_tokens(path)


@pytest.mark.parametrize("bad", [np.zeros((3, 263)), np.zeros((8, 262)), np.zeros(263), np.full((8, 263), np.nan)])
def test_what_is_no_clip_is_refused(evaluator: HumanML3DEvaluator, bad: np.ndarray) -> None:
    with pytest.raises(BadInput, match=r"\(T, 263\)"):
        evaluator.embed_features([bad])


def test_other_names_of_the_files(broken: Path, evaluator: HumanML3DEvaluator) -> None:
    """Rows of the words in another order, in each of the forms; the evaluator's statistics before the data set's."""
    (broken / "mean.npy").rename(broken / "t2m_mean.npy")
    np.save(broken / "Mean.npy", np.zeros(263))
    assert np.array_equal(load_humanml3d_evaluator(broken).mean, evaluator.mean)
    (broken / "our_vab_words.json").unlink()
    (broken / "our_vab_words.txt").write_text("\n".join(WORDS) + "\n")
    assert load_word_vectors(broken).rows == evaluator.words.rows
    (broken / "our_vab_idx.json").write_text(json.dumps({"unk": 6, "sos": 0}))
    assert load_word_vectors(broken).rows == {"unk": 6, "sos": 0}


def test_the_data_sets_own_scales_are_noticed(broken: Path, caplog: pytest.LogCaptureFixture) -> None:
    np.save(broken / "std.npy", np.full(263, 0.4))
    load_humanml3d_evaluator(broken)
    assert "std.npy looks like the data set's" in caplog.text


def test_missing_files_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"lacks finest.tar, mean.npy, std.npy, our_vab_data.npy; put") as caught:
        load_humanml3d_evaluator(tmp_path)
    one_line(caught)


class _Alarm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("import sys; sys.stride_was_run = True",)


def test_pickles_are_not_run(broken: Path) -> None:
    (broken / "our_vab_words.json").unlink()
    for name in ("our_vab_idx.pkl", "our_vab_words.pkl"):
        (broken / name).write_bytes(pickle.dumps(_Alarm()))
    with pytest.raises(BadFile, match=r"never loaded; needs our_vab_idx.json: .* run python -c") as caught:
        load_humanml3d_evaluator(broken)
    one_line(caught)
    (broken / "our_vab_idx.json").write_text(json.dumps({"unk": 0}))
    for content in ({"movement_encoder": _Alarm()}, _Alarm()):
        (broken / "finest.tar").unlink()
        torch.save(content, broken / "finest.tar")
        with pytest.raises(BadFile, match="weights alone") as caught:
            load_humanml3d_evaluator(broken)
        one_line(caught)
    np.save(broken / "mean.npy", np.array([_Alarm()], dtype=object), allow_pickle=True)
    with pytest.raises(BadFile, match="numpy array"):
        load_humanml3d_evaluator(broken)
    assert not hasattr(sys, "stride_was_run")


def test_the_command_in_the_error_converts(tmp_path: Path) -> None:
    """Run as told, it makes the file that is asked for."""
    (tmp_path / "our_vab_idx.pkl").write_bytes(pickle.dumps({word: np.int64(row) for row, word in enumerate(WORDS)}))
    code = CONVERT.removeprefix('python -c "').removesuffix('"')
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    np.save(tmp_path / "our_vab_data.npy", np.zeros((len(WORDS), 300)))
    assert load_word_vectors(tmp_path).rows == {word: row for row, word in enumerate(WORDS)}


@pytest.mark.parametrize("content", ["", "[1, 2]", '{"unk": "0"}', '{"unk": 99}', '{"a": 0}', '["a"]', "[" * 100_000])
def test_lists_of_words_that_do_not_fit(broken: Path, content: str) -> None:
    (broken / "our_vab_words.json").write_text(content)
    with pytest.raises(BadFile, match=r"our_vab_words.json") as caught:
        load_word_vectors(broken)
    one_line(caught)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda s: s.pop("text_encoder"), "lacks the weights of 'text_encoder'"),
        (lambda s: s["motion_encoder"].pop("hidden"), "'motion_encoder' lacks, .* hidden"),
        (lambda s: s["text_encoder"].update(extra=torch.zeros(1)), "'text_encoder' lacks, .* extra"),
        (
            lambda s: s["movement_encoder"].update({"main.0.weight": torch.zeros(512, 263, 4)}),
            r"main.0.weight must be \(512, 259, 4\), got \(512, 263, 4\)",
        ),
        (lambda s: s["movement_encoder"].update({"out_net.bias": 3}), r"out_net.bias must be \(512,\), got int"),
        (
            lambda s: s["movement_encoder"].update({"main.0.bias": torch.full((512,), torch.nan)}),
            "main.0.bias contains",
        ),
    ],
)
def test_weights_that_do_not_fit(broken: Path, change: Callable[[dict], object], problem: str) -> None:
    states = constant_states()
    change(states)
    (broken / "finest.tar").unlink()
    torch.save(states, broken / "finest.tar")
    with pytest.raises(BadFile, match=problem) as caught:
        load_humanml3d_evaluator(broken)
    one_line(caught)


@pytest.mark.parametrize("content", [b"", b"text\nof two lines", b"\x80\x02."])
def test_files_that_are_no_checkpoints(broken: Path, content: bytes) -> None:
    (broken / "finest.tar").unlink()
    (broken / "finest.tar").write_bytes(content)
    with pytest.raises(BadFile, match=r"finest.tar") as caught:
        load_humanml3d_evaluator(broken)
    one_line(caught)


@pytest.mark.parametrize("table", [np.zeros(262), np.zeros(263), np.full(263, np.nan), np.zeros(263, dtype=int)])
def test_scales_that_do_not_fit(broken: Path, table: np.ndarray) -> None:
    np.save(broken / "std.npy", table)
    with pytest.raises(BadFile, match=r"std.npy") as caught:
        load_humanml3d_evaluator(broken)
    one_line(caught)

"""``stride teach`` and what taught words are to a request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from taught import small_generator, small_word

from app import cli
from app.request import Request
from app.studio import explained, make, usual_seconds
from app.teach import learn, words_said
from helpers import walking_clip
from motion import generation
from motion.core.errors import MotionError
from motion.formats import save
from motion.generation.vocabulary import Vocabulary
from motion.training import teaching
from motion.training.teaching import Effort


@pytest.fixture
def vocabulary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Vocabulary:
    monkeypatch.setenv("STRIDE_HOME", str(tmp_path / "home"))
    return Vocabulary.of_user()


@pytest.fixture
def shown(tmp_path: Path) -> str:
    folder = tmp_path / "clips"
    folder.mkdir()
    for seed in range(3):
        save(walking_clip(1.5, seed=seed), folder / f"{seed}.npz")
    return str(folder)


@pytest.fixture
def small_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped model and its teacher, small."""
    models = {
        "stride-nc": small_generator(distilled=True, sha256="1" * 64),
        "stride-nc-teacher": small_generator(sha256="2" * 64),
    }
    object.__setattr__(models["stride-nc"], "teacher", "stride-nc-teacher")
    monkeypatch.setattr(generation, "load_generator", models.__getitem__)
    little = Effort(steps=2, controls_per_batch=64)
    monkeypatch.setattr(teaching, "Effort", lambda: little)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert cli.main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_word_is_taught_listed_handed_on_and_forgotten(
    vocabulary: Vocabulary, small_models: None, shown: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = told(capsys, "teach", "Zorb", "--clips", shown, "--caption", "a person does a zorb")
    word = done["word"]
    assert (word["name"], word["clips"], word["models"]) == ("zorb", 3, ["1" * 64, "2" * 64])
    assert Path(done["file"]).stat().st_size == word["bytes"] < 1_000_000
    assert told(capsys, "teach", "--list") == {"words": [word]}
    file = tmp_path / "handed-on.safetensors"
    assert told(capsys, "teach", "zorb", "--export", str(file))["file"] == str(file)
    assert told(capsys, "teach", "zorb", "--remove")["removed"] == "zorb"
    assert told(capsys, "teach", "--list") == {"words": []}
    assert told(capsys, "teach", "--import", str(file))["word"] == word
    assert vocabulary.read("zorb").sha256 == word["sha256"]


def test_it_is_said_plainly(vocabulary: Vocabulary, capsys: pytest.CaptureFixture[str]) -> None:
    vocabulary.add(small_word(small_generator()))
    assert cli.main(["teach", "--list"]) == 0
    assert capsys.readouterr().out.startswith("zorb: a person does a zorb thing (2.5 s, from 5 clips,")
    assert cli.main(["teach", "zorb", "--remove"]) == 0
    assert capsys.readouterr().out.startswith("removed ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "stride teach NAME --clips DIR"),
        (["zorb", "--clips", "clips"], "--caption"),
        (["--clips", "clips", "--caption", "a"], "NAME"),
        (["zorb", "--list"], "needs no name"),
        (["--remove"], "needs the word's name"),
        (["zorb", "--import", "file"], "the file tells it"),
        (["zorb", "--remove", "--export", "file"], "one thing at a time"),
        (["zorb", "--remove", "--caption", "a"], "one thing at a time"),
        (["zorb", "--remove"], "unknown taught word"),
        (["--import", "no-such-file.safetensors"], "cannot be read"),
        (["person", "--clips", "clips", "--caption", "a"], "my-person"),
        (["zorb", "--clips", "clips", "--caption", " "], "caption"),
        (["zorb", "--clips", "no-such-folder", "--caption", "a person zorbs"], "no such folder"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_2(
    vocabulary: Vocabulary, small_models: None, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["teach", *words]) == 2
    error = capsys.readouterr().err
    assert says in error and error.count("\n") == 1
    assert not vocabulary.folder.exists()


def test_a_model_without_a_teacher_learns_alone(
    vocabulary: Vocabulary, small_models: None, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = learn("zorb", "a person zorbs", shown, "stride-nc-teacher")
    assert list(word.lessons) == ["2" * 64]


def test_words_are_found_in_what_is_asked(vocabulary: Vocabulary) -> None:
    assert words_said(["a zorb"]) == ()
    vocabulary.add(small_word(small_generator()))
    assert [word.name for word in words_said(["walks", "zorbs@1-2"])] == ["zorb"]
    assert words_said(["walks"]) == ()


def test_a_clip_lasts_as_long_as_the_word_and_the_verifier_is_told_what_it_means() -> None:
    word = small_word(small_generator())
    assert usual_seconds(Request("zorb", ("a.npz",)), [word]) == 2.5
    assert usual_seconds(Request("walk", ("a.npz",)), [word]) == usual_seconds(Request("walk", ("a.npz",)), []) == 6.0
    assert explained("zorb", [word]) == "does a zorb thing" and explained(None, [word]) is None


def test_a_word_of_another_model_is_refused_before_any_work(
    walker: list[dict[str, Any]], vocabulary: Vocabulary, tmp_path: Path
) -> None:
    vocabulary.add(small_word(small_generator()))
    out = tmp_path / "clip.npz"
    with pytest.raises(MotionError, match=r"zorb.*another model.*stride-nc"):
        make(Request("a person zorbs", (str(out),)))
    assert not walker and not out.exists()
    make(Request("a person walks", (str(out),), duration=1.0))
    assert len(walker) == 1 and out.exists()


def test_the_file_tells_which_words_were_said(
    walker: list[dict[str, Any]], vocabulary: Vocabulary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import studio
    from motion.generation import vocabulary as words

    word = small_word(small_generator())
    vocabulary.add(word)
    monkeypatch.setattr(words, "with_words", lambda generator, said: generator)
    records: list[dict[str, Any]] = []
    monkeypatch.setattr(studio, "export", lambda _, name, *, provenance, **__: records.append(provenance) or name)
    make(Request("a person zorbs", (str(tmp_path / "clip.npz"),)))
    make(Request("a person walks", (str(tmp_path / "clip.npz"),)))
    assert records[0]["words"] == {"zorb": word.sha256} and "words" not in records[1]
    assert walker[0]["timeline"].duration == 2.5 and walker[1]["timeline"].duration == 6.0

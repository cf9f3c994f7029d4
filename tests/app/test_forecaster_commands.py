import json
from pathlib import Path

import numpy as np
import pytest

from app.cli import main


def walkers(path: Path, columns: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [[10 * t, who, 0.4 * t, 2 * who] for t in range(columns) for who in (1, 2, 3)]
    np.savetxt(path, np.array(rows), fmt="%g", delimiter="\t")


def test_a_fold_is_trained_and_forecasts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "tracks" / "datasets" / "zara1"
    walkers(folder / "train" / "a_train.txt", 60)
    walkers(folder / "val" / "a_val.txt", 30)
    out = tmp_path / "runs"
    words = ["train", "forecaster", "--tracks", str(tmp_path / "tracks"), "--fold", "zara1", "--steps", "12"]
    assert main([*words, "--out", str(out), "--json"]) == 0
    model = json.loads(capsys.readouterr().out)["model"]
    seen = folder / "val" / "a_val.txt"
    assert main(["forecast", str(seen), "--forecaster", model, "--scene-adapt", str(seen), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["people"] == 3 and answer["forecaster"]["scene_adapt"]["numbers"] <= 1000


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train", "forecaster", "--fold", "eth"], "--tracks"),
        (["train", "forecaster", "--tracks", "."], "--fold"),
        (["train", "tiny", "--fold", "eth"], "belong"),
        (["bench", "forecasting", "--tracks", "nowhere"], "no such folder"),
        (["bench", "corridors"], "--tracks"),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    told = capsys.readouterr().err.strip().splitlines()[-1]
    assert message in told

import json
import math

import numpy as np

from motion.datasets import captions
from motion.evaluation.prompts import LABEL_PROMPTS, PARAPHRASES, VARIED
from motion.evaluation.scorecard import Evaluation, Row


def test_a_row_holds_its_bar_on_both_sides():
    assert Row("a", 0.5, least=0.5).passed
    assert not Row("a", 0.49, least=0.5).passed
    assert not Row("a", 2.0, None, 0.5, 1.5).passed
    assert Row("a", 2.0).passed
    assert not Row("a", math.nan, most=1.0).passed


def test_the_table_names_what_failed():
    table = Evaluation((Row("skate", 0.10, 0.05, most=0.08, unit="%"), Row("jerk", 60.0, 55.0, 27.5, 82.5, "m/s3")))
    text = table.to_text()
    assert "skate" in text and "10.0 %" in text and "<= 8.0 %" in text and "FAIL" in text
    assert "27.5 m/s3 to 82.5 m/s3" in text
    assert text.endswith("1 of 2 bars held")
    assert not table.passed


def test_what_could_not_be_measured_is_null_in_json():
    data = Evaluation((Row("memory", math.nan, most=1.5, unit="GB"),)).to_json()
    assert json.loads(json.dumps(data, allow_nan=False))["rows"][0]["ours"] is None
    assert data["passed"] is False


def test_every_content_has_two_different_prompts():
    assert set(LABEL_PROMPTS) == set(PARAPHRASES)
    assert set(VARIED) <= set(LABEL_PROMPTS)
    prompts = [*LABEL_PROMPTS.values(), *PARAPHRASES.values()]
    assert len(set(prompts)) == len(prompts) == 48
    for content, prompt in PARAPHRASES.items():
        for side in ("left", "right"):
            assert (side in content.split("-")) == (side in prompt.split())


def test_paraphrases_are_not_what_training_reads():
    words = {phrase.replace("*", "") for phrases in captions.CONTENTS.values() for phrase in phrases}
    for prompt in PARAPHRASES.values():
        assert not any(phrase in prompt for phrase in words if " " in phrase), prompt


def test_numpy_numbers_become_plain_json():
    table = Evaluation((Row("speed", np.float64(1.2), np.float64(1.1), np.float64(1.0), np.float64(1.3), "m/s"),))
    assert json.loads(json.dumps(table.to_json()))["rows"][0]["passed"] is True

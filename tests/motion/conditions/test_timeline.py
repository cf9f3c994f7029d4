"""Text and Timeline: spans, order and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from motion.conditions import Pose, Reach, Text, Timeline
from motion.core import BadInput


def test_texts_come_in_order_of_their_start() -> None:
    late, early = Text("waves", 3.0), Text("walks", 0.0, 3.0)
    assert Timeline(6.0, (late, early)).texts == (early, late)
    assert late.span() == (3.0, None)


def test_what_is_asked_after_the_last_frame_is_asked_in_it() -> None:
    hand = Reach(4.0, "left_hand", np.ones(3))
    early = Pose(1.0, np.tile(np.eye(3), (24, 1, 1)), np.ones(3))
    late, text = replace(early, time=3.98), Text("walks", 2.0, 4.0)
    asked = Timeline(4.0, (hand, early, late, text), 7).ending_at(119 / 30)
    assert [one.span() for one in asked.conditions] == [(119 / 30,) * 2, (1.0, 1.0), (119 / 30,) * 2, (2.0, 4.0)]
    assert (asked.duration, asked.seed) == (4.0, 7)


REFUSED: dict[str, Callable[[], object]] = {
    "no words": lambda: Text(" \n"),
    "too many words": lambda: Text("a" * 1001),
    "half a letter": lambda: Text("walk \udcff"),
    "before the start": lambda: Text("walks", -1.0),
    "ends before it starts": lambda: Text("walks", 2.0, 1.0),
    "too short": lambda: Timeline(0.5, ()),
    "too long": lambda: Timeline(601.0, ()),
    "no number": lambda: Timeline(float("nan"), ()),
    "negative seed": lambda: Timeline(6.0, (), seed=-1),
    "starts after the end": lambda: Timeline(2.0, (Text("walks", 2.0),)),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_cannot_be_is_refused(case: str) -> None:
    with pytest.raises(BadInput):
        REFUSED[case]()

"""Text and Timeline: spans, order and what they refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from motion.conditions import Text, Timeline
from motion.core import BadInput


def test_texts_come_in_order_of_their_start() -> None:
    late, early = Text("waves", 3.0), Text("walks", 0.0, 3.0)
    assert Timeline(6.0, (late, early)).texts == (early, late)
    assert late.span() == (3.0, None)


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

"""The queue: in turn, each told its place, taken back at any time, never endless."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from app.page.jobs import MAX_WAITING, Busy, Jobs
from app.page.recipe import Recipe
from motion.core.errors import BadInput
from motion.core.progress import Progress

WALK = Recipe.from_json({"prompts": [{"text": "a person walks"}]})


class Hand:
    """Work that goes on only when it is let."""

    def __init__(self, then: Callable[[], Any] = lambda: None) -> None:
        self.begun, self.let, self.done, self.then = threading.Event(), threading.Event(), 0, then

    def __call__(self, recipe: Recipe, progress: Progress) -> Any:
        self.begun.set()
        while not self.let.wait(0.005):
            progress("sample", 0.5)
        progress("export", 1.0)
        self.then()
        self.done += 1
        return SimpleNamespace(name=f"result-{self.done}")


def test_eight_at_once_are_served_in_order_and_told_their_place() -> None:
    hand = Hand()
    jobs = Jobs(hand)
    first = jobs.submit(WALK)
    assert hand.begun.wait(5)
    others = [jobs.submit(WALK) for _ in range(7)]
    assert jobs.told(first)["state"] == "working"
    assert [jobs.told(job)["place"] for job in others] == [1, 2, 3, 4, 5, 6, 7]
    hand.let.set()
    assert all(job.ended.wait(5) for job in (first, *others))
    assert [job.result for job in (first, *others)] == [f"result-{number}" for number in range(1, 9)]


def test_a_full_queue_refuses() -> None:
    hand = Hand()
    jobs = Jobs(hand)
    jobs.submit(WALK)
    assert hand.begun.wait(5)
    for _ in range(MAX_WAITING):
        jobs.submit(WALK)
    with pytest.raises(Busy, match="waiting already"):
        jobs.submit(WALK)
    hand.let.set()


def test_waiting_and_working_orders_can_be_taken_back() -> None:
    hand = Hand()
    jobs = Jobs(hand)
    working = jobs.submit(WALK)
    assert hand.begun.wait(5)
    waiting, last = jobs.submit(WALK), jobs.submit(WALK)
    jobs.cancel(waiting.name)
    assert waiting.state == "cancelled" and jobs.told(last)["place"] == 1
    jobs.cancel(working.name)
    assert working.ended.wait(5) and working.state == "cancelled"
    hand.let.set()
    assert last.ended.wait(5) and last.state == "done" and hand.done == 1


@pytest.mark.parametrize(
    ("error", "message"), [(BadInput("too far"), "too far"), (KeyError("secret/path"), "inside Stride")]
)
def test_failures_are_told_in_words_and_the_next_order_goes_on(error: Exception, message: str) -> None:
    def fail() -> None:
        if hand.done == 0:
            hand.done = 1
            raise error

    hand = Hand(fail)
    hand.let.set()
    jobs = Jobs(hand)
    first, second = jobs.submit(WALK), jobs.submit(WALK)
    assert first.ended.wait(5) and second.ended.wait(5)
    assert first.state == "failed" and message in first.message and "secret" not in first.message
    assert second.state == "done"

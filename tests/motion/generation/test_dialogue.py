"""A clip does not depend on what it is computed beside: alone, among others, whatever their length, words and order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from taught import small_generator, small_word

from helpers import walking_clip
from motion.conditions import Prefix, Speed, Text, Timeline
from motion.core import BadInput, DistanceField, Motion, Place
from motion.core.axes import height
from motion.generation import Generated, Generator, Order, generate, generate_together
from motion.generation.denoiser import Denoiser
from motion.generation.dialogue import GROUP


def same(one: Motion, other: Motion) -> bool:
    return np.array_equal(one.root_position, other.root_position) and np.array_equal(
        one.joint_rotation, other.joint_rotation
    )


@pytest.fixture(params=[False, True], ids=["teacher", "distilled"])
def model(request: pytest.FixtureRequest) -> Generator:
    model = small_generator(distilled=request.param)
    return replace(model, words=(small_word(model),))


def orders() -> list[Order]:
    """Short and long ones, of one sample and of several, of few words, many and none, with controls and without."""
    many = "a tired person walks forward very slowly, stops, looks around and then waves with the left hand"
    beside = (Text("a person walks"), Text("waves", 0.5, 1.5, ("left_arm",)))
    begun = Prefix(walking_clip(1.0, skeleton=small_generator().skeleton))
    return [
        Order(Timeline(2.0, (Text("a person walks"),), 1), steps=2),
        Order(Timeline(2.1, (Text("waves"), Speed.constant(0.8)), 2), samples=3, steps=2),
        Order(Timeline(2.0, (Text(many),), 3), samples=6, steps=3),
        Order(Timeline(9.0, (Text("walks", 0.0, 4.0), Text("runs", 4.0)), 4), steps=2, fps=20.0),
        Order(Timeline(2.0, beside, 5), steps=2, guidance=2.0),
        Order(Timeline(2.0, (Text("a zorb"),), 6), steps=2),
        Order(Timeline(2.0, (Text("walks"), begun), 7), samples=2, steps=2, feet="never"),
        Order(Timeline(2.0, (), 8), steps=1),
    ]


def clips(made: list[Generated] | Exception) -> list[Motion]:
    assert not isinstance(made, Exception), made
    return [one.clip for one in made]


def test_together_as_alone_to_the_bit(model: Generator) -> None:
    asked = orders()
    together = [clips(made) for made in generate_together(asked, model)]
    backwards = [clips(made) for made in generate_together(asked[::-1], model)][::-1]
    for order, one, other in zip(asked, together, backwards, strict=True):
        (alone,) = generate_together([order], model)
        for number, clip in enumerate(clips(alone)):
            assert same(clip, one[number]) and same(clip, other[number])
        assert len(one) == order.samples


def test_generate_is_the_same_as_one_order(model: Generator) -> None:
    order = orders()[1]
    made = generate(order.timeline, model, samples=3, steps=2)
    assert all(same(a.clip, b) for a, b in zip(made, clips(generate_together([order], model)[0]), strict=True))


def test_orders_of_one_length_share_the_forwards(monkeypatch: pytest.MonkeyPatch) -> None:
    model, sizes = small_generator(distilled=True), []
    forward = Denoiser.forward

    def counted(self, x, *rest):  # type: ignore[no-untyped-def]
        sizes.append(len(x))
        return forward(self, x, *rest)

    monkeypatch.setattr(Denoiser, "forward", counted)
    asked = [Order(Timeline(2.0, (Text("walks"),), seed), steps=2) for seed in range(6)]
    asked.append(Order(Timeline(2.0, (Text("walks"),), 9), samples=2, steps=2))
    generate_together(asked, model)
    assert sizes == [GROUP] * 4  # eight samples, two steps


def test_what_is_wrong_with_one_order_is_no_others_business(model: Generator) -> None:
    good, bad = orders()[0], replace(orders()[0], steps=0)
    first, wrong, last = generate_together([good, bad, good], model)
    assert isinstance(wrong, BadInput) and same(clips(first)[0], clips(last)[0])


def test_a_place_lifts_people_onto_its_floor(model: Generator) -> None:
    def floor(places: np.ndarray, near: np.ndarray) -> np.ndarray:
        return np.full(places.shape[:-1], 0.7)

    free = DistanceField(np.full((2, 2, 2), 9.0), np.full(3, -50.0), 100.0)
    timeline = Timeline(2.0, (Text("a person walks"),), 3)
    below = generate(timeline, model)[0].clip
    above = generate(timeline, model, place=Place(free, floor, 0.7))[0].clip
    assert np.median(height(above.root_position - below.root_position)) == pytest.approx(0.7, abs=0.1)

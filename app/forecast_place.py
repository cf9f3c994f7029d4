"""``stride forecast --scene-adapt``: a place is learned from people seen there before."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from motion.core.errors import BadInput
from motion.forecasting.futures import FPS, Forecaster
from motion.forecasting.track_files import Reading, read_sightings

#: Seconds of an earlier recording that are learned from, the last ones.
LONGEST_S = 600.0


def at_home(options: argparse.Namespace, forecaster: Forecaster, about: dict[str, Any], reading: Reading) -> Forecaster:
    """The forecaster, adapted to the place when ``--scene-adapt`` says from what; ``about`` is told.

    FILE.json is what was learned before, as ``Corridors.save`` writes it; anything else is tracks of people.
    """
    if options.scene_adapt is None:
        return forecaster
    from motion.forecasting.corridors import NUMBERS, AdaptedForecaster, Corridors, adapted
    from motion.forecasting.forecaster import TrainedForecaster

    if not isinstance(forecaster, TrainedForecaster):
        raise BadInput("--scene-adapt needs a trained forecaster; leave out --forecaster constant-velocity")
    if Path(options.scene_adapt).suffix.lower() == ".json" and not Path(options.scene_adapt).is_dir():
        known = AdaptedForecaster(forecaster, Corridors.load(Path(options.scene_adapt)))
    else:
        seen = read_sightings(options.scene_adapt, reading)
        known = adapted(forecaster, seen.tracks(max(seen.begin, seen.end - LONGEST_S), seen.end, FPS))
    about["scene_adapt"] = {"learned_from_people": known.corridors.people, "numbers": NUMBERS}
    return known

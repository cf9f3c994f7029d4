"""Beyond the horizon of the network: what each future has become is its past."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from motion.forecasting.frames import Frame
from motion.forecasting.model import Output
from motion.forecasting.windows import PAST, Windows, alone

Array = NDArray[np.floating]


def rolled_out(foretold: Callable[[Windows], tuple[Frame, Output]], positions: Array, steps: int) -> Array:
    """Futures (A, K, FUTURE, 2) m gone on to (A, K, steps, 2) m, each by the best forecast for somebody alone."""
    people, samples = positions.shape[:2]
    path = positions.reshape(people * samples, -1, 2)
    while path.shape[1] < steps:
        frame, output = foretold(alone(path[:, -PAST:]))
        path = np.concatenate([path, frame.world(output.best).double().numpy()], axis=1)
    return path[:, :steps].reshape(people, samples, steps, 2)

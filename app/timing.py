"""How long a user waits: for a whole command from nothing, and for a request when the model is loaded."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.request import Request
from app.studio import make
from motion.core.progress import Progress, silent

#: What is asked for, in seconds of motion, how often, and how often from nothing.
PROMPT, SECONDS, TIMES, COLD_TIMES = "a person walks forward and waves", 10.0, 20, 3

_COMMAND = "import sys; from app.cli import main; sys.exit(main())"


def waits(model: str, *, progress: Progress = silent) -> dict[str, float]:
    """Medians in seconds of making a ``SECONDS`` clip and its .glb with the defaults."""
    with TemporaryDirectory() as folder:
        request = Request(PROMPT, (str(Path(folder) / "clip.glb"),), duration=SECONDS, model=model)
        make(request)
        whole, sampling = [], []
        for number in range(TIMES):
            progress("time requests", number / TIMES)
            begin = time.perf_counter()
            result = make(replace(request, seed=number))
            whole.append(time.perf_counter() - begin)
            sampling.append(result.seconds["sample"])
        cold = [_cold_start(request) for _ in range(COLD_TIMES)]
    name = f"{SECONDS:g}-s clip, best of {result.candidates}"
    return {
        f"{name}: sampling, s": statistics.median(sampling),
        f"{name}: whole request, s": statistics.median(whole),
        f"{name}: command from nothing, s": statistics.median(cold),
    }


def _cold_start(request: Request) -> float:
    """Seconds of wall time of a fresh process, start of the interpreter and loading included."""
    words = [
        "generate", PROMPT, "--duration", f"{SECONDS:g}", "--model", request.model,
        "--out", request.out[0],
    ]  # fmt: skip
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", _COMMAND, *words], check=True, capture_output=True)
    return time.perf_counter() - begin

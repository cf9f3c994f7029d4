"""The same crew on Ray: an actor for each core, on this machine or on all of a cluster that share the folder."""

from __future__ import annotations

import logging
import os
import socket
from collections import deque
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.batch.crew import AHEAD, Bundle, Done, Lost, made, usable_cores
from app.batch.work import Bench, Record
from motion.core.errors import MissingDependency, MotionError


def join(address: str | None, workers: int | None = None) -> int:
    """Begin to use a cluster, or one of this machine's own for so many workers; returns how many there can be."""
    if find_spec("ray") is None:
        raise MissingDependency("ray", "--engine ray", "cluster")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    import ray

    if not ray.is_initialized():
        own: dict[str, Any] = {"address": address}
        if address is None:
            cores = workers or usable_cores()
            own = {"num_cpus": cores, "include_dashboard": False, "object_store_memory": 200_000_000}
        try:
            ray.init(log_to_driver=False, logging_level=logging.ERROR, **own)
        except Exception as error:  # Ray raises that itself when a node of its own does not come up
            raise MotionError(f"no Ray cluster at {address or 'this machine'}: {error}") from error
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


class Hand:
    """A worker on a cluster: loads a model once, and makes bundle after bundle."""

    def __init__(self, bench: Bench) -> None:
        import torch

        torch.set_num_threads(1)
        own = f"{socket.gethostname()}-{os.getpid()}"
        self.bench = Bench(bench.folder, bench.staging / own, bench.plan)

    def make(self, bundle: Bundle) -> list[Record]:
        """The records of a bundle."""
        if not self.bench.folder.is_dir():
            raise MotionError(f"{self.bench.folder}: is not there on {socket.gethostname()}; it must be shared by all")
        return made(bundle, self.bench)


class RayCrew:
    """Actors; the folder must be the same on every machine."""

    def __init__(self, bench: Bench, workers: int, address: str | None = None) -> None:
        join(address, workers)
        import ray

        folder = bench.folder.resolve()  # an actor has another working directory
        self.bench = Bench(folder, Path(bench.staging).resolve(), bench.plan)
        here = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
        threads = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        self._hire: Any = ray.remote(num_cpus=1, runtime_env={"env_vars": {**threads, "PYTHONPATH": path}})(Hand).remote
        self._hands: list[Any] = [self._hire(self.bench) for _ in range(workers)]
        self._work: list[deque[tuple[Any, Bundle]]] = [deque() for _ in self._hands]

    def room(self) -> int:
        """How many more bundles can be taken now."""
        return sum(AHEAD - len(work) for work in self._work)

    def idle(self) -> bool:
        """Whether nobody has anything to do."""
        return not any(self._work)

    def give(self, bundle: Bundle) -> None:
        """Have the jobs of a bundle made, by whoever has least to do."""
        number = min(range(len(self._hands)), key=lambda k: len(self._work[k]))
        self._work[number].append((self._hands[number].make.remote(bundle), bundle))

    def hear(self, seconds: float) -> list[Done | Lost]:
        """What has come back; waits so long for it."""
        import ray
        from ray.exceptions import RayError

        first = [work[0][0] for work in self._work if work]
        ready, _ = ray.wait(first, timeout=seconds) if first else ([], [])
        heard: list[Done | Lost] = []
        for number, work in enumerate(self._work):
            if work and work[0][0] in ready:
                try:
                    heard.append(Done(ray.get(work[0][0])))
                    work.popleft()
                except RayError as error:
                    jobs = [job for _, bundle in work for job in bundle]
                    cause = getattr(error, "cause", None) or error
                    heard.append(Lost(jobs, f"the worker died ({type(cause).__name__}: {cause})".splitlines()[0]))
                    work.clear()
                    self._hands[number] = self._hire(self.bench)
        return heard

    def close(self) -> None:
        """Send everybody home; a cluster of this machine's own ends with the process."""
        import ray

        for hand in self._hands:
            ray.kill(hand)

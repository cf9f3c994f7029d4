"""Conformance of an AMASS .npz as it is stored."""

from __future__ import annotations

import os

from motion.formats.archive import read_arrays
from motion.formats.check import CheckItem

_AMASS_KEYS = ("poses", "trans", "betas", "gender", "mocap_framerate", "mocap_frame_rate")


def check_npz(path: str | os.PathLike[str]) -> list[CheckItem]:
    """The keys AMASS readers ask for, their types, and both spellings of the frame rate."""
    arrays = read_arrays(path)
    missing = [key for key in _AMASS_KEYS if key not in arrays]
    kinds = {key: str(arrays[key].dtype) for key in ("poses", "trans") if key in arrays}
    return [
        CheckItem("keys that AMASS readers ask for", not missing, f"lacks {', '.join(missing)}" if missing else "all",
                  ", ".join(_AMASS_KEYS)),
        CheckItem("poses and trans are floats", all(kind.startswith("float") for kind in kinds.values()),
                  ", ".join(sorted(set(kinds.values()))), "float"),
        CheckItem("poses", True, " x ".join(map(str, arrays["poses"].shape)) if "poses" in arrays else "split"),
    ]  # fmt: skip

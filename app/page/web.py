"""The files a browser gets: our own, and three.js, which npm puts beside the packages when Stride is set up."""

from __future__ import annotations

import sys
from pathlib import Path

from motion.core.errors import MotionError

#: Our pages, styles and modules.
STATIC = Path(__file__).resolve().parent / "static"

#: What npm installs, pinned; nothing of it is in the repository. ``app/bootstrap.py`` installs the same.
THREE = "three@0.187.0"

#: Below the environment, where npm puts it.
FOLDER = "stride-web"


def three_folder() -> Path:
    """Where three.js lies: in this environment, else beside a checkout; raises ``MotionError`` saying how to get it."""
    here = Path(sys.prefix) / FOLDER
    for folder in (here, STATIC.parents[2]):
        found = folder / "node_modules" / "three"
        if (found / "build" / "three.module.js").is_file():
            return found
    raise MotionError(
        f"the viewer needs three.js; install Node.js, then run: npm install --prefix {here} --ignore-scripts {THREE}"
    )

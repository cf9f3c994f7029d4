"""Clips as .mp4, by the optional package imageio-ffmpeg, which brings its own encoder."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from motion.core.clip import Motion
from motion.core.errors import MissingDependency
from motion.core.skin import Skin
from motion.formats.atomic import atomic_path
from motion.formats.picture import film, title_of

#: Pixels, multiples of 16 as encoders like them; and the highest frame rate drawn.
SIZE = (640, 720)
MAX_VIDEO_FPS = 60.0


def write_mp4(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
) -> None:
    """Write an H.264 .mp4 at the clip's frame rate, at most 60. Raises ``MissingDependency`` without the encoder."""
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise MissingDependency("imageio-ffmpeg", "writing .mp4", "video") from error
    shown = clip if clip.fps <= MAX_VIDEO_FPS else clip.resampled(MAX_VIDEO_FPS)
    with atomic_path(path) as temporary:
        encoder = imageio_ffmpeg.write_frames(
            str(temporary), SIZE, fps=shown.fps, macro_block_size=8, ffmpeg_log_level="error", quality=7
        )
        encoder.send(None)
        try:
            for picture in film(shown, SIZE, skin=skin, title=title_of(provenance)):
                encoder.send(np.asarray(picture).tobytes())
        finally:
            encoder.close()

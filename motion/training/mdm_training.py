"""Train MDM on what ours is trained on, with the same trainer, for the same number of clips."""

from __future__ import annotations

from motion.baselines.mdm import FRAME_RATE, FrameDenoiser
from motion.generation.denoiser import Denoiser
from motion.training.corpus import Corpus, as_frames
from motion.training.trainer import Trainer


class MdmTrainer(Trainer):
    """A ``Trainer`` of frames and of MDM's network, which cannot be told what is known of a clip."""

    masked = 0.0

    def network(self) -> Denoiser:
        """MDM's network."""
        return FrameDenoiser(self.config.denoiser)

    def laid_out(self, corpus: Corpus) -> Corpus:
        """The takes as frames."""
        return as_frames(corpus, FRAME_RATE)

"""Learning: the corpus, its batches, the losses, the loop, and the presets ``stride train`` knows."""

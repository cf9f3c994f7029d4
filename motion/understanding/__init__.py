"""Understanding motion: which action it is, which hand rises, which way it goes."""

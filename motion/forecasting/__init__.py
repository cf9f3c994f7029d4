"""Where people walk next: tracks in, weighted futures out."""

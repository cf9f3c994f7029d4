"""What networks here are made of: common layers, and the frozen encoder of sentences."""

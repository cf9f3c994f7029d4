"""``stride evaluate control``: was it done as asked; one module per family of controls, ``table`` over all of them."""

"""Other simulators on the same models, each written as its own documentation would have it."""

"""The page of weights: as pictures, against their gradients and changes, and in figures."""

"""Several small landscapes beside each other: nine planes at once, and what rescaling a network does to its surface."""

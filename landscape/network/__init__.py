"""Networks: the layout of θ, initialisation, forward pass, losses and gradients."""

from landscape.network.example_costs import ExampleCosts
from landscape.network.network import Network

__all__ = ["ExampleCosts", "Network"]

"""Well-known networks and settings to begin with, and what each should reach.

The accuracies are those of the test digits, measured over three seeds: with the full MNIST and with the built-in digits,
of which there are 4,000 to learn from instead of 50,000.
"""

from dataclasses import dataclass

from landscape.run.setup import Setup


@dataclass(frozen=True)
class Preset:
    """A named setup: where it comes from, and what it should reach."""

    name: str
    origin: str
    reaches: str
    setup: Setup

    @property
    def note(self) -> str:
        """The words on its card."""
        return f"{self.origin} {self.reaches}"


def _setup(**sections: dict) -> Setup:
    return Setup().changed(**sections)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "Landscape demo",
            "A ReLU network with 30 hidden neurons, from the corners and the middle of a random plane.",
            "Reaches 95.5 % ± 0.5 with the full MNIST, about 91 % with the built-in digits.",
            Setup(),
        ),
        Preset(
            "Inside the plane",
            "Balls on the surface itself: only two coordinates move. A random plane holds no good network, as you will see.",
            "Reaches no more than guessing: a loss of 2.3 to 2.45, about one digit in ten.",
            _setup(descent={"in_plane": True, "learning_rate": 1.0}, starts={"reach": 1.0}),
        ),
        Preset(
            "3Blue1Brown 784-16-16-10",
            "The network of the video series: 13,002 parameters, sigmoid neurons, squared error.",
            "Reaches 93.7 % ± 0.4 with the full MNIST, about 90 % with the built-in digits.",
            _setup(
                network={
                    "sizes": (784, 16, 16, 10),
                    "activation": "sigmoid",
                    "cost": "mse",
                    "scheme": "scaled",
                    "biases": "normal",
                },
                descent={"learning_rate": 1.0, "batch_size": 10, "epochs": 10},
            ),
        ),
        Preset(
            "Nielsen 784-30-10",
            "Chapter 1 of Neural Networks and Deep Learning: 23,860 parameters, quadratic cost, rate 3.0, mini-batches of 10.",
            "Reaches 95 % ± 0.3 with the full MNIST, about 89 % with the built-in digits.",
            _setup(
                network={
                    "activation": "sigmoid",
                    "cost": "quadratic",
                    "scheme": "normal",
                    "scale": 1.0,
                    "biases": "normal",
                },
                descent={"learning_rate": 3.0, "batch_size": 10, "epochs": 30},
            ),
        ),
        Preset(
            "Nielsen 784-30-10, cross-entropy",
            "Chapter 3: the same network with the cross-entropy of sigmoid outputs, rate 0.5. Saturated outputs learn fast.",
            "Reaches 95.1 % ± 0.3 with the full MNIST, about 89 % with the built-in digits.",
            _setup(
                network={
                    "activation": "sigmoid",
                    "cost": "binary_cross_entropy",
                    "scheme": "normal",
                    "scale": 1.0,
                    "biases": "normal",
                },
                descent={"learning_rate": 0.5, "batch_size": 10, "epochs": 30},
            ),
        ),
        Preset(
            "Nielsen 784-100-10",
            "The wider network of chapter 1: 79,510 parameters.",
            "Reaches up to 96.7 % with the full MNIST and 87 % with the built-in digits, but many starts stay 10 or 20 % below: "
            "with weights this large some outputs are stuck from the first step on.",
            _setup(
                network={
                    "sizes": (784, 100, 10),
                    "activation": "sigmoid",
                    "cost": "quadratic",
                    "scheme": "normal",
                    "scale": 1.0,
                    "biases": "normal",
                },
                descent={"learning_rate": 3.0, "batch_size": 10, "epochs": 30},
            ),
        ),
        Preset(
            "fastai 3 or 7, linear",
            "Chapter 4 of Deep Learning for Coders: 785 parameters tell a 3 from a 7.",
            "Reaches 97.2 % ± 0.5 with the full MNIST, 92 to 97 % with the built-in digits.",
            _setup(
                data={"classes": (7, 3)},
                network={"sizes": (784, 1), "cost": "mnist_loss", "scheme": "normal", "scale": 1.0, "biases": "normal"},
                descent={"learning_rate": 1.0, "batch_size": 256, "epochs": 20},
            ),
        ),
        Preset(
            "fastai 3 or 7, 784-30-1",
            "The small network that follows it: 23,581 parameters.",
            "Reaches 98.2 % ± 0.2 with the full MNIST, about 98 % with the built-in digits.",
            _setup(
                data={"classes": (7, 3)},
                network={"sizes": (784, 30, 1), "cost": "mnist_loss"},
                descent={"learning_rate": 0.1, "batch_size": 256, "epochs": 40},
            ),
        ),
        Preset(
            "CS231n 784-50-10",
            "A two-layer ReLU network with softmax, as in the course's notes: 39,760 parameters.",
            "Reaches 96.3 % ± 0.4 with the full MNIST, about 92 % with the built-in digits.",
            _setup(network={"sizes": (784, 50, 10)}, descent={"optimiser": "momentum", "learning_rate": 0.05}),
        ),
    )
}

"""Well-known networks and settings to begin with, and what each should reach.

The accuracies are those of the test digits after the last epoch, one for each of three seeds of the first weights: with the full
MNIST and with the built-in digits, of which there are 4,000 to learn from instead of 50,000, and 500 to be tested with. They
are measured by `examples/what_the_presets_reach.py`, which anyone can run again.
"""

from dataclasses import dataclass

from landscape.run.setup import Setup


@dataclass(frozen=True)
class Preset:
    """A named setup: where it comes from, and what it should reach: `full` and `built_in` are accuracies, one a seed."""

    name: str
    origin: str
    setup: Setup
    full: tuple[float, ...] = ()
    built_in: tuple[float, ...] = ()
    remark: str = ""

    @property
    def reaches(self) -> str:
        """What it should reach, in a sentence or two."""
        if not self.full:
            return self.remark
        words = (
            f"Reaches {_mean(self.full)} with the full MNIST (three seeds: {_span(self.full)}), "
            f"{_mean(self.built_in)} with the built-in digits ({_span(self.built_in)})."
        )
        return f"{words} {self.remark}".rstrip()

    @property
    def note(self) -> str:
        """The words on its card."""
        return f"{self.origin} {self.reaches}"


def _mean(accuracies: tuple[float, ...]) -> str:
    return f"{100 * sum(accuracies) / len(accuracies):.1f} %"


def _span(accuracies: tuple[float, ...]) -> str:
    return f"{100 * min(accuracies):.1f} to {100 * max(accuracies):.1f}"


def _setup(**sections: dict) -> Setup:
    return Setup().changed(**sections)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "Landscape demo",
            "A ReLU network with 30 hidden neurons, from the corners and the middle of a random plane.",
            Setup(),
            full=(0.961, 0.957, 0.957),
            built_in=(0.926, 0.912, 0.896),
        ),
        Preset(
            "Inside the plane",
            "Balls on the surface itself: only two coordinates move. A random plane holds no good network, as you will see.",
            _setup(descent={"in_plane": True, "learning_rate": 1.0}, starts={"reach": 1.0}),
            remark="Reaches no more than guessing: a loss of 2.3 to 2.45, about one digit in ten.",
        ),
        Preset(
            "3Blue1Brown 784-16-16-10",
            "The network of the video series: 13,002 parameters, sigmoid neurons, squared error.",
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
            full=(0.938, 0.936, 0.940),
            built_in=(0.894, 0.912, 0.910),
        ),
        Preset(
            "Nielsen 784-30-10",
            "Chapter 1 of Neural Networks and Deep Learning: 23,860 parameters, quadratic cost, rate 3.0, mini-batches of 10.",
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
            full=(0.946, 0.949, 0.948),
            built_in=(0.894, 0.882, 0.888),
        ),
        Preset(
            "Nielsen 784-30-10, cross-entropy",
            "Chapter 3: the same network with the cross-entropy of sigmoid outputs, rate 0.5. Saturated outputs learn fast.",
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
            full=(0.950, 0.948, 0.953),
            built_in=(0.896, 0.896, 0.886),
        ),
        Preset(
            "Nielsen 784-100-10",
            "The wider network of chapter 1: 79,510 parameters.",
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
            full=(0.962, 0.869, 0.967),
            built_in=(0.832, 0.816, 0.886),
            remark="With weights this large some outputs may be stuck from the first step on: such starts stay 10 % below.",
        ),
        Preset(
            "fastai 3 or 7, linear",
            "Chapter 4 of Deep Learning for Coders: 785 parameters tell a 3 from a 7.",
            _setup(
                data={"classes": (7, 3)},
                network={"sizes": (784, 1), "cost": "mnist_loss", "scheme": "normal", "scale": 1.0, "biases": "normal"},
                descent={"learning_rate": 1.0, "batch_size": 256, "epochs": 20},
            ),
            full=(0.969, 0.977, 0.967),
            built_in=(0.960, 0.970, 0.920),
        ),
        Preset(
            "fastai 3 or 7, 784-30-1",
            "The small network that follows it: 23,581 parameters.",
            _setup(
                data={"classes": (7, 3)},
                network={"sizes": (784, 30, 1), "cost": "mnist_loss"},
                descent={"learning_rate": 0.1, "batch_size": 256, "epochs": 40},
            ),
            full=(0.980, 0.981, 0.983),
            built_in=(0.980, 0.980, 0.970),
        ),
        Preset(
            "CS231n 784-50-10",
            "A two-layer ReLU network with softmax, as in the course's notes: 39,760 parameters.",
            _setup(network={"sizes": (784, 50, 10)}, descent={"optimiser": "momentum", "learning_rate": 0.05}),
            full=(0.964, 0.963, 0.962),
            built_in=(0.928, 0.924, 0.920),
        ),
    )
}

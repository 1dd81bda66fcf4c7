"""Well-known networks and settings to begin with."""

from dataclasses import dataclass

from landscape.run.setup import Setup


@dataclass(frozen=True)
class Preset:
    """A named setup; the note says where it comes from and what to expect."""

    name: str
    note: str
    setup: Setup


def _setup(**sections: dict) -> Setup:
    return Setup().changed(**sections)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "Landscape demo",
            "A ReLU network with 30 hidden neurons, from the corners and the middle of a random plane.",
            Setup(),
        ),
        Preset(
            "Inside the plane",
            "Balls on the surface itself: only two coordinates move. A random plane holds no good network, as you will see.",
            _setup(descent={"in_plane": True, "learning_rate": 1.0}, starts={"reach": 1.0}),
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
                descent={"learning_rate": 3.0, "batch_size": 10, "epochs": 10},
            ),
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
                descent={"learning_rate": 3.0, "batch_size": 10, "epochs": 10},
            ),
        ),
        Preset(
            "fastai 3 or 7, linear",
            "Chapter 4 of Deep Learning for Coders: 785 parameters tell a 3 from a 7.",
            _setup(
                data={"classes": (7, 3)},
                network={"sizes": (784, 1), "cost": "mnist_loss", "scheme": "normal", "scale": 1.0, "biases": "normal"},
                descent={"learning_rate": 1.0, "batch_size": 256, "epochs": 20},
            ),
        ),
        Preset(
            "fastai 3 or 7, 784-30-1",
            "The small network that follows it: 23,581 parameters.",
            _setup(
                data={"classes": (7, 3)},
                network={"sizes": (784, 30, 1), "cost": "mnist_loss"},
                descent={"learning_rate": 0.1, "batch_size": 256, "epochs": 40},
            ),
        ),
        Preset(
            "CS231n 784-50-10",
            "A two-layer ReLU network with softmax, as in the course's notes: 39,760 parameters.",
            _setup(network={"sizes": (784, 50, 10)}, descent={"optimiser": "momentum", "learning_rate": 0.05}),
        ),
    )
}

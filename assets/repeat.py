"""Repeat a run of Landscape with numpy alone: the same starts, the same mini-batches, the same steps.

    python repeat.py DIGITS

DIGITS is mnist_5k.npz (the built-in digits) or a folder with MNIST's four IDX files, gzipped or not. The file repeat.npz beside
this script holds the starts, the rate of every step, and the losses that the run recorded; the script prints both losses.
"""

import gzip
import json
import struct
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np

# What the run was made with, and by which version.
SETTINGS = json.loads("""{}""")


def read_digits(place):
    """Training images (n, 784) and labels 0 to 9 (n,), both uint8."""
    if place.is_file():
        with np.load(place) as file:
            return file["images"][:4000], file["labels"][:4000]
    images = read_idx(place, "train-images-idx3-ubyte")
    labels = read_idx(place, "train-labels-idx1-ubyte")
    kept = len(labels) - max(1, len(labels) // 6)  # the last sixth is for validation
    return images.reshape(len(images), -1)[:kept], labels[:kept]


def read_idx(folder, name):
    for path in (folder / (name + ".gz"), folder / name, folder / name.replace("-idx", ".idx")):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            shape = struct.unpack(f">{data[3]}I", data[4 : 4 + 4 * data[3]])
            return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)
    raise SystemExit(f"{folder} holds no {name}")


def prepare(images, steps):
    """Images as float32 after the steps of the setup, fitted to these images."""
    X = images.astype(np.float32)
    for step in steps:
        mean = X.mean(axis=0, dtype=np.float64)
        deviation = X.std(axis=0, dtype=np.float64)
        if step == "scale":
            X /= np.float32(255)
        elif step == "centre":
            X -= mean.astype(np.float32)
        elif step == "standardise":
            changes = X.min(axis=0) < X.max(axis=0)
            X -= mean.astype(np.float32)
            X *= np.divide(1, deviation, where=changes, out=np.zeros_like(deviation)).astype(np.float32)
        elif step == "whiten":
            X /= np.sqrt(deviation**2 + 1e-5 * deviation.max() ** 2).astype(np.float32)
        else:  # pca:k, each direction with its largest entry positive
            X -= mean.astype(np.float32)
            directions = np.linalg.eigh(X.T.astype(np.float64) @ X)[1].T[::-1][: int(step.partition(":")[2])]
            largest = np.abs(directions).argmax(axis=1)
            signs = np.sign(directions[np.arange(len(directions)), largest])
            X = X @ (directions * signs[:, None]).T.astype(np.float32)
    return X


def sigmoid(z):
    return 0.5 * np.tanh(0.5 * z) + 0.5


def softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


ACTIVATIONS = {  # a hidden neuron's answer to z, and the slope in terms of that answer
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(a.dtype)),
    "sigmoid": (sigmoid, lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "linear": (lambda z: z, np.ones_like),
}


def cost(name, z, y):
    """Each example's cost (n,), and its derivative with respect to the last layer's inputs z (n, n_out)."""
    n_out = z.shape[1]
    wanted = y[:, None].astype(z.dtype) if n_out == 1 else np.equal(y[:, None], np.arange(n_out)).astype(z.dtype)
    a = sigmoid(z)
    if name == "cross_entropy":
        shifted = z - z.max(axis=1, keepdims=True)
        total = np.exp(shifted).sum(axis=1, keepdims=True)
        return np.log(total[:, 0]) - (shifted * wanted).sum(axis=1), np.exp(shifted) / total - wanted
    if name in ("quadratic", "mse"):
        scale = 0.5 if name == "quadratic" else 1.0
        return scale * ((a - wanted) ** 2).sum(axis=1), 2 * scale * (a - wanted) * a * (1 - a)
    if name == "binary_cross_entropy":
        return (softplus(z) - wanted * z).sum(axis=1), a - wanted
    if name == "mnist_loss":
        sign = (1 - 2 * y).astype(z.dtype)
        return sigmoid(sign * z[:, 0]), sign[:, None] * a * (1 - a)
    if name == "mae":
        return np.abs(a - wanted).mean(axis=1), np.sign(a - wanted) * a * (1 - a) / n_out
    margins = np.maximum(z - (z * wanted).sum(axis=1, keepdims=True) + 1, 0) * (1 - wanted)  # hinge
    over = (margins > 0).astype(z.dtype)
    return margins.sum(axis=1), over - over.sum(axis=1, keepdims=True) * wanted


class Network:
    """A multilayer perceptron; theta holds W1 b1 W2 b2 ... one after the other, each W (n_in, n_out)."""

    def __init__(self, sizes, activation, cost_name):
        self.shapes = list(pairwise(sizes))
        self.value, self.slope = ACTIVATIONS[activation]
        self.cost_name = cost_name

    def layers(self, theta):
        begin = 0
        for n_in, n_out in self.shapes:
            end = begin + n_in * n_out
            yield theta[begin:end].reshape(n_in, n_out), theta[end : end + n_out]
            begin = end + n_out

    def answers(self, theta, X):
        """The inputs of every layer and the last layer's z."""
        inputs, z = [X], X
        for number, (W, b) in enumerate(self.layers(theta), start=1):
            z = inputs[-1] @ W + b
            if number < len(self.shapes):
                inputs.append(self.value(z))
        return inputs, z

    def loss(self, theta, X, y):
        return float(cost(self.cost_name, self.answers(theta, X)[1], y)[0].mean(dtype=np.float64))

    def gradient(self, theta, X, y, l2):
        inputs, z = self.answers(theta, X)
        delta = cost(self.cost_name, z, y)[1] / np.float32(len(X))
        parts = []
        for a, (W, _) in zip(reversed(inputs), reversed(list(self.layers(theta)))):
            parts = [(a.T @ delta + np.float32(l2) * W).ravel(), delta.sum(axis=0), *parts]
            delta = (delta @ W.T) * self.slope(a)
        return np.concatenate(parts)


class Optimiser:
    """One update of theta, as torch.optim defines it."""

    def __init__(self, chosen):
        self.chosen, self.slots = chosen, {}

    def step(self, theta, gradient, rate, count):
        kind, decay, eps = (self.chosen[name] for name in ("kind", "weight_decay", "eps"))
        if decay and kind == "AdamW":
            theta = theta * np.float32(1 - rate * decay)
        elif decay:
            gradient = gradient + np.float32(decay) * theta
        keep = self.slots.get
        if kind == "SGD":
            momentum = np.float32(self.chosen["momentum"])
            velocity = self.slots["velocity"] = momentum * keep("velocity", 0) + gradient
            move = gradient + momentum * velocity if self.chosen["nesterov"] else velocity
        elif kind == "Adagrad":
            total = self.slots["total"] = keep("total", 0) + gradient * gradient
            move = gradient / (np.sqrt(total) + np.float32(eps))
        elif kind == "RMSprop":
            alpha = self.chosen["alpha"]
            mean = self.slots["mean"] = np.float32(alpha) * keep("mean", 0) + np.float32(1 - alpha) * gradient**2
            move = gradient / (np.sqrt(mean) + np.float32(eps))
        else:  # Adam, AdamW
            one, two = self.chosen["betas"]
            first = self.slots["first"] = np.float32(one) * keep("first", 0) + np.float32(1 - one) * gradient
            second = self.slots["second"] = np.float32(two) * keep("second", 0) + np.float32(1 - two) * gradient**2
            move = first / (np.sqrt(second) / np.float32(np.sqrt(1 - two**count)) + np.float32(eps))
            rate = rate / (1 - one**count)
        return theta - np.float32(rate) * move


def order_of(examples, seed, start, epoch):
    """The order in which an epoch of a start goes through the training digits."""
    key = (zlib.crc32(b"batches"), start, epoch)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key)).permutation(examples)


def descend(start, kept, net, X, y):
    """The losses of one start over the measured digits, at every recorded step."""
    descent, measured = SETTINGS["descent"], SETTINGS["measured"]
    theta, size = kept["thetas"][start], descent["batch_size"]
    per_epoch = -(-len(X) // size)
    optimiser, inside = Optimiser(SETTINGS["optimiser"]), "Q" in kept
    free = (theta - kept["origin"]) @ kept["Q"].T if inside else theta
    recorded, ended, losses = set(kept["steps"].tolist()), int(kept["ended"][start]), []
    for step in range(int(kept["steps"][-1]) + 1):
        if 0 < step <= ended:
            epoch, place = divmod(step - 1, per_epoch)
            if place == 0:
                order = order_of(len(X), descent["seed"], 0 if descent["shared_batches"] else start, epoch)
            batch = order[place * size : (place + 1) * size]
            gradient = net.gradient(theta, X[batch], y[batch], descent["l2"])
            gradient = kept["Q"] @ gradient if inside else gradient
            free = optimiser.step(free, gradient, float(kept["rates"][step - 1]), step)
            theta = kept["origin"] + free @ kept["Q"] if inside else free
        if step in recorded:
            losses.append(net.loss(theta, X[:measured], y[:measured]))
    return np.array(losses)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    images, labels = read_digits(Path(sys.argv[1]))
    classes = SETTINGS["data"]["classes"]
    chosen = np.isin(labels, classes)
    X = prepare(images[chosen], SETTINGS["data"]["preprocess"])
    y = np.array([classes.index(label) for label in labels[chosen].tolist()])
    with np.load(Path(__file__).with_name("repeat.npz")) as file:
        kept = dict(file)
    net = Network(SETTINGS["network"]["sizes"], SETTINGS["network"]["activation"], SETTINGS["network"]["cost"])
    worst = 0.0
    for start, name in enumerate(SETTINGS["starts"]):
        losses, record = descend(start, kept, net, X, y), kept["losses"][:, start]
        known = np.isfinite(record)
        worst = max(worst, float(np.abs(losses[known] / record[known] - 1).max(initial=0)))
        print(
            f"{name}: first loss {losses[0]:.6f} (recorded {record[0]:.6f}), last {losses[-1]:.6f} ({record[-1]:.6f})"
        )
    print(f"largest relative difference from the record: {worst:.2e}")


if __name__ == "__main__":
    main()

"""Every optimiser against torch, and against numbers worked out by hand where there is no torch."""

import numpy as np
import pytest

from landscape.descent import SGD, Adagrad, Adam, AdamW, FrameSchedule, RMSprop, descend
from landscape.errors import SetupError
from landscape.plane import Plane

# Each with torch's defaults, and with every number changed.
RULES = {
    "SGD": SGD(0.2),
    "momentum": SGD(0.1, momentum=0.9),
    "Nesterov": SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "Adagrad": Adagrad(),
    "Adagrad, all": Adagrad(0.1, lr_decay=0.1, weight_decay=0.02, initial_accumulator_value=0.3, eps=1e-6),
    "RMSprop": RMSprop(),
    "RMSprop, all": RMSprop(0.02, alpha=0.9, momentum=0.8, eps=1e-5, weight_decay=0.02),
    "Adam": Adam(),
    "Adam, all": Adam(0.01, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.02),
    "AdamW": AdamW(),
    "AdamW, all": AdamW(0.01, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.2),
}
BATCHES = [np.array(batch) for batch in ([0, 1], [2], [3, 4, 5], [6, 1], [7, 8, 9, 10])]


@pytest.mark.parametrize("name", RULES)
def test_five_steps_as_torch_takes_them(problem, name):
    torch = pytest.importorskip("torch")
    net, theta, X, y = problem((6, 5, 4), "tanh", "cross_entropy")
    ours = RULES[name]
    frames = list(descend(net, theta, X, y, ours, batches=BATCHES))
    parameters = [torch.tensor(part.copy(), requires_grad=True) for pair in zip(*net.unpack(theta)) for part in pair]
    rule = getattr(torch.optim, type(ours).__name__)(parameters, **vars(ours))
    W1, b1, W2, b2 = parameters
    for frame, batch in zip(frames, BATCHES, strict=True):
        rule.zero_grad()
        z = torch.tanh(torch.tensor(X[batch]) @ W1 + b1) @ W2 + b2
        torch.nn.functional.cross_entropy(z, torch.tensor(y[batch])).backward()
        rule.step()
        found = np.concatenate([part.detach().numpy().ravel() for part in parameters])
        np.testing.assert_allclose(frame.thetas[0], found, rtol=0, atol=1e-11)


@pytest.mark.parametrize("rule", [SGD, Adagrad, RMSprop, Adam, AdamW])
def test_defaults_are_those_of_torch(rule):
    torch = pytest.importorskip("torch")
    theirs = getattr(torch.optim, rule.__name__)([torch.zeros(1)]).defaults
    for name, value in vars(rule()).items():
        if name != "lr" or rule is not SGD:  # the rate of SGD has no usual value
            assert theirs[name] == value, name


# One parameter that begins at 1, its gradients 1, 2 and −1, and where it stands after each update. Every number is worked
# out from the definition with a pocket calculator's operations: 1.9 = 0.9·1 + 1 and so on.
BY_HAND = {
    "SGD": (SGD(0.1), [0.9, 0.7, 0.8]),
    "SGD with decay": (SGD(0.1, weight_decay=0.5), [0.85, 0.6075, 0.677125]),
    "momentum": (SGD(0.1, momentum=0.5), [0.9, 0.65, 0.625]),
    "Nesterov": (SGD(0.1, momentum=0.5, nesterov=True), [0.85, 0.525, 0.6125]),
    "Adagrad": (
        Adagrad(0.1, eps=0.0),
        [1 - 0.1, 0.9 - 0.2 / 5**0.5, 0.9 - 0.2 / 5**0.5 + 0.1 / 6**0.5],
    ),
    "Adagrad with lr_decay": (Adagrad(0.1, lr_decay=1.0, eps=1.0), [0.95, 0.95 - 0.05 * 2 / (5**0.5 + 1)]),
    "RMSprop": (
        RMSprop(0.1, alpha=0.75, eps=0.0),  # means of squares 0.25, 1.1875, 1.140625
        [0.8, 0.8 - 0.2 / 1.1875**0.5, 0.8 - 0.2 / 1.1875**0.5 + 0.1 / 1.140625**0.5],
    ),
    "RMSprop with momentum": (
        RMSprop(0.1, alpha=0.75, momentum=0.5, eps=0.5),  # the first velocity is 1/(0.5 + 0.5)
        [0.9, 0.9 - 0.1 * (0.5 + 2 / (1.1875**0.5 + 0.5))],
    ),
    "Adam": (
        # first moments 0.5, 1.25, 0.125 over 0.5, 0.75, 0.875; second 0.25, 1.1875, 1.140625 over 0.25, 0.4375, 0.578125
        Adam(0.1, betas=(0.5, 0.75), eps=0.0),
        [
            0.9,
            0.9 - 0.1 * (1.25 / 0.75) / (1.1875 / 0.4375) ** 0.5,
            0.9 - 0.1 * (1.25 / 0.75) / (1.1875 / 0.4375) ** 0.5 - 0.1 * (0.125 / 0.875) / (1.140625 / 0.578125) ** 0.5,
        ],
    ),
    "Adam with decay": (Adam(0.1, betas=(0.5, 0.75), eps=0.5, weight_decay=1.0), [1 - 0.1 * 2 / 2.5]),
    "AdamW": (AdamW(0.1, betas=(0.5, 0.75), eps=0.0, weight_decay=0.5), [0.95 - 0.1]),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_steps_by_hand(name):
    rule, wanted = BY_HAND[name]
    theta = np.array([[1.0]])
    state = rule.init(theta)
    for count, (gradient, place) in enumerate(zip((1.0, 2.0, -1.0), wanted), start=1):
        theta, state = rule.step(theta, np.array([[gradient]]), state, count, rule.lr)
        assert theta[0, 0] == pytest.approx(place, rel=1e-14)


@pytest.mark.parametrize("name", RULES)
def test_a_step_changes_nothing_it_was_given_and_keeps_type_and_shape(name):
    rule = RULES[name]
    random = np.random.default_rng(0)
    thetas, gradients = random.normal(0, 1, (2, 3, 7)).astype(np.float32)
    state = rule.init(thetas)
    assert state.shape == (3, rule.slots, 7)
    before = thetas.copy(), gradients.copy(), state.copy()
    moved, after = rule.step(thetas, gradients, state, 1, rule.lr)
    for was, array in zip(before, (thetas, gradients, state)):
        np.testing.assert_array_equal(array, was)
    assert moved.dtype == after.dtype == np.float32
    assert after.shape == state.shape
    alone, _ = rule.step(thetas[1:2], gradients[1:2], state[1:2], 1, rule.lr)
    np.testing.assert_array_equal(alone[0], moved[1])


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("inside", [False, True])
def test_going_on_from_a_frame_is_the_uninterrupted_descent(problem, name, inside):
    net, theta, X, y = problem(dtype=np.float32)
    u, v = np.random.default_rng(0).normal(0, 1, (2, net.P)).astype(np.float32)
    options = {
        "optimiser": RULES[name],
        "batch_size": 5,
        "epochs": 4,
        "plane": Plane(theta, u, v) if inside else None,
    }
    whole = list(descend(net, theta, X, y, **options))
    rest = list(descend(net, theta, X, y, begin=whole[4], **options))
    np.testing.assert_array_equal(rest[-1].thetas, whole[-1].thetas)
    np.testing.assert_array_equal(rest[-1].state, whole[-1].state)
    assert whole[-1].state.shape == (1, RULES[name].slots, 2 if inside else net.P)


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("name", RULES)
def test_compiled_steps_equal_the_plain_ones_and_themselves(problem, name, inside):
    net, theta, X, y = problem((6, 9, 4), "tanh", "cross_entropy", n=30, dtype=np.float32)
    u, v = np.random.default_rng(0).normal(0, 1, (2, net.P)).astype(np.float32)
    options = {
        "optimiser": RULES[name],
        "batch_size": 7,
        "epochs": 3,
        "plane": Plane(theta, 0.1 * u, 0.1 * v) if inside else None,
        "frames": FrameSchedule(15),
        "l2": 0.01,
    }
    starts = np.stack([theta, theta + np.float32(0.1)])
    plain, fast, again = (list(descend(net, starts, X, y, engine=e, **options))[-1] for e in ("plain", "fast", "fast"))
    np.testing.assert_allclose(fast.thetas, plain.thetas, rtol=1e-4, atol=2e-5)
    np.testing.assert_allclose(fast.batch_losses, plain.batch_losses, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(fast.state, plain.state, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(fast.update_norms, plain.update_norms, rtol=1e-3)
    assert not np.array_equal(fast.thetas, plain.thetas) or inside  # else the compiled steps were not asked
    np.testing.assert_array_equal(fast.thetas, again.thetas)
    np.testing.assert_array_equal(fast.state, again.state)


@pytest.mark.parametrize("name", RULES)
def test_a_compiled_update_is_the_plain_one_to_the_last_digits(name):
    from landscape.descent.compiled_steps import _rule
    from landscape.descent.update_kernels import update

    rule = RULES[name]
    random = np.random.default_rng(3)
    theta = random.normal(0, 1, (1, 1000)).astype(np.float32)
    state = rule.init(theta)
    free, slots = theta[0].copy(), state[0].copy()
    for count in range(1, 6):
        gradient = (random.normal(0, 1, (1, 1000)) * 10.0 ** random.integers(-6, 2, 1000)).astype(np.float32)
        rate = rule.lr / count
        theta, state = rule.step(theta, gradient, state, count, rate)
        used = gradient[0].copy()
        update(*_rule(rule), free, slots, used, np.float32(rate), count)
        np.testing.assert_allclose(free, theta[0], rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(slots, state[0], rtol=1e-6, atol=1e-6)
        assert not used.any()


class Half(Adam):
    """Adam that goes half as far: another rule than the one that is compiled."""

    def step(self, thetas, gradients, state, count, rate):
        return super().step(thetas, gradients, state, count, rate / 2)


def test_a_rule_of_ones_own_is_never_mistaken_for_the_compiled_one(problem):
    net, theta, X, y = problem(dtype=np.float32)
    (half,) = descend(net, theta, X, y, Half(0.01), batch_size=12)
    (plain,) = descend(net, theta, X, y, Adam(0.005), batch_size=12)
    np.testing.assert_allclose(half.thetas, plain.thetas, rtol=1e-6, atol=1e-8)
    (no_floor,) = descend(net, theta, X, y, Adam(0.01, eps=0.0), batch_size=12)
    assert no_floor.thetas.shape == (1, net.P)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Adagrad(-1), "descent.learning_rate"),
        (lambda: Adagrad(lr_decay=-1), "descent.optimiser"),
        (lambda: Adagrad(initial_accumulator_value=float("nan")), "descent.optimiser"),
        (lambda: RMSprop(alpha=1.0), "descent.alpha"),
        (lambda: RMSprop(momentum=-0.1), "descent.momentum"),
        (lambda: RMSprop(eps=-1e-8), "descent.eps"),
        (lambda: Adam(betas=(0.9, 1.0)), "descent.betas"),
        (lambda: Adam(betas=0.9), "descent.betas"),
        (lambda: Adam(betas=(0.9, "a")), "descent.betas"),
        (lambda: Adam("a"), "descent.learning_rate"),
        (lambda: AdamW(weight_decay=-1), "descent.weight_decay"),
    ],
)
def test_what_makes_no_sense_is_refused(make, field):
    with pytest.raises(SetupError) as refused:
        make()
    assert refused.value.field == field

"""How a gradient becomes a step, compiled: the rules of `landscape.descent.optimiser` on flat float32 arrays.

`update` is all that the step loops know of optimisers. A rule is a code and its numbers (`CompiledSteps` reads them off
the optimiser); a new rule is one function and one more branch here, and one more line there.

Compiled kernels on disk are renewed when `kernels.py` changes, not when this file does: touch both.
"""

import math

import numpy as np

from landscape.compiled import ANY_ORDER, compiled

SGD_RULE, ADAGRAD_RULE, RMSPROP_RULE, ADAM_RULE = range(4)


@compiled()
def update(rule, numbers, free, state, gradient, rate, count):  # type: ignore[no-untyped-def]
    """Update number `count` (from 1) of the parameters `free` (D,) and `state` (slots, D), in place.

    The gradient (D,) is used up and comes back as zeros. `numbers` float64 are the rule's own, weight decay first: what is
    the same for all parameters is worked out in float64 and rounded once, as the plain rules do.
    """
    weight_decay = np.float32(numbers[0])
    if rule == SGD_RULE:
        _sgd(free, state, gradient, rate, weight_decay, np.float32(numbers[1]), numbers[2] > 0)
    elif rule == ADAGRAD_RULE:
        lower = np.float32(rate / (1 + (count - 1) * numbers[1]))
        _adagrad(free, state[0], gradient, lower, weight_decay, np.float32(numbers[2]))
    elif rule == RMSPROP_RULE:
        keep, add = np.float32(numbers[1]), np.float32(1 - numbers[1])
        _rmsprop(free, state, gradient, rate, weight_decay, keep, add, np.float32(numbers[2]), np.float32(numbers[3]))
    elif rule == ADAM_RULE:
        if numbers[4] > 0:  # AdamW: the decay is apart from the gradient
            shrink, weight_decay = np.float32(1 - rate * numbers[0]), np.float32(0)
        else:
            shrink = np.float32(1)
        rate = np.float32(rate / (1 - numbers[1] ** count))
        add_first, keep_second = np.float32(1 - numbers[1]), np.float32(numbers[2])
        add_second, root = np.float32(1 - numbers[2]), np.float32(math.sqrt(1 - numbers[2] ** count))
        seconds = keep_second, add_second, root, np.float32(numbers[3])
        _adam(free, state[0], state[1], gradient, rate, weight_decay, shrink, add_first, seconds)


@compiled()
def _sgd(free, state, gradient, rate, weight_decay, momentum, nesterov):  # type: ignore[no-untyped-def]
    if momentum == 0:
        for p in range(len(free)):
            free[p] -= rate * (gradient[p] + weight_decay * free[p])
            gradient[p] = np.float32(0)
        return
    velocity = state[0]
    for p in range(len(free)):
        g = gradient[p] + weight_decay * free[p]
        gradient[p] = np.float32(0)
        velocity[p] = momentum * velocity[p] + g
        free[p] -= rate * (g + momentum * velocity[p] if nesterov else velocity[p])


@compiled()
def _adagrad(free, squares, gradient, rate, weight_decay, eps):  # type: ignore[no-untyped-def]
    for p in range(len(free)):
        g = gradient[p] + weight_decay * free[p]
        gradient[p] = np.float32(0)
        squares[p] += g * g
        free[p] -= rate * (g / (math.sqrt(squares[p]) + eps))


@compiled()
def _rmsprop(free, state, gradient, rate, weight_decay, keep, add, momentum, eps):  # type: ignore[no-untyped-def]
    squares = state[0]
    velocity = state[len(state) - 1]  # the squares once more where there is no momentum: not looked at then
    for p in range(len(free)):
        g = gradient[p] + weight_decay * free[p]
        gradient[p] = np.float32(0)
        squares[p] = keep * squares[p] + add * (g * g)
        step = g / (math.sqrt(squares[p]) + eps)
        if momentum > 0:
            velocity[p] = momentum * velocity[p] + step
            step = velocity[p]
        free[p] -= rate * step


@compiled()
def _adam(free, firsts, squares, gradient, rate, weight_decay, shrink, add_first, seconds):  # type: ignore[no-untyped-def]
    keep_second, add_second, root, eps = seconds
    for p in range(len(free)):
        g = gradient[p] + weight_decay * free[p]
        gradient[p] = np.float32(0)
        firsts[p] += add_first * (g - firsts[p])
        squares[p] = keep_second * squares[p] + add_second * (g * g)
        free[p] = shrink * free[p] - rate * (firsts[p] / (math.sqrt(squares[p]) / root + eps))


@compiled(fastmath=ANY_ORDER)
def inner(x, y):  # type: ignore[no-untyped-def]
    """Σ x·y of two vectors."""
    total = np.float32(0)
    for j in range(len(x)):
        total += x[j] * y[j]
    return total


@compiled(fastmath=ANY_ORDER)
def squared_distance(x, y):  # type: ignore[no-untyped-def]
    """Σ (x − y)² of two vectors."""
    total = np.float32(0)
    for j in range(len(x)):
        total += (x[j] - y[j]) * (x[j] - y[j])
    return total

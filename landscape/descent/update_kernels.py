"""How a gradient becomes a step, compiled: the rules of `landscape.descent.optimiser` on flat float32 arrays.

`update` is all that the step loops know of optimisers. A rule is a code and its numbers (`CompiledSteps` reads them off
the optimiser); a new rule is one function and one more branch here, and one more line there.

Compiled kernels on disk are renewed when `kernels.py` changes, not when this file does: touch both.
"""

import numpy as np

from landscape.compiled import ANY_ORDER, compiled

SGD_RULE = 0


@compiled()
def update(rule, numbers, free, state, gradient, rate, count):  # type: ignore[no-untyped-def]
    """Update number `count` (from 1) of the parameters `free` (D,) and `state` (slots, D), in place.

    The gradient (D,) is used up and comes back as zeros. `numbers` float32 are the rule's own.
    """
    if rule == SGD_RULE:
        _sgd(free, state, gradient, rate, numbers[0], numbers[1], numbers[2] > 0)


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

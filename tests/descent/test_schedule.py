"""Schedules against torch.optim.lr_scheduler, and at places where their factors are plain."""

import numpy as np
import pytest

from landscape.descent import Constant, CosineDecay, ExponentialDecay, OneCycle, StepDecay, WarmUp
from landscape.descent.schedule import Lengthened
from landscape.errors import SetupError

STEPS = 23
IN_TORCH = {
    "constant": (Constant(), lambda torch, rule: torch.ConstantLR(rule, factor=1.0)),
    "step": (StepDecay(4, 0.3), lambda torch, rule: torch.StepLR(rule, 4, 0.3)),
    "exponential": (ExponentialDecay(0.9), lambda torch, rule: torch.ExponentialLR(rule, 0.9)),
    "cosine": (CosineDecay(), lambda torch, rule: torch.CosineAnnealingLR(rule, STEPS)),
    "cosine with a floor": (CosineDecay(0.1), lambda torch, rule: torch.CosineAnnealingLR(rule, STEPS, eta_min=0.2)),
    "warm-up": (WarmUp(5), lambda torch, rule: torch.LinearLR(rule, total_iters=5)),
    "warm-up from a tenth": (WarmUp(5, 0.1), lambda torch, rule: torch.LinearLR(rule, 0.1, total_iters=5)),
    "warm-up, cosine": (
        WarmUp(5, after=CosineDecay()),
        lambda torch, rule: torch.SequentialLR(
            rule, [torch.LinearLR(rule, total_iters=5), torch.CosineAnnealingLR(rule, STEPS - 5)], [5]
        ),
    ),
    "1-cycle": (OneCycle(), lambda torch, rule: torch.OneCycleLR(rule, 2.0, STEPS, cycle_momentum=False)),
    "1-cycle, all": (
        OneCycle(0.5, 10, 100),
        lambda torch, rule: torch.OneCycleLR(
            rule, 2.0, STEPS, pct_start=0.5, div_factor=10, final_div_factor=100, cycle_momentum=False
        ),
    ),
}


@pytest.mark.filterwarnings("ignore:.*lr_scheduler.step:UserWarning")  # of torch's own schedulers
@pytest.mark.parametrize("name", IN_TORCH)
def test_factors_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    ours, make = IN_TORCH[name]
    rule = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 2.0)
    theirs = make(torch.optim.lr_scheduler, rule)
    for step in range(1, STEPS + 1):
        assert 2.0 * ours(step, STEPS) == pytest.approx(rule.param_groups[0]["lr"], rel=1e-9, abs=1e-12), step
        rule.step()
        theirs.step()


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        (Constant(), {1: 1, 100: 1}),
        (StepDecay(10, 0.5), {1: 1, 10: 1, 11: 0.5, 20: 0.5, 21: 0.25}),
        (ExponentialDecay(0.5), {1: 1, 2: 0.5, 4: 0.125}),
        (CosineDecay(), {1: 1, 51: 0.5, 101: 0}),
        (CosineDecay(0.2), {1: 1, 51: 0.6, 101: 0.2}),
        (WarmUp(10, 0.5), {1: 0.5, 6: 0.75, 11: 1, 100: 1}),
        (WarmUp(20, after=CosineDecay()), {1: 1 / 3, 21: 1, 61: 0.5}),
        (OneCycle(), {1: 0.04, 30: 1, 100: 0.04e-4}),
    ],
)
def test_factors_at_plain_places_of_a_hundred_steps(schedule, factors):
    for step, factor in factors.items():
        assert schedule(step, 100) == pytest.approx(factor, abs=1e-12)


@pytest.mark.parametrize("schedule", [schedule for schedule, _ in IN_TORCH.values()])
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 10])
def test_even_the_shortest_descent_has_finite_rates(schedule, steps):
    factors = np.array([schedule(step, steps) for step in range(1, steps + 1)])
    assert np.isfinite(factors).all()
    assert ((factors >= 0) & (factors <= 1)).all()


def test_what_was_descended_before_a_run_was_lengthened_keeps_its_rates():
    schedule = Lengthened(CosineDecay(), ((4, 10), (12, 20)))
    wanted = [CosineDecay()(step, 10 if step <= 4 else 20 if step <= 12 else 30) for step in range(1, 31)]
    assert [schedule(step, 30) for step in range(1, 31)] == wanted


@pytest.mark.parametrize(
    "make",
    [
        lambda: StepDecay(0),
        lambda: StepDecay(3, 1.5),
        lambda: ExponentialDecay(0.0),
        lambda: ExponentialDecay("a"),
        lambda: CosineDecay(-1),
        lambda: WarmUp(-1),
        lambda: WarmUp(3, 0.0),
        lambda: OneCycle(1.0),
        lambda: OneCycle(0.0),
        lambda: OneCycle("a"),
        lambda: OneCycle(div_factor=0),
        lambda: OneCycle(final_div_factor=float("inf")),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(SetupError) as refused:
        make()
    assert refused.value.field.startswith("descent.")

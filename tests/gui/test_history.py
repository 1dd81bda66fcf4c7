"""A line of states with a place on it."""

from landscape.gui.setup.history import MOST_STATES, History


def test_states_are_gone_back_to_and_forth_again():
    history = History(0)
    history.push(1)
    history.push(2)
    assert [history.move(-1), history.move(-1), history.move(-1)] == [1, 0, 0]
    assert [history.move(1), history.move(1), history.move(1)] == [1, 2, 2]


def test_a_new_state_drops_what_was_undone():
    history = History("a")
    history.push("b")
    history.move(-1)
    history.push("c")
    assert history.move(1) == "c"
    assert history.move(-1) == "a"


def test_what_grows_is_one_state_until_it_settles():
    history = History("")
    for typed in ("0", "0.", "0.5"):
        history.push(typed, "rate")
    history.push("20", "epochs")
    history.settle()
    history.push("30", "epochs")
    assert [history.move(-1), history.move(-1), history.move(-1)] == ["20", "0.5", ""]


def test_the_same_state_again_is_no_new_one():
    history = History(1)
    history.push(1)
    history.push(2)
    history.push(2)
    assert history.move(-1) == 1


def test_only_so_many_are_kept():
    history = History(0)
    for state in range(1, 3 * MOST_STATES):
        history.push(state)
    assert history.move(-10 * MOST_STATES) == 2 * MOST_STATES

"""The time cursor: recorded frames are shown, and every gradient step is passed on the way."""

import numpy as np

from landscape.gui.playback import SECONDS, Playback


def heard(playback):
    """Write down what is told of frames and of steps."""
    frames, steps = [], []
    playback.frame_changed.connect(frames.append)
    playback.step_passed.connect(steps.append)
    return frames, steps


def test_playing_shows_recorded_frames_and_passes_the_steps_between(qtbot):
    playback = Playback()
    playback.set_steps(np.array([0, 10, 20]))
    frames, steps = heard(playback)
    playback.play()
    for _ in range(19):
        playback.advance(SECONDS / 20)
    assert frames == [10]
    assert steps[0] in (0, 1) and steps[-1] in (18, 19) and len(steps) >= 18 and steps == sorted(steps)
    assert playback.step == 10 and playback.passing == steps[-1]
    playback.pause()
    assert playback.passing == playback.step == 10 and steps[-1] == 10
    playback.advance(0.0)
    assert playback.passing == 10  # and from there it goes on


def test_a_jump_passes_the_step_it_leads_to(qtbot):
    playback = Playback()
    playback.set_steps(np.array([0, 10, 20]))
    frames, steps = heard(playback)
    playback.jump(7)
    playback.jump(7)
    playback.move("frame", 1)
    assert frames == steps == [7, 10]


def test_without_a_loop_time_ends_at_the_last_step(qtbot):
    playback = Playback()
    playback.loop = False
    playback.set_steps(np.array([0, 10, 20]))
    playback.play()
    playback.advance(2 * SECONDS)
    assert not playback.playing and playback.step == playback.passing == 20


def test_twice_the_speed_goes_twice_as_far_and_a_loop_begins_again(qtbot):
    playback = Playback()
    playback.set_steps(np.arange(0, 1001))
    playback.advance(SECONDS / 10)
    once = playback.step
    playback.jump(0)
    playback.speed = 2.0
    playback.advance(SECONDS / 10)
    assert (once, playback.step) == (100, 200)
    playback.speed = 1.0
    playback.play()
    playback.advance(SECONDS)
    assert playback.playing and 195 <= playback.step <= 205  # past the end, and on from the beginning

"""The page of experiments, driven as a user would: run, look, take over, cancel, resume, save and open again."""

import collections

import pytest
from PyQt6.QtCore import Qt

from landscape.export.lab_chart import INK, Chart, Series, drawing
from landscape.gui.inspect.lab.chart_view import ChartView
from landscape.gui.laboratory import LANE
from landscape.gui.theme import DARK, LIGHT
from landscape.lab.experiment import Specimen
from landscape.lab.record import FINDINGS, kept_found
from landscape.run.run import Run
from tests.gui.conftest import LONG, settled

QUICK = {
    "check": {"steps": 20},
    "lr-range": {"steps": 300, "batch_size": 20, "low": 1e-3},
    "search": {"coarse": 4, "fine": 1, "epochs": 0.1},
    "read": {},
    "noise": {"sizes": [1, 64, 512], "draws": 4},
    "restarts": {"restarts": 2, "long_runs": 1, "epochs": 0.1},
    "curvature": {"k": 2, "probes": 2},
    "race": {"trials": 1, "trial_epochs": 0.1, "epochs": 0.2, "seeds": 2},
    "rescale": {"factor": 4.0},
}


@pytest.fixture
def page(window):
    return window.inspect.show_page("Lab")


def set_up(card):
    """Open a card and set it to something quick, as its form would hold it."""
    card.open()
    for name, value in QUICK[card.kind.name].items():
        card.form.fields[f"{card.kind.name}.{name}"].write(value)
    card.refresh()
    return card


def run(qtbot, page, name):
    """Press Run in a card and wait for its end; returns the card."""
    card = set_up(page.cards[name])
    qtbot.mouseClick(card.run, Qt.MouseButton.LeftButton)
    assert not page._lab.errors
    qtbot.waitUntil(lambda: page._lab.running is None and name in page._lab.found, timeout=LONG)
    qtbot.waitUntil(lambda: not page._session.turns.due, timeout=LONG)
    return card


def test_every_experiment_runs_and_changes_nothing_that_is_shown(qtbot, window, page):
    session = window.session
    shown, setup, plane = session.run, session.setup, session.portrait.plane
    for name in page.cards:
        card = run(qtbot, page, name)
        found = session.lab.found[name]
        assert found.whole
        drawn = drawing(found.result)
        assert len([view for view in card.result.charts if not view.isHidden()]) == len(drawn.charts)
        if name != "check":
            assert drawn.sentences.splitlines()[0].replace("<", "&lt;") in card.result.words.text()
        assert card.state.text().startswith(("done", "passed", "failed"))
        assert card.result.under.isHidden() == (name != "race")
    assert (session.run, session.setup, session.portrait.plane) == (shown, setup, plane)
    assert len(shown.about[FINDINGS]) == len(page.cards)
    under = page.cards["race"].result.under
    assert under.text() == session.lab.found["race"].result.budget and "gradient evaluations" in under.text()
    assert under.y() > max(view.y() for view in page.cards["race"].result.charts if not view.isHidden())
    words = page.cards["check"].result.words.text()
    assert "20 digits are learnt by heart" in words and "ln 10 = 2.3026" in words


def test_the_rate_that_is_found_goes_into_the_form_beside_what_stands_there(qtbot, window, page):
    panel = window.setup_panel
    panel.field("descent.epochs").widget.setText("7")
    panel.field("descent.epochs").widget.textEdited.emit("7")
    card = run(qtbot, page, "lr-range")
    result = window.session.lab.found["lr-range"].result
    assert result.fell
    qtbot.mouseClick(card.result.buttons[0], Qt.MouseButton.LeftButton)
    assert panel.setup.descent.learning_rate == float(f"{result.suggestion:.3g}")
    assert panel.setup.descent.schedule == "cosine"
    assert panel.setup.descent.epochs == 7
    assert window.session.run.about[FINDINGS][-1].startswith("Taken over: rate η = ")


def test_a_row_of_the_search_is_taken_with_a_click(qtbot, window, page):
    card = run(qtbot, page, "search")
    trial = window.session.lab.found["search"].result.ranked[0]
    card.result.table.cellClicked.emit(0, 0)
    chosen = window.setup_panel.setup
    assert (chosen.descent.learning_rate, chosen.descent.l2) == (trial.rate, trial.l2)
    assert chosen.network.sizes[1] == trial.hidden


def test_what_is_cancelled_stays_and_goes_on(qtbot, window, page):
    session = window.session
    card = set_up(page.cards["search"])
    card.form.fields["search.coarse"].write(500)
    qtbot.mouseClick(card.run, Qt.MouseButton.LeftButton)
    assert not page.cards["race"].title.isChecked()
    page.cards["race"].open()
    assert not page.cards["race"].run.isEnabled()
    assert "one experiment at a time" in page.cards["race"].run.toolTip()
    qtbot.waitUntil(lambda: len(getattr(session.lab.result_of("search"), "trials", ())) > 2, timeout=LONG)
    assert card.cancel.isVisible() and card.bar.isVisible()
    qtbot.mouseClick(card.cancel, Qt.MouseButton.LeftButton)
    assert not session.lanes.running(LANE)
    qtbot.waitUntil(lambda: card.resume.isVisible(), timeout=LONG)
    begun = session.lab.found["search"].result.trials
    assert card.state.text() == "cut short"
    qtbot.mouseClick(card.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(session.lab.result_of("search").trials) > len(begun), timeout=LONG)
    session.escape()
    assert session.lab.found["search"].result.trials[: len(begun)] == begun
    card.form.fields["search.seed"].write(5)
    card.form.edited.emit("search.seed")
    assert not card.resume.isVisible()


def test_what_was_cut_short_goes_on_after_the_run_is_opened_again(qtbot, window, page, tmp_path):
    session = window.session
    card = set_up(page.cards["restarts"])
    for name, value in {"restarts": 8, "long_runs": 4, "epochs": 3.0}.items():
        card.form.fields[f"restarts.{name}"].write(value)
    qtbot.mouseClick(card.run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: getattr(session.lab.result_of("restarts"), "done", 0) > 0.05, timeout=LONG)
    assert session.lab.remaining > 0
    assert "left" in card.state.text()
    qtbot.mouseClick(card.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.resume.isVisible(), timeout=LONG)
    begun, run = session.lab.found["restarts"], session.run
    qtbot.waitUntil(lambda: "restarts" in kept_found(run), timeout=LONG)
    path = tmp_path / "cut.landscape"
    session.save_run(path)
    qtbot.waitUntil(path.exists, timeout=LONG)
    session.open_run(path)
    qtbot.waitUntil(lambda: session.run is not run and "restarts" in session.lab.found, timeout=LONG)
    settled(qtbot, window)
    assert session.lab.found["restarts"].result.done >= begun.result.done
    qtbot.waitUntil(lambda: card.resume.isVisible(), timeout=LONG)
    qtbot.mouseClick(card.resume, Qt.MouseButton.LeftButton)
    assert session.lab.result_of("restarts").done >= begun.result.done
    qtbot.waitUntil(lambda: session.lab.running is None, timeout=LONG)
    found = session.lab.found["restarts"]
    assert found.whole
    assert found.seconds > begun.seconds
    again = Run.load(path)
    [last] = collections.deque(found.experiment.work(Specimen.of_run(again)), 1)
    assert str(last) == str(found.result)
    again.close()


def test_results_come_back_with_the_run(qtbot, window, page, tmp_path):
    session = window.session
    for name in ("lr-range", "read"):
        run(qtbot, page, name)
    said = page.cards["lr-range"].result.words.text()
    path = tmp_path / "kept.landscape"
    session.save_run(path)
    qtbot.waitUntil(path.exists, timeout=LONG)
    again = Run.load(path)
    assert set(kept_found(again)) == {"lr-range", "read"}
    again.close()
    session.train()
    settled(qtbot, window)
    qtbot.waitUntil(lambda: page.cards["lr-range"].result.isHidden(), timeout=LONG)
    session.open_run(path)
    qtbot.waitUntil(lambda: "lr-range" in session.lab.found, timeout=LONG)
    settled(qtbot, window)
    assert page.cards["lr-range"].result.words.text() == said


def test_racers_are_shown_on_the_plane_and_taken_off(qtbot, window, page):
    session = window.session
    card = run(qtbot, page, "race")
    session.picture.zoom(0.02)  # they lead out of this window
    settled(qtbot, window)
    qtbot.mouseClick(card.result.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.lab.guests is not None, timeout=LONG)
    guests = session.lab.guests
    assert guests.plane is session.portrait.plane
    assert guests.coordinates.shape[1:] == (3, 2)
    assert "Adam" in card.guests.text()
    qtbot.waitUntil(lambda: len(window.map.guests.lines) == 3, timeout=LONG)
    settled(qtbot, window)
    extent = session.picture.extent_shown()  # wide enough for all of them
    for (low, high), reached in zip((extent.a, extent.b), guests.coordinates.reshape(-1, 2).T, strict=True):
        assert low < reached.min() and reached.max() < high
    session.picture.choose_plane("filter")
    settled(qtbot, window)
    qtbot.waitUntil(lambda: session.lab.guests.plane is session.portrait.plane, timeout=LONG)
    qtbot.mouseClick(card.result.buttons[1], Qt.MouseButton.LeftButton)
    assert session.lab.guests is None
    qtbot.waitUntil(lambda: not window.map.guests.lines, timeout=LONG)


def test_the_most_curved_plane_goes_through_the_point_that_was_measured(qtbot, window, page):
    session = window.session
    session.playback.jump(session.run.last_step)
    qtbot.waitUntil(lambda: session.moment.step == session.run.last_step and not session.activity, timeout=LONG)
    card = run(qtbot, page, "curvature")
    theta = session.run.thetas[-1, session.selected]
    qtbot.mouseClick(card.result.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.portrait.plane.kind == "hessian", timeout=LONG)
    assert session.portrait.plane.origin.tolist() == theta.tolist()
    settled(qtbot, window)


def test_settings_that_make_no_sense_are_complained_about_beside_them(qtbot, window, page):
    card = page.cards["lr-range"]
    card.open()
    field = card.form.fields["lr-range.steps"]
    field.widget.setMinimum(0)
    field.write(3)
    qtbot.mouseClick(card.run, Qt.MouseButton.LeftButton)
    assert window.session.lab.running is None
    assert "greater than or equal to 10" in field.error.text()
    card.refresh()
    assert not card.run.isEnabled() and "Mend the setting" in card.run.toolTip()
    field.write(100)
    card.refresh()
    assert card.run.isEnabled()
    card.form.fields["lr-range.low"].write(20.0)
    qtbot.mouseClick(card.run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.error.isVisible(), timeout=LONG)
    assert "the rates must rise" in card.error.text().lower()
    assert not window.banner.isVisible()


def test_a_finding_is_tried_with_one_click(qtbot, window, page):
    session = window.session
    session.train(session.setup.changed(descent={"learning_rate": 1e-4}))
    settled(qtbot, window)
    slow = session.run
    card = run(qtbot, page, "read")
    assert "Too slow" in card.result.words.text()
    qtbot.mouseClick(card.result.buttons[0], Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert session.run is not slow
    assert session.run.setup.descent.learning_rate == 1e-3
    assert slow.about[FINDINGS][-1].startswith("Tried next: a larger learning rate")


def test_a_price_names_its_gradients_and_its_time(qtbot, window, page):
    card = page.cards["check"]
    qtbot.waitUntil(lambda: window.session.lab.pace is not None, timeout=LONG)
    qtbot.waitUntil(lambda: "here" in card.price.text(), timeout=LONG)
    assert "at most 2,000 gradient evaluations over 20 digits" in card.price.text()
    assert "if nothing else runs" in card.price.text()


def test_a_price_is_named_while_a_run_trains_and_taken_again_afterwards(qtbot, window, page):
    session, card = window.session, page.cards["check"]
    qtbot.waitUntil(lambda: session.lab.pace is not None, timeout=LONG)
    session.train(session.setup.changed(descent={"epochs": 400}))
    qtbot.waitUntil(lambda: "beside the training" in card.price.text(), timeout=LONG)
    assert session.training
    session.escape()
    qtbot.waitUntil(lambda: not session.training and "if nothing else runs" in card.price.text(), timeout=LONG)


def test_a_chart_keeps_its_key_and_its_points(qtbot):
    import numpy as np

    view = ChartView(DARK)
    qtbot.addWidget(view)
    x = np.array([1.0, 10.0, 100.0])
    series = (Series(x, x, "a line", INK), Series(x, x, "marks", "#E69F00", 0, marker="s", errors=x / 10))
    view.show_chart(Chart("x", "y", series, x_log=True, rows=()))
    assert view.plot.getPlotItem().listDataItems()[0].getData()[0].tolist() == [0.0, 1.0, 2.0]
    assert "a&nbsp;line" in view.key.text() and DARK.text in view.key.text()
    view.set_theme(LIGHT)
    assert LIGHT.text in view.key.text()
    band = Series(x, x, "a band", INK, low=x / 2, high=np.array([2.0, np.nan, 200.0]))
    view.show_chart(Chart("x", "y", (band,), y_log=True))
    view.show_chart(Chart("x", "", (Series(x, np.zeros(3), "", INK, 0, marker="|"),), rows=("one",)))
    assert view.key.isHidden()


def test_the_name_of_an_axis_is_whole_to_the_foot_of_its_letters(qtbot):
    import numpy as np

    view = ChartView(DARK)
    qtbot.addWidget(view)
    view.resize(360, 300)
    x = np.array([1.0, 10.0])
    view.show_chart(Chart("weighing", "y", (Series(x, x, "a line", INK),)))
    view.show()
    qtbot.waitExposed(view)
    label = view.plot.getPlotItem().getAxis("bottom").label
    foot = label.mapRectToScene(label.boundingRect()).bottom() - label.document().documentMargin()
    assert foot <= view.plot.viewport().height() - 3, "with room for a frame"

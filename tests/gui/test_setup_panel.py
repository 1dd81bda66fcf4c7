"""The setup panel, driven as a user would: what is chosen is what is asked for, and what has no effect is out of the way."""

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QFontMetrics, QWheelEvent
from PyQt6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLabel, QLineEdit

from landscape.descent.starts import KINDS
from landscape.errors import SetupError
from landscape.gui.setup.fields import fitting_sizes
from landscape.gui.setup.form import LABEL_WIDTH, declared
from landscape.gui.setup.panel import GROUPS, SetupPanel
from landscape.network.cost import COSTS
from landscape.run.descending import USUAL_RATES
from landscape.run.preset import PRESETS
from landscape.run.setup import Setup

EVERY = [f"{section}.{field}" for section, info in Setup.model_fields.items() for field in info.annotation.model_fields]


@pytest.fixture
def panel(qtbot):
    panel = SetupPanel()
    qtbot.addWidget(panel)
    panel.resize(302, 700)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def asked(panel):
    """The setups that the panel asks to train."""
    setups = []
    panel.train_requested.connect(setups.append)
    return setups


def choose(panel, name, value):
    box = panel.field(name).widget
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(value))


def type_in(qtbot, panel, name, text):
    line = panel.field(name).widget
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.keyClicks(line, text)


def test_every_setting_has_a_field_with_its_sentence(panel):
    assert sorted(name for group in GROUPS for name in (*group.names, *group.more)) == sorted(EVERY)
    for name in EVERY:
        widget = panel.field(name).widget
        assert widget.toolTip() == widget.whatsThis() == declared(name).description
        assert widget.accessibleName() == declared(name).title


def test_a_setup_goes_through_the_fields_unchanged(qtbot, panel, asked, tmp_path):
    (tmp_path / "model.npz").write_bytes(b"")
    setup = Setup().changed(
        data={"classes": (4, 1, 9), "preprocess": ("scale", "centre"), "examples": 777},
        network={
            "sizes": (784, 12, 3),
            "activation": "tanh",
            "cost": "hinge",
            "scheme": "xavier",
            "biases": "normal",
            "scale": 0.12345678901,
            "weights": str(tmp_path / "model.npz"),
            "seed": 3,
        },
        descent={
            "optimiser": "adamw",
            "learning_rate": 0.00123456789,
            "momentum": 0.8,
            "alpha": 0.95,
            "betas": (0.85, 0.9995),
            "eps": 1e-7,
            "weight_decay": 0.03,
            "schedule": "warm_up_cosine",
            "decay": 0.3,
            "decay_every": 2.5,
            "warm_up": 0.75,
            "peak": 0.4,
            "batch_size": 17,
            "epochs": 7.5,
            "target_loss": 0.01,
            "patience": 2.0,
            "shared_batches": False,
            "in_plane": True,
            "l2": 1e-4,
            "seed": 5,
        },
        starts={"kind": "best_perturbed", "count": 9, "reach": 0.3, "seed": 6},
        plane={"normalise": "none", "orthogonal": False, "seed": 7},
    )
    usual = Setup()
    same = [name for name in EVERY if _value(setup, name) == _value(usual, name)]
    assert same == ["data.source"]
    panel.show_setup(setup)
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    assert asked == [setup]


def _value(setup, name):
    section, _, field = name.partition(".")
    return getattr(getattr(setup, section), field)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_a_card_with_what_it_should_reach(panel, name):
    panel.preset.box.setCurrentText(name)
    panel.preset.box.activated.emit(panel.preset.box.currentIndex())
    assert panel.setup == PRESETS[name].setup
    assert panel.preset.origin.text() == PRESETS[name].origin
    assert panel.preset.reaches.text() == PRESETS[name].reaches
    assert panel.preset.reaches.isVisible()
    choose(panel, "data.source", "full")
    assert panel.preset.box.currentText() == name
    assert panel.preset.reaches.isVisible()
    panel.field("descent.epochs").widget.textEdited.emit("")
    panel.field("network.seed").widget.setValue(99)
    assert not panel.preset.reaches.isVisible()


def test_only_what_has_an_effect_is_shown(panel):
    def shown(*names):
        return [panel._form(name).shown(name) for name in names]

    rules = ("descent.momentum", "descent.alpha", "descent.betas", "descent.eps")
    assert shown(*rules) == [False, False, False, False]
    choose(panel, "descent.optimiser", "nesterov")
    assert shown(*rules) == [True, False, False, False]
    choose(panel, "descent.optimiser", "adam")
    assert shown(*rules) == [False, False, True, True]
    plans = ("descent.decay", "descent.decay_every", "descent.warm_up", "descent.peak")
    assert shown(*plans) == [False] * 4
    choose(panel, "descent.schedule", "step")
    assert shown(*plans) == [True, True, False, False]
    choose(panel, "descent.schedule", "one_cycle")
    assert shown(*plans) == [False, False, False, True]
    assert shown("starts.count", "starts.reach") == [False, True]
    choose(panel, "starts.kind", "sobol")
    assert shown("starts.count", "starts.reach") == [True, False]


def test_the_usual_rate_comes_with_the_optimiser_and_goes_with_it(panel):
    rate = panel.field("descent.learning_rate")
    for optimiser in (*USUAL_RATES, "sgd"):
        choose(panel, "descent.optimiser", optimiser)
        assert rate.read() == panel.setup.descent.learning_rate == USUAL_RATES[optimiser]


def test_a_rate_typed_by_hand_stays_and_the_usual_one_is_named(qtbot, panel):
    type_in(qtbot, panel, "descent.learning_rate", "0.07")
    choose(panel, "descent.optimiser", "adam")
    assert panel.setup.descent.learning_rate == 0.07
    assert panel.field("descent.learning_rate").note.text() == "Your rate stays; usual with Adam is 0.003."
    panel.show_setup(panel.setup)  # as when the run begins
    choose(panel, "descent.optimiser", "sgd")
    assert panel.setup.descent.learning_rate == 0.07
    type_in(qtbot, panel, "descent.learning_rate", "0.3")
    assert not panel.field("descent.learning_rate").note.isVisible()
    choose(panel, "descent.optimiser", "adam")
    assert panel.setup.descent.learning_rate == 0.003


def test_a_presets_rate_gives_way_to_another_optimisers(panel):
    panel.show_setup(PRESETS["Nielsen 784-30-10"].setup)
    choose(panel, "descent.optimiser", "rmsprop")
    assert panel.setup.descent.learning_rate == 0.003


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("best_perturbed", "point")])
def test_each_kind_of_starts_is_explained_where_it_is_chosen(panel, kind):
    choose(panel, "starts.kind", kind)
    note = panel.field("starts.kind").note
    assert note.isVisibleTo(panel)
    assert note.text().startswith(KINDS[kind].sentence)
    assert ("Here the space has 23,860 dimensions" in note.text()) == kind.startswith("corners")


@pytest.mark.parametrize("kind", ["best_perturbed", "point"])
def test_a_start_from_a_file_asks_for_it_by_the_name_on_screen(qtbot, panel, asked, tmp_path, kind):
    choose(panel, "starts.kind", kind)
    error = panel.field("starts.kind").error
    assert error.isVisibleTo(panel)
    assert error.text().endswith("a model file or a run, under “Begin from”")
    assert not panel.train_button.isEnabled()
    (tmp_path / "best.npz").write_bytes(b"")
    type_in(qtbot, panel, "network.weights", str(tmp_path / "best.npz"))
    panel.request_training()
    assert asked[0].starts.kind == kind
    assert asked[0].network.weights == str(tmp_path / "best.npz")


@pytest.mark.parametrize("cost", COSTS)
def test_each_cost_says_which_convention_is_meant(panel, cost):
    if cost == "mnist_loss":
        panel.field("data.classes").widget.box.activated.emit(1)
        panel.show_setup(PRESETS["fastai 3 or 7, linear"].setup)
    choose(panel, "network.cost", cost)
    text = panel.field("network.cost").note.text().casefold()
    assert COSTS[cost].convention.casefold() in text
    assert COSTS[cost].comparison.casefold() in text


def take_classes(panel, index):
    box = panel.field("data.classes").widget.box
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_three_against_seven_fits_the_outputs_and_one_output_works(panel):
    take_classes(panel, 1)
    assert panel.setup.data.classes == (7, 3)
    assert panel.setup.network.sizes == (784, 30, 2)
    assert "choose the cost mnist_loss" in panel.field("data.classes").note.text()
    choose(panel, "network.cost", "mnist_loss")
    assert panel.setup.network.sizes == (784, 30, 1)
    assert panel.field("data.classes").note.text() == "The one output means 3 near 1, and 7 near 0."
    choose(panel, "network.cost", "cross_entropy")
    assert panel.setup.network.sizes == (784, 30, 2)
    take_classes(panel, 0)
    assert panel.setup.network.sizes == (784, 30, 10)
    assert panel.setup.data.classes == tuple(range(10))


def test_ones_own_list_of_classes(qtbot, panel):
    line = panel.field("data.classes").widget.line
    assert not line.isVisible()
    take_classes(panel, 2)
    assert line.isVisible() and line.text() == "0 1 2 3 4 5 6 7 8 9"
    line.clear()
    qtbot.keyClicks(line, "0 1, 8")
    assert panel.setup.data.classes == (0, 1, 8)
    assert panel.setup.network.sizes == (784, 30, 3)
    qtbot.keyClicks(line, " x")
    assert panel.field("data.classes").error.isVisible()
    assert not panel.train_button.isEnabled()


@pytest.mark.parametrize(
    ("sizes", "classes", "cost", "fitting"),
    [
        ([784, 30, 10], [7, 3], "cross_entropy", [784, 30, 2]),
        ([784, 30, 10], [7, 3], "mnist_loss", [784, 30, 1]),
        ([784, 1], [7, 3], "quadratic", [784, 1]),
        ([784, 1], [7, 3], "hinge", [784, 2]),
        ([784, 1], list(range(10)), "quadratic", [784, 10]),
        ([784], [7, 3], "hinge", [784]),
        ([], [7, 3], "hinge", []),
        ([784, 10], [7], "hinge", [784, 10]),
    ],
)
def test_the_last_layer_fits_classes_and_cost(sizes, classes, cost, fitting):
    assert fitting_sizes(sizes, classes, cost) == fitting


def test_the_first_layer_follows_the_components(panel):
    pipeline = panel.pipeline
    assert pipeline.read() == ["scale"] and not pipeline.boxes["whiten"].isEnabled() and not pipeline.k.isEnabled()
    pipeline.boxes["centre"].click()
    pipeline.boxes["pca"].click()
    pipeline.k.setValue(40)
    pipeline.boxes["whiten"].click()
    assert panel.setup.data.preprocess == ("scale", "centre", "pca:40", "whiten")
    assert panel.setup.network.sizes == (40, 30, 10)
    assert "40 numbers" in panel.field("data.preprocess").note.text()
    pipeline.boxes["pca"].click()
    assert panel.setup.data.preprocess == ("scale", "centre")
    assert panel.setup.network.sizes == (784, 30, 10)
    pipeline.choose_components(12)
    assert panel.setup.data.preprocess == ("scale", "centre", "pca:12") and panel.setup.network.sizes[0] == 12


@pytest.mark.parametrize(
    "steps", [(), ("scale",), ("centre", "scale"), ("standardise", "scale", "pca:7"), ("scale", "pca:100", "whiten")]
)
def test_steps_keep_the_order_that_a_file_has(panel, steps):
    k = next((int(step[4:]) for step in steps if step.startswith("pca:")), 784)
    panel.show_setup(Setup().changed(data={"preprocess": steps}, network={"sizes": (k, 30, 10)}))
    assert panel.setup.data.preprocess == steps == tuple(panel.pipeline.read())
    assert panel.train_button.isEnabled()
    panel.pipeline.boxes["scale"].click()
    assert ("scale" in steps) != ("scale" in panel.setup.data.preprocess)


def test_a_size_that_does_not_fit_the_components_is_explained_beside_it(panel):
    panel.pipeline.choose_components(30)
    sizes = panel.field("network.sizes")
    sizes.write([784, 30, 10])
    sizes.edited.emit()
    assert "takes the 30 components that PCA keeps" in sizes.error.text()


def test_undo_and_redo_by_the_keys(qtbot, panel):
    first = panel.setup
    choose(panel, "descent.optimiser", "adam")
    type_in(qtbot, panel, "descent.epochs", "12")
    assert panel.setup.descent.epochs == 12
    last = panel.setup
    line = panel.field("descent.epochs").widget
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(line, Qt.Key.Key_Z, control)
    assert (panel.setup.descent.epochs, line.text()) == (5, "5")
    assert panel.setup.descent.optimiser == "adam"
    qtbot.keyClick(line, Qt.Key.Key_Z, control)
    assert panel.setup == first
    assert panel.field("descent.optimiser").read() == "sgd"
    assert panel.field("descent.learning_rate").read() == 0.3
    for _ in range(2):
        qtbot.keyClick(line, Qt.Key.Key_Z, control | shift)
    assert panel.setup == last
    assert panel.field("descent.learning_rate").read() == 0.003


def test_undo_brings_back_what_stood_before_an_impossible_value(qtbot, panel):
    type_in(qtbot, panel, "descent.learning_rate", "-1")
    assert not panel.train_button.isEnabled()
    qtbot.keyClick(panel.field("descent.learning_rate").widget, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.train_button.isEnabled()
    assert panel.field("descent.learning_rate").read() == panel.setup.descent.learning_rate


def test_a_preset_is_undone_as_one(qtbot, panel):
    first = panel.setup
    panel.show_setup(PRESETS["CS231n 784-50-10"].setup)
    panel.setFocus()
    qtbot.keyClick(panel.train_button, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.setup == first


def test_the_button_names_the_field_to_mend(qtbot, panel):
    type_in(qtbot, panel, "descent.epochs", "-3")
    assert panel.train_button.text() == "First mend “Epochs”"
    type_in(qtbot, panel, "descent.epochs", "3")
    assert panel.train_button.text() == "Train from these starts"


def test_a_complaint_opens_the_fold_it_lies_in(qtbot, panel):
    fold = panel.fold("descent.patience")
    assert not panel.field("descent.patience").widget.isVisible()
    panel.complain(SetupError("descent.patience: must be greater than 0", "descent.patience"))
    assert fold.button.isChecked()
    assert panel.field("descent.patience").error.isVisible()
    assert panel.field("descent.patience").error.text() == "must be greater than 0"


def test_an_impossible_value_stays_in_sight_when_it_loses_its_effect(qtbot, panel):
    choose(panel, "descent.optimiser", "momentum")
    type_in(qtbot, panel, "descent.momentum", "5")
    choose(panel, "descent.optimiser", "sgd")
    assert panel.field("descent.momentum").error.isVisibleTo(panel)
    type_in(qtbot, panel, "descent.momentum", "0.5")
    assert not panel.field("descent.momentum").widget.isVisible()
    assert panel.train_button.isEnabled()


def test_a_fold_says_how_much_in_it_is_set(panel):
    fold = panel.fold("network.biases")
    assert fold.button.text() == "More"
    panel.show_setup(PRESETS["Nielsen 784-30-10"].setup)
    assert fold.button.text() == "More · 2 set"
    assert "weight spread 1" in panel.field("network.scheme").note.text()


def test_the_schedule_is_seen_before_it_is_run(panel):
    assert not panel._rates.isVisible()
    choose(panel, "descent.schedule", "one_cycle")
    assert panel._rates.isVisible()
    assert panel.field("descent.schedule").note.text() == panel._rates.rates.sentence
    assert max(panel._rates.rates.rates) == pytest.approx(0.3, rel=1e-3)


def test_the_wheel_over_a_choice_changes_nothing(panel):
    panel.train_button.setFocus()
    for name in ("descent.optimiser", "descent.batch_size"):
        widget = panel.field(name).widget
        before = panel.field(name).read()
        turn = QWheelEvent(
            QPointF(5, 5),
            QPointF(widget.mapToGlobal(QPoint(5, 5))),
            QPoint(0, -120),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, turn)
        assert panel.field(name).read() == before


def test_the_wheel_gives_no_choice_the_keyboard(panel):
    # A real turn of the wheel first gives the keyboard to a control of this policy, and then changes it.
    for kind in (QComboBox, QAbstractSpinBox):
        controls = panel.findChildren(kind)
        assert controls
        for control in controls:
            assert control.focusPolicy() != Qt.FocusPolicy.WheelFocus, control.accessibleName()


def test_no_words_are_cut_while_a_field_is_wrong(qtbot, window):
    panel = window.setup_panel
    panel.show_setup(PRESETS["3Blue1Brown 784-16-16-10"].setup)
    line = panel.field("network.sizes").widget
    line.setFocus()
    for text in ("784 3a 10", "784x30x10x10x10x10", " ", "784 30 10"):
        line.selectAll()
        for key in text:
            qtbot.keyClicks(line, key)
            for _ in range(5):
                QApplication.processEvents()
        qtbot.waitUntil(lambda: not cut_words(panel))


def test_a_wrong_value_has_no_parameters_counted(qtbot, panel):
    sizes = panel.field("network.sizes")
    assert "23,860 parameters" in sizes.note.text() and sizes.note.isVisible()
    type_in(qtbot, panel, "network.sizes", "784 99999999 10")
    assert sizes.error.isVisible() and not sizes.note.isVisible()
    type_in(qtbot, panel, "network.sizes", "784 20 10")
    assert not sizes.error.isVisible() and sizes.note.isVisible() and "15,910" in sizes.note.text()


@pytest.mark.parametrize("name", ["descent.betas"])
@pytest.mark.parametrize("text", ["0.8 0.99", "0.8, 0.99", "0.8,0.99", "0,8 0,99", "0.8;0.99"])
def test_two_numbers_are_read_as_people_write_them(qtbot, panel, name, text):
    choose(panel, "descent.optimiser", "adam")
    type_in(qtbot, panel, name, text)
    assert panel.setup.descent.betas == (0.8, 0.99)


def test_an_emptied_choice_is_open_again(qtbot, panel):
    type_in(qtbot, panel, "descent.target_loss", "0.1")
    assert panel.setup.descent.target_loss == 0.1
    line = panel.field("descent.target_loss").widget
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert panel.setup.descent.target_loss is None
    assert line.placeholderText() == "no target"


def cut_words(panel):
    labels = [label for label in panel.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
    assert labels
    return [label.text() for label in labels if label.height() < label.heightForWidth(label.width())]


def test_no_words_are_cut_after_setups_came_and_went(qtbot, window):
    panel, usual = window.setup_panel, Setup()
    window.session.change_setup(usual)
    for rate in (0.77, usual.descent.learning_rate):
        window.session.change_setup(usual.changed(descent={"learning_rate": rate}))
        for _ in range(5):
            QApplication.processEvents()
        qtbot.waitUntil(lambda: not cut_words(panel))


def test_what_was_said_of_a_rate_is_not_said_of_another_setup(qtbot, panel):
    type_in(qtbot, panel, "descent.learning_rate", "0.07")
    choose(panel, "descent.optimiser", "adam")
    assert "Adam" in panel.field("descent.learning_rate").note.text()
    panel.show_setup(Setup())
    assert not panel.field("descent.learning_rate").note.text()


def test_no_words_are_cut_in_presets_with_all_folds_open(qtbot, panel):
    for fold in panel._folds.values():
        fold.open()
        qtbot.waitUntil(lambda: not cut_words(panel))
    for preset in PRESETS.values():
        panel.show_setup(preset.setup)
        for _ in range(5):
            QApplication.processEvents()
        qtbot.waitUntil(lambda: not cut_words(panel))


def test_no_words_are_cut(qtbot, panel):
    for form in panel._forms:
        for name, field in form.fields.items():
            form.show_field(name, True)
            label = form._layout.labelForField(field.widget)
            if isinstance(label, QLabel):
                assert QFontMetrics(label.font()).horizontalAdvance(label.text()) <= LABEL_WIDTH, name
    for fold in panel._folds.values():
        fold.open()
    QApplication.processEvents()
    for box in panel.findChildren(QComboBox):
        metrics = QFontMetrics(box.font())
        for index in range(box.count()):
            assert metrics.horizontalAdvance(box.itemText(index)) <= box.width() - 30, box.itemText(index)
    for line in panel.findChildren(QLineEdit):
        assert QFontMetrics(line.font()).horizontalAdvance(line.placeholderText()) <= line.width() - 12

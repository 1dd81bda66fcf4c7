"""The dock on the left: what is trained and how, each field with its complaint beside it, and the button that begins."""

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from landscape.data import inputs_of
from landscape.errors import SetupError
from landscape.gui.setup.fields import MAKERS, fitting_sizes
from landscape.gui.setup.fold import Fold
from landscape.gui.setup.form import REDO_KEYS, UNDO_KEYS, Field, Form, declared, faint_label
from landscape.gui.setup.history import History
from landscape.gui.setup.pipeline_choice import PipelineChoice
from landscape.gui.setup.preset_card import PresetCard, heading, preset_of
from landscape.gui.setup.rate_curve import RateCurve, Rates
from landscape.network.cost import COSTS
from landscape.run.descending import OPTIMISERS, USUAL_RATES
from landscape.run.setup import Setup

TRAIN = "Train from these starts"
LAID_OUT_MS = 20
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Group:
    """Settings under one heading: those always at hand, and those behind "More"."""

    heading: str
    names: tuple[str, ...]
    more: tuple[str, ...]


def _of(section: str, names: str) -> tuple[str, ...]:
    return tuple(f"{section}.{name}" for name in names.split())


GROUPS = (
    Group("DIGITS", _of("data", "source classes"), _of("data", "preprocess examples")),
    Group("NETWORK", _of("network", "sizes activation cost scheme seed"), _of("network", "biases scale")),
    Group(
        "DESCENT",
        _of(
            "descent",
            "optimiser learning_rate momentum schedule decay decay_every warm_up peak batch_size epochs in_plane",
        ),
        _of("descent", "alpha betas eps weight_decay l2 target_loss patience shared_batches seed"),
    ),
    Group(
        "STARTS",
        (*_of("starts", "kind count reach"), "network.weights"),
        (*_of("starts", "seed"), *_of("plane", "normalise orthogonal seed")),
    ),
)


class SetupPanel(QWidget):
    """Edits a setup; `train_requested` carries it once it is whole and right."""

    train_requested = pyqtSignal(Setup)
    pictures_requested = pyqtSignal(Setup)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setup = Setup()
        # A rate typed by hand stays when the optimiser changes; any other gives way to the new one's usual rate.
        self._rate_typed = False
        self._history = History((self._setup, self._rate_typed))
        self._forms: list[Form] = []
        self._folds: dict[Form, Fold] = {}
        self._laid_out = QTimer(self)
        self._laid_out.setSingleShot(True)
        self._laid_out.setInterval(LAID_OUT_MS)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 8)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setMinimumWidth(0)
        column = QVBoxLayout(inside)
        column.setContentsMargins(10, 4, 12, 8)
        column.setSpacing(4)
        self._build_fields(column)
        scroll.setWidget(inside)
        scroll.setMinimumWidth(300)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields take the keyboard, and bring themselves into sight
        self._scroll = scroll
        outer.addWidget(scroll, 1)
        self._problem = faint_label()
        self._problem.setObjectName("error")
        self._problem.setContentsMargins(10, 0, 10, 0)
        self._problem.hide()
        outer.addWidget(self._problem)
        self.train_button = QPushButton(TRAIN)
        self.train_button.setObjectName("primary")
        self.train_button.setToolTip("Begins a new run with the settings above (R)")
        self.train_button.clicked.connect(self.request_training)
        button = QVBoxLayout()
        button.setContentsMargins(10, 0, 10, 0)
        button.addWidget(self.train_button)
        outer.addLayout(button)
        for keys, by in ((UNDO_KEYS, -1), (REDO_KEYS, 1)):
            shortcut = QShortcut(self)
            shortcut.setKeys([QKeySequence(key) for key in keys])
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._go, by))
        self._show(self._setup)

    def _build_fields(self, column: QVBoxLayout) -> None:
        self.preset = PresetCard()
        self.preset.preset_requested.connect(self.show_setup)
        column.addWidget(self.preset)
        for group in GROUPS:
            column.addWidget(heading(group.heading))
            for names in (group.names, group.more):
                form = Form(names, MAKERS)
                form.edited.connect(self._edited)
                self._laid_out.timeout.connect(form.lay_out)
                self._forms.append(form)
                if names is group.names:
                    column.addWidget(form)
                else:
                    self._folds[form] = Fold(form, group.heading.lower())
                    self._folds[form].button.toggled.connect(self._lay_out)
                    column.addWidget(self._folds[form])
        column.addStretch(1)
        pipeline = self.field("data.preprocess").widget
        assert isinstance(pipeline, PipelineChoice)
        self.pipeline = pipeline
        pipeline.pictures_requested.connect(lambda: self.pictures_requested.emit(self._setup))
        self._rates = RateCurve()
        self._form("descent.schedule").put_below("descent.schedule", self._rates)

    def _form(self, name: str) -> Form:
        return next(form for form in self._forms if name in form.fields)

    def field(self, name: str) -> Field:
        """The field of a setting, "section.field"."""
        return self._form(name).fields[name]

    def fold(self, name: str) -> Fold | None:
        """The fold that a setting lies in, if it does."""
        return self._folds.get(self._form(name))

    @property
    def setup(self) -> Setup:
        """The last setup the fields held that was whole and right."""
        return self._setup

    def show_setup(self, setup: Setup) -> None:
        """Show a setup in the fields."""
        if setup != self._setup:
            usual = USUAL_RATES[setup.descent.optimiser]
            self._rate_typed = preset_of(setup) is None and setup.descent.learning_rate != usual
            self._history.push((setup, self._rate_typed))
        self._show(setup)

    def take(self, changes: dict[str, dict[str, Any]]) -> None:
        """Change some settings, such as an experiment suggests, and leave the others as they stand; can be undone."""
        try:
            setup = (self._check() or self._setup).changed(**changes)
        except SetupError as error:
            self.complain(error)
            return
        self.show_setup(setup)

    def _show(self, setup: Setup) -> None:
        self._setup = setup
        for form in self._forms:
            form.write(setup)
        self.field("descent.learning_rate").explain("")  # it was about the values that stood there before
        self.preset.show_preset(setup)
        self._check()

    def _go(self, by: int) -> None:
        """Undo (−1) or redo (+1); where the fields hold something impossible, undoing brings back what was before it."""
        now = self._check()
        self._setup, self._rate_typed = self._history.move(by if now is not None else 0)
        self._show(self._setup)

    def request_training(self) -> None:
        """Ask for a run with what the fields say."""
        setup = self._check()
        if setup is not None:
            self._history.settle()
            self.train_requested.emit(setup)

    def choose_source(self, source: str) -> None:
        """Take the digits from elsewhere."""
        self.field("data.source").write(source)
        self._edited("data.source")

    def _edited(self, name: str) -> None:
        usual = USUAL_RATES[self.field("descent.optimiser").read()]
        rate = self.field("descent.learning_rate")
        if name == "descent.learning_rate":
            self._rate_typed = rate.read() not in (None, usual)
            rate.explain("")
        elif name == "descent.optimiser":
            if not self._rate_typed:
                rate.write(usual)
            label = OPTIMISERS[self.field(name).read()]
            rate.explain(f"Your rate stays; usual with {label} is {usual:g}." if self._rate_typed else "")
        elif name in ("data.classes", "data.preprocess", "network.cost"):
            sizes = self.field("network.sizes")
            asking = ("data.classes", "network.cost", "data.preprocess")
            sizes.write(fitting_sizes(sizes.read(), *(self.field(other).read() for other in asking)))
        setup = self._check()
        if setup is not None:
            self._setup = setup
            self._history.push((setup, self._rate_typed), name if self.field(name).typed else None)
            self.preset.show_preset(setup)

    def _check(self) -> Setup | None:
        """The setup in the fields, or None with the complaint shown beside the field it belongs to."""
        # A setting that has no field keeps its value.
        values = self._setup.model_dump()
        for form in self._forms:
            for section, fields in form.read().items():
                own = {name.partition(".")[2] for name in form.fields if name.startswith(f"{section}.")}
                kept = {name: value for name, value in values[section].items() if name not in own}
                values[section] = {**kept, **fields}
            for field in form.fields.values():
                field.complain("")
        self._lay_out()
        self._problem.hide()
        try:
            setup = Setup(**values)
            weights = setup.network.weights
            if weights and not Path(weights).is_file():
                raise SetupError(f"network.weights: there is no file {weights}", "network.weights")
        except SetupError as error:
            self.complain(error)
            self.train_button.setEnabled(False)
            name = error.field or ""
            known = any(name in form.fields for form in self._forms)
            # The complaint may have been scrolled out of sight; the button is always there.
            self.train_button.setText(f"First mend “{declared(name).title}”" if known else TRAIN)
            return None
        self.train_button.setEnabled(True)
        self.train_button.setText(TRAIN)
        self._describe(setup)
        return setup

    def _lay_out(self, *_: object) -> None:
        """Give every form its room anew, once what has changed was laid out: that takes an event at each level of nesting."""
        for form in self._forms:
            QTimer.singleShot(0, form.lay_out)
        self._laid_out.start()

    def complain(self, error: SetupError) -> None:
        """Show a complaint beside the field it belongs to, or above the button."""
        name = error.field or ""
        sentence = _in_titles(str(error).split(": ", 1)[-1])
        for form in self._forms:
            if name in form.fields:
                form.fields[name].complain(sentence)
                form.show_field(name, True)
                if form in self._folds:
                    self._folds[form].open()
                return
        self._problem.setText(str(error))
        self._problem.show()

    def _describe(self, setup: Setup) -> None:
        """Say what the choices mean, and show the fields that have an effect beside them."""
        net = setup.build_network()
        self.field("network.sizes").explain(
            f"{net.P:,} parameters · {net.P * 4 / 1000:,.0f} kB as 32-bit, {net.P * 8 / 1000:,.0f} kB as 64-bit numbers"
        )
        self.field("data.classes").explain(_about_outputs(setup))
        k = inputs_of(setup.data.preprocess)
        reduced = any(step.startswith("pca:") for step in setup.data.preprocess)
        self.field("data.preprocess").explain(
            f"A digit becomes {k} numbers: the first layer takes {k}." if reduced else ""
        )
        spread = setup.network.scale
        self.field("network.scheme").explain(
            f"But with the weight spread {spread:g}, set under More." if spread is not None else ""
        )
        cost = COSTS[net.cost]
        self.field("network.cost").explain(f"{cost.convention[0].upper()}{cost.convention[1:]}. {cost.comparison}")
        changing = setup.descent.schedule != "constant"
        rates = Rates.of(setup.descent)
        self._rates.show_rates(rates)
        self._rates.setVisible(changing)
        self.field("descent.schedule").explain(rates.sentence if changing else "")
        self.field("starts.kind").explain(_about_starts(setup, net.P))
        for form in self._forms:
            for name in form.fields:
                form.show_field(name, setup.heeds(name))
            if form in self._folds:
                self._folds[form].setVisible(any(form.shown(name) for name in form.fields))
                self._folds[form].count(sum(form.shown(name) and _is_set(setup, name) for name in form.fields))


def _about_starts(setup: Setup, parameters: int) -> str:
    """What the chosen kind of starts is, and how few a corner of the window is among those of the space."""
    extra = cast(dict[str, Any], declared("starts.kind").json_schema_extra)
    sentence = str(extra["sentences"][setup.starts.kind])
    if setup.starts.kind.startswith("corners"):
        raised = str(parameters).translate(RAISED)
        sentence += f" Here the space has {parameters:,} dimensions: a box in it has 2{raised} corners."
    return sentence


def _about_outputs(setup: Setup) -> str:
    """Of two classes: which one a single output means, or how to get by with one."""
    classes, outputs = setup.data.classes, setup.network.sizes[-1]
    if len(classes) != 2:
        return ""
    if outputs == 1:
        return f"The one output means {classes[1]} near 1, and {classes[0]} near 0."
    one = "end the layers with 1" if COSTS[setup.network.cost].fewest_outputs == 1 else "choose the cost mnist_loss"
    return f"One output would do for two classes: {one}."


def _is_set(setup: Setup, name: str) -> bool:
    section, _, field = name.partition(".")
    return bool(getattr(getattr(setup, section), field) != declared(name).get_default(call_default_factory=False))


def _in_titles(sentence: str) -> str:
    """A sentence in which settings go by the names they have on screen."""
    names = {name for group in GROUPS for name in (*group.names, *group.more)}
    return re.sub(r"\b[a-z]+\.[a-z_0-9]+\b", lambda m: f"“{declared(m[0]).title}”" if m[0] in names else m[0], sentence)

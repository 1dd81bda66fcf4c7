"""One experiment in the page: question, price, settings, run and cancel, progress, result, and what a failure means."""

from types import SimpleNamespace
from typing import Any

from pydantic.fields import FieldInfo
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from landscape.errors import SetupError
from landscape.gui.inspect.lab.racer_choice import racers_field
from landscape.gui.inspect.lab.result_view import ResultView
from landscape.gui.laboratory import LANE, Laboratory
from landscape.gui.session import Session
from landscape.gui.setup.fold import Fold
from landscape.gui.setup.form import Form, Maker, faint_label
from landscape.gui.theme import Theme
from landscape.lab.experiment import Experiment

REDRAW_MS = 250  # a result that grows is drawn so often


class Card(QFrame):
    """A card folds to its title and question; its parts are built when it is first opened."""

    def __init__(self, kind: type[Experiment], session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self._session, self._theme = kind, session, theme
        self._lab: Laboratory = session.lab
        self._body: QWidget | None = None
        self._shown: tuple[Any, bool] | None = None
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(REDRAW_MS)
        self._due.timeout.connect(self._show_result)
        self.setObjectName("experiment")
        self.title = QToolButton()
        self.title.setObjectName("fold")
        self.title.setText(kind.title)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.title.setCheckable(True)
        self.title.setArrowType(Qt.ArrowType.RightArrow)
        self.title.setToolTip(f"Opens the experiment: {kind.question}")
        self.title.setAccessibleDescription(kind.question)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.title.toggled.connect(self._fold)
        self.state = faint_label()
        self.state.setWordWrap(False)
        self.question = QLabel(kind.question)
        self.question.setWordWrap(True)
        self.question.setContentsMargins(6, 0, 0, 0)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.state)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 4, 10, 8)
        self._column.setSpacing(5)
        self._column.addLayout(head)
        self._column.addWidget(self.question)
        self.refresh()

    @property
    def experiment(self) -> Experiment | None:
        """The experiment with the settings in the form; None, with the complaint shown, if they make no sense."""
        values = self.form.read()[self.kind.name] if self.kind.model_fields else {}
        for field in self.form.fields.values():
            field.complain("")
        try:
            return self.kind(**values)
        except SetupError as error:
            name = f"{self.kind.name}.{(error.field or '').partition('.')[0]}"
            if name in self.form.fields:
                self.form.fields[name].complain(str(error).split(": ", 1)[-1])
                self.fold.open()
            return None

    def open(self) -> None:
        """Unfold."""
        self.title.setChecked(True)

    def set_theme(self, theme: Theme) -> None:
        """Colour the plots."""
        self._theme = theme
        if self._body is not None:
            self._shown = None
            self.result.set_theme(theme)
            self._show_result()

    def refresh(self) -> None:
        """What can be pressed, how far it is, and what came of it."""
        name, running = self.kind.name, self._lab.running
        mine = running is not None and running.name == name
        found = self._lab.found.get(name)
        self.state.setText(self._progress() if mine else _state(found))
        if self._body is None:
            return
        experiment = self.experiment
        self.run.setVisible(not mine)
        self.run.setEnabled(running is None and experiment is not None)
        self.run.setText("Run again" if found is not None else "Run")
        busy = f"Wait until “{running.doing}” is done, or cancel it: one experiment at a time" if running else ""
        wrong = "" if experiment is not None else "Mend the setting that is marked below first"
        self.run.setToolTip(
            busy or wrong or f"Begins the experiment; the shown run stays as it is. {self.price.text()}"
        )
        self.cancel.setVisible(mine)
        self.bar.setVisible(mine)
        self._offer_resume(experiment)
        error = self._lab.errors.get(name, "")
        self.error.setText(error)
        self.error.setVisible(bool(error))
        activity = self._session.activity.get(LANE)
        if mine and activity is not None:
            self.bar.setValue(round(1000 * activity.done))
        self._say_price(experiment)
        if not mine:
            self._due.stop()
            self._show_result()
        elif not self._due.isActive():
            self._due.start()

    def _fold(self, opened: bool) -> None:
        self.title.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        if opened and self._body is None:
            self._build()
        if self._body is not None:
            self._body.setVisible(opened)
        self.refresh()

    def _build(self) -> None:
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(6, 0, 0, 0)
        column.setSpacing(6)
        self.price = faint_label()
        names = [f"{self.kind.name}.{field}" for field in self.kind.model_fields]
        makers: dict[str, Maker] = {"race.optimisers": racers_field}
        self.form = Form(names, makers, declared=self._declared)
        self.form.write(SimpleNamespace(**{self.kind.name: self.kind()}))
        self.form.edited.connect(self._edited)
        self.fold = Fold(self.form, f"settings of “{self.kind.title}”", word="Settings")
        self.fold.setVisible(bool(names))
        self.run, self.cancel, self.resume = QPushButton("Run"), QPushButton("Cancel"), QPushButton("Resume")
        self.run.setObjectName("primary")
        self.run.clicked.connect(lambda: self._begin())
        self.cancel.setToolTip("Stops the experiment; what was found so far stays (Esc)")
        self.cancel.clicked.connect(self._lab.cancel)
        self.resume.setToolTip("Goes on where the experiment was cut short, with the same settings")
        self.resume.clicked.connect(lambda: self._begin(resume=True))
        for button in (self.run, self.cancel, self.resume):
            button.setAccessibleName(f"{button.text()}: {self.kind.title}")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(f"Progress of “{self.kind.title}”")
        row = QHBoxLayout()
        for widget in (self.run, self.cancel, self.resume):
            row.addWidget(widget)
        row.addWidget(self.bar, 1)
        row.addStretch(0)
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.result = ResultView(self._lab, self._session.turns, self._theme)
        self.guests = QLabel()
        self.guests.setWordWrap(True)
        self.guests.hide()
        self.failing = faint_label()
        self.failing.setText(self.kind.failing)
        column.addWidget(self.price)
        column.addWidget(self.fold)
        column.addLayout(row)
        for part in (self.error, self.result, self.guests, self.failing):
            column.addWidget(part)
        self._column.addWidget(self._body)
        self._heed()
        if self.kind.name == "race":
            self._session.guests_changed.connect(self._show_guests)

    def _declared(self, name: str) -> FieldInfo:
        return self.kind.model_fields[name.partition(".")[2]]

    def _edited(self, _: str) -> None:
        self._heed()
        self.refresh()

    def _heed(self) -> None:
        """Show the settings that have an effect beside the others, and count those that were changed."""
        experiment = self.experiment
        if experiment is not None:
            for field in self.kind.model_fields:
                self.form.show_field(f"{self.kind.name}.{field}", experiment.heeds(field))
            usual = self.kind()
            self.fold.count(sum(getattr(usual, name) != getattr(experiment, name) for name in self.kind.model_fields))

    def _begin(self, resume: bool = False) -> None:
        experiment = self.experiment
        if experiment is not None:
            self._lab.begin(experiment, resume)

    def look(self) -> None:
        """Another point is shown: say what a run would look at now."""
        if self._body is not None and self.kind.of_run:
            experiment = self.experiment
            self._say_price(experiment)
            self._offer_resume(experiment)

    def _offer_resume(self, experiment: Experiment | None) -> None:
        idle = self._lab.running is None
        self.resume.setVisible(idle and experiment is not None and self._lab.can_resume(experiment))

    def _say_price(self, experiment: Experiment | None) -> None:
        specimen, pace = self._lab.specimen, self._lab.pace
        if experiment is None or specimen is None:
            self.price.setText("")
            return
        cost = experiment.cost(specimen)
        seconds = ""
        if pace is not None and (cost.gradients or cost.looks):
            when = "beside the training" if self._lab.paced_beside else "if nothing else runs"
            seconds = f", about {_seconds(cost.seconds(pace))} here {when}"
        where = f" Looks at {specimen.where}." if experiment.of_run and experiment.name != "read" else ""
        self.price.setText(f"Costs {cost}{seconds}.{where}")

    def _progress(self) -> str:
        activity, left = self._session.activity.get(LANE), self._lab.remaining
        if activity is None:
            return ""
        return f"{activity.done:.0%}" + (f", {_seconds(left)} left" if left is not None else "")

    def _show_result(self) -> None:
        """Draw the newest result, if it is another one than is drawn."""
        if self._body is None:
            return
        result, run, running = self._lab.result_of(self.kind.name), self._session.run, self._lab.running
        self.result.setVisible(result is not None and run is not None)
        if result is None or run is None or not self.isVisible():
            return
        whole = (running is None or running.name != self.kind.name) and getattr(result, "done", 1.0) >= 1
        if self._shown is None or self._shown[0] is not result or self._shown[1] != whole:
            self._shown = (result, whole)
            self.result.show_result(result, run.setup, whole)

    def _show_guests(self) -> None:
        guests = self._lab.guests
        self.guests.setVisible(guests is not None)
        self.guests.setText(guests.words if guests is not None else "")


def _state(found: Any) -> str:
    """What came of an experiment, in a word or two."""
    if found is None:
        return ""
    took = f" · {_seconds(found.seconds)}" if found.seconds == found.seconds else ""
    if not found.whole:
        return "cut short"
    passed = getattr(found.result, "passed", None)
    return ("done" if passed is None else "passed" if passed else "failed") + took


def _seconds(seconds: float) -> str:
    """A span of time as one would say it."""
    if seconds < 0.95:
        return "a moment" if seconds < 0.3 else f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"

"""The way out of a comparison: a picture, its figures, and the film of the falling barrier, as files."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QMenu, QPushButton

from landscape.comparison import Comparison, Fall, Pair, comparison_figures, falling, sentences
from landscape.errors import SetupError
from landscape.gui.commands.place import ask_for_place
from landscape.gui.contest import Compared
from landscape.gui.session import Session
from landscape.writing import written_whole

if TYPE_CHECKING:
    from landscape.gui.inspect.compare.page import ComparePage

# Words in the menu: the file's first name, and the kinds for the dialog.
KINDS = {
    "Picture…": ("compared.png", "Pictures (*.png *.svg *.pdf)"),
    "Figures…": ("compared.json", "Figures (*.json)"),
    "Film of the falling barrier…": ("barrier.gif", "Films (*.gif *.mp4)"),
}


class Outlet(QPushButton):
    """A button with a menu; each entry asks for a place and writes there beside the window."""

    def __init__(self, session: Session, page: "ComparePage") -> None:
        super().__init__(page)
        self._session, self._page = session, page
        self._folder = ""
        self.setText("Export ▾")
        self.setAccessibleName("Export")
        self.setToolTip("The comparison as a picture or as figures, and the film of the falling barrier")
        menu = QMenu(self)
        for words, work in (
            ("Picture…", self._picture),
            ("Figures…", self._figures),
            ("Film of the falling barrier…", self._film),
        ):
            action = menu.addAction(words)
            assert action is not None
            action.triggered.connect(partial(self.export, words, work))
        self.setMenu(menu)

    def export(self, words: str, work: Any, _checked: bool = False) -> None:
        """Ask for a place and write what the words say."""
        compared = self._session.contest.compared
        if compared is None:
            return
        name, kinds = KINDS[words]
        asked = ask_for_place(self._session, self, words.removesuffix("…"), Path(self._folder) / name, kinds)
        if asked is None:
            return
        path, _ = asked
        self._folder = str(path.parent)
        pair, theme = self._page.pair, self._page.way.theme_name
        task = partial(work, path, compared, pair, theme)
        self._session.outbox.write("export", f"exporting {path.name}", task, path, f"Exported {path.name}")

    def _picture(self, path: Path, compared: Compared, _: Pair | None, theme: str) -> Iterator[Path]:
        from landscape.export.comparison_figure import write_comparison

        digits = compared.digits
        whole = compared.comparison
        yield write_comparison(whole, path, digits.test.pictures, digits.classes, style=theme, digits=digits.source)

    def _figures(self, path: Path, compared: Compared, _: Pair | None, theme: str) -> Iterator[Path]:
        whole: Comparison = compared.comparison
        figures = comparison_figures(whole, compared.digits.source) | {"sentences": sentences(whole)}
        text = json.dumps(figures, indent=1, ensure_ascii=False)
        written_whole(path, lambda partial_: _write(partial_, text))
        yield path

    def _film(self, path: Path, compared: Compared, pair: Pair | None, theme: str) -> Iterator[Any]:
        from landscape.export.barrier_film import filming_barrier

        if pair is None or pair.no_line:
            raise SetupError(f"no film: {pair.no_line if pair else 'there are no two models'}")
        one, other = (compared.comparison.entries[place] for place in (pair.a, pair.b))
        falls: list[Fall] = list(self._session.contest.falls.get((pair.a, pair.b), ()))
        if not falls or falls[-1].done < 1:
            falls = []
            sets = {"train": compared.digits.train, "test": compared.digits.test}
            for fall in falling(one.model.net, one.model.theta, other.model.theta, sets):
                falls += [fall] if fall.whole else []
                yield replace(fall, done=0.8 * fall.done)
        yield from filming_barrier(falls, path, (one.name, other.name), style=theme)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")

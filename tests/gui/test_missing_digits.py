"""A saved run without its digits opens with what its record holds, and is drawn whole once they are found."""

import pytest

from landscape.run import Setup, explore
from tests.gui.conftest import LONG, settled
from tests.run.test_own_digits import write_digits


@pytest.fixture
def away(tmp_path):
    """A run file, and the folder of its digits, which has been moved."""
    folder = write_digits(tmp_path / "here")
    setup = Setup().changed(
        data={"source": str(folder), "examples": 40},
        network={"sizes": (784, 4, 10)},
        descent={"batch_size": 10, "epochs": 4},
    )
    run = explore(setup)
    run.about["view"] = {"plane": "hessian", "step": 2}
    file = run.save(tmp_path / "run.landscape")
    run.close()
    return file, folder.rename(tmp_path / "moved")


def test_it_opens_with_what_its_record_holds_and_is_drawn_whole_later(qtbot, window, away, tmp_path, monkeypatch):
    session, (file, moved) = window.session, away
    window.files.open_path(file)
    qtbot.waitUntil(lambda: session.run.missing != "", timeout=LONG)
    run = session.run
    qtbot.waitUntil(lambda: session.portrait is not None and session.moment is not None, timeout=LONG)
    qtbot.waitUntil(lambda: not session.activity and not session.turns.due, timeout=LONG)
    assert "which is not here" in window.banner.text.text()
    assert window.banner.isVisible()
    assert session.surface is None
    assert window.map.surface.heights is None and window.map.surface.image.image is None  # nor the old run's
    assert not window.map.surface.bar.isVisible()
    assert session.portrait.choice == "pca_all"  # the plane that it was left on is one of the digits
    assert session.moment.step == 2
    assert "digits missing" in window.status.left.text()
    said = []
    window.banner.hide()
    session.failed.connect(said.append)
    for name in ("Curves", "Step", "Weights", "Digits", "Lab", "Compare"):  # nothing there breaks, nor nags
        window.inspect.show_page(name)
        session.playback.seek(session.playback.step + 1)
        qtbot.waitUntil(lambda: not session.lanes.running("moment") and not session.turns.due, timeout=LONG)
    session.playback.seek(3)
    assert not said

    other = write_digits(tmp_path / "other", seed=5)
    choose = "landscape.gui.commands.files.QFileDialog.getExistingDirectory"
    monkeypatch.setattr(choose, lambda *_: str(other))
    window.files.open_data_folder()
    qtbot.waitUntil(lambda: bool(said), timeout=LONG)
    assert "not those that this run learnt from" in said[0]
    assert session.surface is None
    monkeypatch.setattr(choose, lambda *_: str(moved))
    window.files.open_data_folder()
    qtbot.waitUntil(lambda: not run.missing, timeout=LONG)
    settled(qtbot, window)
    assert session.run is run
    assert session.playback.step == 3
    assert window.map.surface.heights is not None and window.map.surface.bar.isVisible()
    assert not window.banner.isVisible()
    assert str(moved) in window.status.left.text()

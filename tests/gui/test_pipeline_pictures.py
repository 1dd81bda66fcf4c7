"""The window that shows digits after each stage of preprocessing."""

import numpy as np
import pytest
from PyQt6.QtGui import QImage

from landscape.export.origin import read_setup
from landscape.gui.setup.pipeline_pictures import PipelinePictures
from landscape.run.setup import Setup
from tests.gui.conftest import LONG


@pytest.fixture
def opened(qtbot, window):
    """Opened by the button of the setup, on PCA to 40 and whitening."""
    pipeline = window.setup_panel.pipeline
    pipeline.choose_components(40)
    pipeline.boxes["whiten"].click()
    pipeline.look.click()
    dialog = window.findChild(PipelinePictures)
    qtbot.waitUntil(lambda: dialog._stages is not None, timeout=LONG)
    return dialog


def test_rows_for_every_stage_and_the_share_that_is_kept(window, opened):
    labels = [look.label for look in opened.view._looks]
    assert labels == ["as written", "scale to 0 … 1", "principal components", "PCA to 40", "back to pixels", "whiten"]
    np.testing.assert_array_equal(opened.view._looks[0].pictures, window.session.run.digits.validation.pictures[:8])
    kept = opened._stages.kept(40)
    assert f"{kept:.1%}" in opened.words.text() and 0.7 < kept < 0.9
    assert opened.view.width() > 100 and not opened.grab().isNull()


def test_another_k_is_tried_out_and_taken(window, opened):
    before = opened.view._looks[4].pictures
    opened.slider.setValue(300)
    assert "k = 300" in opened.words.text()
    truth = opened.view._looks[0].pictures
    assert np.square(opened.view._looks[4].pictures - truth).mean() < np.square(before - truth).mean()
    opened.take.click()
    assert window.setup_panel.setup.data.preprocess == ("scale", "pca:300", "whiten")
    assert window.setup_panel.setup.network.sizes[0] == 300 and not opened.take.isEnabled()


def test_the_rows_are_saved_as_a_picture(qtbot, window, opened, tmp_path):
    opened.save(str(tmp_path / "stages.png"))
    assert QImage(str(tmp_path / "stages.png")).width() == 3 * opened.view.width()
    opened.slider.setValue(77)
    opened.save(str(tmp_path / "stages.png"))
    setup = Setup.from_toml(read_setup(tmp_path / "stages.png"))
    assert setup.data.preprocess == ("scale", "pca:77", "whiten") and setup.network.sizes[0] == 77
    opened.save(str(tmp_path / "missing" / "stages.png"))
    assert "can't be written" in window.banner.text.text()
    opened.close()


def test_without_pca_it_says_how_to_see_it(qtbot, window):
    window.setup_panel.pipeline.look.click()
    dialog = window.findChild(PipelinePictures)
    qtbot.waitUntil(lambda: dialog._stages is not None, timeout=LONG)
    assert [look.label for look in dialog.view._looks] == ["as written", "scale to 0 … 1"]
    assert "Tick “PCA”" in dialog.words.text() and not dialog.slider.isVisible()

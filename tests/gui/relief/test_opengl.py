"""Where 3D can't be drawn, the answer is a sentence and never a crash."""

import pytest
from PyQt6.QtWidgets import QApplication

from landscape.gui.relief import opengl
from landscape.gui.relief.opengl import OffscreenContext, OpenGLError, why_no_opengl


@pytest.fixture(autouse=True)
def _asked_anew(qapp, monkeypatch):
    monkeypatch.setattr(opengl, "_answer", None)


def test_it_can_be_switched_off(monkeypatch):
    monkeypatch.setenv("LANDSCAPE_OPENGL", "0")
    assert "switched off" in why_no_opengl() and "LANDSCAPE_OPENGL" in why_no_opengl()
    with pytest.raises(OpenGLError, match="switched off"):
        OffscreenContext()


def test_the_answer_is_remembered(monkeypatch):
    asked = []
    monkeypatch.setattr(opengl, "_try", lambda: asked.append(1) or "no reason")
    assert why_no_opengl() == why_no_opengl() == "no reason"
    assert len(asked) == 1


def test_a_screen_without_opengl_says_so():
    if QApplication.platformName() != "offscreen":
        pytest.skip("this screen may well have OpenGL")
    assert "no OpenGL" in why_no_opengl()


def test_too_old_a_driver_is_named(monkeypatch):
    if why_no_opengl():
        pytest.skip(f"no OpenGL here: {why_no_opengl()}")
    monkeypatch.setattr(opengl, "VERSION", (99, 0))
    with pytest.raises(OpenGLError, match=r"needs OpenGL 99\.0"):
        OffscreenContext()

"""How the program begins: the window without the command line, the command line without the window."""

import subprocess
import sys
import types

import pytest

from landscape import __main__ as program


@pytest.fixture
def window(monkeypatch):
    """Stands for the window: the arguments it was opened with."""
    calls = []
    module = types.ModuleType("landscape.gui.app")
    module.main = lambda argv, files: calls.append(files) or 0
    monkeypatch.setitem(sys.modules, "landscape.gui.app", module)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("LANDSCAPE_DATA", raising=False)
    return calls


@pytest.mark.parametrize(
    ("arguments", "wish"),
    [
        ([], ([], None)),
        (["run.landscape"], (["run.landscape"], None)),
        (["--data", "folder"], ([], "folder")),
        (["--data=folder", "a.toml"], (["a.toml"], "folder")),
        (["demo", "--out", "x"], None),
        (["train", "a.toml"], None),
        (["--help"], None),
        (["a.landscape", "b.landscape"], (["a.landscape", "b.landscape"], None)),
        (["--data"], None),
        (["bogus"], None),
    ],
)
def test_what_the_arguments_ask_for(arguments, wish):
    assert program.window_wish(arguments) == wish


def test_the_commands_are_those_of_the_command_line():
    from landscape.cli.commands import app

    assert {command.name or command.callback.__name__ for command in app.registered_commands} == set(program.COMMANDS)


def test_the_window_opens_a_run_with_the_digits_of_a_folder(window, run_file, monkeypatch):
    import os

    monkeypatch.setenv("LANDSCAPE_DATA", "")
    assert program.main([str(run_file), "--data", "folder"]) == 0
    assert window == [[str(run_file)]]
    assert os.environ["LANDSCAPE_DATA"] == "folder"


def test_a_file_that_is_not_there_opens_no_window(window, capsys):
    assert program.main(["absent.landscape"]) == 2
    assert capsys.readouterr().err == "landscape: absent.landscape does not exist\n"
    assert window == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_the_way_without_a_window_is_named(window, monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert program.main([]) == 2
    assert "landscape demo --out DIR" in capsys.readouterr().err
    assert window == []


def test_libraries_that_qt_lacks_are_named(monkeypatch, capsys):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == "landscape.gui.app":
                raise ImportError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delitem(sys.modules, "landscape.gui.app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    assert program.main([]) == 2
    assert "apt-get install libegl1" in capsys.readouterr().err


def fresh(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip().splitlines()[-1]


def test_the_window_is_not_kept_waiting_for_the_command_line():
    code = (
        "import sys, types; app = types.ModuleType('landscape.gui.app'); app.main = lambda argv, files: 0;"
        "sys.modules['landscape.gui.app'] = app; import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen';"
        "from landscape.__main__ import main; main([]);"
        "print([name for name in ('typer', 'rich', 'numpy', 'pydantic') if name in sys.modules])"
    )
    assert fresh(code) == "[]"


def test_the_command_line_loads_no_qt():
    code = (
        "import sys; from landscape.__main__ import main; code = main(['presets']);"
        "print(code, [name for name in ('PyQt6', 'pyqtgraph', 'matplotlib') if name in sys.modules])"
    )
    assert fresh(code) == "0 []"

"""What the tests of the commands share: an empty folder with a small setup in it, and a way to give a command."""

import pytest

from landscape.cli.commands import run_command

SMALL = """
[data]
classes = [3, 7]
examples = 100
[network]
sizes = [784, 4, 2]
[descent]
batch_size = 20
epochs = 0.5
learning_rate = 0.2
"""


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LANDSCAPE_DATA", raising=False)
    (tmp_path / "small.toml").write_text(SMALL)


@pytest.fixture
def answer(capsys):
    """answer(words...) -> exit code, stdout, stderr."""

    def run(*words):
        code = run_command([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run

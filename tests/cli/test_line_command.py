"""The command about a line, run in this process."""

import json

import pytest

from landscape.cli.commands import run_command


def test_a_line_is_told_drawn_and_listed(run_file, small_run, tmp_path, capsys):
    picture, table = tmp_path / "line.svg", tmp_path / "line.csv"
    words = ["line", str(run_file), "--from", "start:0", "--to", "end:1", "--points", "13", "--json"]
    assert run_command([*words, "--picture", str(picture), "--table", str(table)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert len(figures["t"]) == 13 and picture.stat().st_size and table.stat().st_size
    at = figures["t"].index(1.0)
    assert figures["validation"]["loss"][at] == pytest.approx(small_run.figure("validation_loss")[-1, 1], rel=1e-4)
    assert figures["training"]["barrier"] >= 0


def test_a_place_that_is_not_there_is_one_line(run_file, capsys):
    assert run_command(["line", str(run_file), "--to", "end:77"]) == 2
    assert "end:77" in capsys.readouterr().err

import json

from landscape.cli.commands import run_command


def test_a_step_is_written_by_hand(run_file, tmp_path, capsys):
    page = tmp_path / "step.html"
    assert run_command(["by-hand", str(run_file), "--out", str(page), "--update", "5", "--start", "2", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["update"], answer["start"], answer["page"]) == (5, 2, str(page))
    assert "Update 5 of" in page.read_text(encoding="utf-8")
    assert (tmp_path / "step.csv").read_text(encoding="utf-8").startswith("quantity,name,layer,")


def test_an_update_that_does_not_exist_is_one_line_and_exit_code_2(run_file, tmp_path, capsys):
    assert run_command(["by-hand", str(run_file), "--out", str(tmp_path / "step.html"), "--update", "0"]) == 2
    assert "update 0 does not exist" in capsys.readouterr().err

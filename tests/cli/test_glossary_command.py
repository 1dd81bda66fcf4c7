"""Words and symbols explained at the terminal."""

import json

from landscape.cli.commands import run_command
from landscape.glossary import glossary


def test_a_term_is_explained_in_plain_text(capsys):
    assert run_command(["glossary", "learning", "rate"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Rate η\n") and "Δθ = −η · g" in said


def test_all_terms_are_listed(capsys):
    assert run_command(["glossary", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["terms"]) == len(glossary())


def test_an_unknown_term_is_one_line_and_exit_code_2(capsys):
    assert run_command(["glossary", "xyzzy"]) == 2
    assert "does not know 'xyzzy'" in capsys.readouterr().err

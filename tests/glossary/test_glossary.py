"""The glossary: complete, found by any of its words, and readable in the window and at a terminal."""

import re
from html.parser import HTMLParser

import pytest

from landscape.errors import SetupError
from landscape.glossary import as_html, as_text, glossary, mentioned, of_setting, searched, term_named
from landscape.glossary.page import plain
from landscape.run import Setup

NAMES = [term.name for term in glossary()]


def settings():
    return [
        f"{section}.{field}" for section, info in Setup.model_fields.items() for field in info.annotation.model_fields
    ]


@pytest.mark.parametrize("name", settings())
def test_every_setting_belongs_to_a_term(name):
    assert of_setting(name) is not None


def test_every_setting_that_a_term_names_exists():
    named = {name for term in glossary() for name in term.settings}
    assert named == set(settings())


def test_terms_have_one_name_each_and_refer_to_terms():
    assert len(set(NAMES)) == len(NAMES)
    for term in glossary():
        assert set(term.see) <= set(NAMES) - {term.name}
        assert term.sentence.endswith(".") or term.sentence[-1].isalnum()


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("term", glossary(), ids=lambda term: term.name)
def test_formulae_are_whole_html_and_become_plain_text(term):
    tags = Tags()
    tags.feed("".join(term.formulae) + term.more)
    assert not tags.open and tags.seen <= {"sub", "sup", "b", "i"}
    assert not re.search(r"</?\w", plain("".join(term.formulae)))
    assert term.name in as_html(term) and term.sentence in as_html(term)
    assert term.name == as_text(term)[0]


def test_what_stands_low_or_high_is_written_so_in_plain_text():
    assert plain("θ<sub>t+1</sub> = θ<sub>t</sub> − η g<sup>2</sup>") == "θₜ₊₁ = θₜ − η g²"
    assert plain("e<sup>z<sub>k</sub></sup>") == "e^{zₖ}"


@pytest.mark.parametrize(
    "word, name",
    [
        ("η", "Rate η"),
        ("learning rate", "Rate η"),
        ("COVERAGE", "Coverage"),
        ("b", "Plane"),
        ("L2", "Regularisation λ"),
    ],
)
def test_a_term_is_found_by_any_of_its_words(word, name):
    assert term_named(word).name == name


def test_an_unknown_word_is_answered_with_the_nearest():
    with pytest.raises(SetupError, match="did you mean Momentum"):
        term_named("kept, so that steps")
    with pytest.raises(SetupError, match="lists all"):
        term_named("qqq")


def test_searching_puts_what_is_called_so_first():
    assert searched("adam")[0].name == "Adam"
    assert "Adam" in [term.name for term in searched("momentum RMSprop")]
    assert len(searched("")) == len(NAMES)
    assert searched("zzz") == []


def test_a_tooltip_is_traced_to_the_first_word_it_names():
    assert mentioned(["Step: gradient steps taken. Epoch: passes over the training set."]).name == "Step"
    assert mentioned(["", "Speed of playing; 1× shows a whole run in 8 seconds"]).name == "Frame"
    assert mentioned(["Learning rate of every step"]).name == "Rate η"
    assert mentioned(["nothing known in here"]) is None


def test_no_sign_of_a_formula_is_taken_for_a_tag_and_lost():
    for term in glossary():
        for text in (term.sentence, *term.formulae, term.more):
            assert not re.search(r"<(?!/?(?:sub|sup|b|i)>)", text), (term.name, text)
    assert "η < 2 / κ" in "\n".join(as_text(term_named("Rate η")))

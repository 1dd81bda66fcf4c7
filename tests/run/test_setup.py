import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.errors import SetupError
from landscape.run import Setup, explore
from landscape.run.preset import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_presets_survive_toml(name):
    setup = PRESETS[name].setup
    assert Setup.from_toml(setup.to_toml()) == setup


@given(
    rate=st.floats(1e-12, 1e9),
    epochs=st.floats(1e-3, 1e4),
    seed=st.integers(0, 2**31 - 1),
    hidden=st.lists(st.integers(1, 4096), max_size=4),
    source=st.text(min_size=1),
)
def test_any_setup_survives_toml_to_the_last_digit(rate, epochs, seed, hidden, source):
    setup = Setup().changed(
        descent={"learning_rate": rate, "epochs": epochs, "seed": seed},
        network={"sizes": (784, *hidden, 10)},
        data={"source": source},
    )
    assert Setup.from_toml(setup.to_toml()) == setup


def test_what_is_left_out_keeps_its_default():
    setup = Setup.from_toml("[descent]\nlearning_rate = 0.5")
    assert setup == Setup().changed(descent={"learning_rate": 0.5})


@pytest.mark.parametrize(
    ("sections", "field", "words"),
    [
        ({"descent": {"learning_rate": 0}}, "descent.learning_rate", "greater than 0 (it is 0)"),
        ({"descent": {"learning_rate": -1}}, "descent.learning_rate", "(it is -1)"),
        ({"descent": {"learning_rate": float("nan")}}, "descent.learning_rate", "finite"),
        ({"descent": {"batch_size": 0}}, "descent.batch_size", "greater than or equal to 1"),
        ({"descent": {"epochs": "many"}}, "descent.epochs", "must be a number (it is 'many')"),
        ({"network": {"sizes": (784, 0, 10)}}, "network.sizes", "greater than or equal to 1"),
        ({"network": {"sizes": (784,)}}, "network.sizes", "sizes: must be at least 2 values (it is 784)"),
        (
            {"network": {"sizes": (784, 5, 5, 5, 5, 5, 10)}},
            "network.sizes",
            "must be at most 6 values (it is 784 5 5 5 5 5 10)",
        ),
        ({"network": {"sizes": (784, "a", 10)}}, "network.sizes", "must be a whole number (it is 'a')"),
        ({"network": {"sizes": 784}}, "network.sizes", "must be a list (it is 784)"),
        ({"descent": {"batch_size": 2.5}}, "descent.batch_size", "must be a whole number (it is 2.5)"),
        ({"descent": {"in_plane": "maybe"}}, "descent.in_plane", "must be true or false (it is 'maybe')"),
        ({"network": {"sizes": (783, 10)}}, "network.sizes", "784 pixels"),
        ({"network": {"sizes": (784, 9)}}, "network.sizes", "10 classes need 10 outputs, not 9"),
        ({"network": {"cost": "mnist_loss"}}, "network.cost", "one output"),
        ({"network": {"cost": "bogus"}}, "network.cost", "cross_entropy"),
        ({"network": {"seed": -1}}, "network.seed", "greater than or equal to 0"),
        ({"data": {"classes": ()}}, "data.classes", "at least two different digits"),
        ({"data": {"classes": (3, 3)}}, "data.classes", "at least two different digits"),
        ({"data": {"classes": (3, 12)}}, "data.classes", "less than or equal to 9"),
        ({"starts": {"count": 1000}}, "starts.count", "64"),
        ({"plane": {"bogus": 1}}, "plane.bogus", "no such setting"),
    ],
)
def test_each_complaint_is_one_sentence_with_its_field(sections, field, words):
    with pytest.raises(SetupError) as refused:
        Setup().changed(**sections)
    assert refused.value.field == field
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_section_that_is_none_is_said():
    with pytest.raises(SetupError, match="descent: must be a section of settings"):
        Setup(descent=3)


def test_files_that_are_no_setups_are_refused(tmp_path):
    path = tmp_path / "setup.toml"
    for content, words in ((b"[descent", "not valid TOML"), (b"\xff\xfe", "can't be read"), (b"bogus = 1", "no such")):
        path.write_bytes(content)
        with pytest.raises(SetupError, match=words):
            Setup.load(path)
    with pytest.raises(SetupError, match="can't be read: No such file"):
        Setup.load(tmp_path / "absent.toml")


def test_a_setup_is_frozen():
    with pytest.raises(ValueError, match="frozen"):
        Setup().descent.learning_rate = 3


def test_the_first_layer_takes_what_preprocessing_leaves():
    steps = ("scale", "pca:50", "whiten")
    assert Setup().changed(data={"preprocess": steps}, network={"sizes": (50, 30, 10)}).build_network().sizes[0] == 50
    with pytest.raises(SetupError, match="takes the 50 components that PCA keeps of a digit, not 784") as caught:
        Setup().changed(data={"preprocess": steps})
    assert caught.value.field == "network.sizes"
    with pytest.raises(SetupError, match="after PCA there are no pixels") as caught:
        Setup().changed(data={"preprocess": ("pca:50", "scale")})
    assert caught.value.field == "data.preprocess"


def test_a_run_on_principal_components_descends():
    setup = Setup().changed(
        data={"preprocess": ("scale", "pca:30"), "examples": 400, "classes": (3, 7)},
        network={"sizes": (30, 8, 2)},
        descent={"epochs": 2, "batch_size": 50},
    )
    assert Setup.from_toml(setup.to_toml()) == setup
    run = explore(setup)
    try:
        assert run.digits.n_in == 30 and run.figure("validation_accuracy")[-1].max() > 0.9
    finally:
        run.close()

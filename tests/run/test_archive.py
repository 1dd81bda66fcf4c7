import json
import zipfile

import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.run import Run


@pytest.fixture
def rewritten(run_file, tmp_path):
    """rewritten(members) -> a copy of the run file in which these members have other bytes (None: left out)."""

    def rewrite(members, compression=zipfile.ZIP_STORED):
        path = tmp_path / "rewritten.landscape"
        with zipfile.ZipFile(run_file) as source, zipfile.ZipFile(path, "w", compression) as target:
            for name in {**dict.fromkeys(source.namelist()), **members}:
                content = members[name] if name in members else source.read(name)
                if content is not None:
                    target.writestr(name, content)
        return path

    return rewrite


def manifest_of(run_file):
    with zipfile.ZipFile(run_file) as archive:
        return json.loads(archive.read("manifest.json"))


def npy(array, tmp_path):
    np.save(tmp_path / "x.npy", array)
    return (tmp_path / "x.npy").read_bytes()


def test_a_run_survives_saving(small_run, run_file):
    again = Run.load(run_file)
    np.testing.assert_array_equal(again.thetas, small_run.thetas)
    np.testing.assert_array_equal(again.batch_losses, small_run.batch_losses)
    for name in ("loss", "accuracy", "step", "epoch"):
        np.testing.assert_array_equal(again.figure(name), small_run.figure(name))
    assert (again.setup, again.starts, again.stops) == (small_run.setup, small_run.starts, small_run.stops)
    np.testing.assert_array_equal(again.plane.u, small_run.plane.u)
    assert again.plane.labels == small_run.plane.labels
    np.testing.assert_array_equal(again.state_at(3).thetas, small_run.state_at(3).thetas)


def test_the_ending_is_added_and_nothing_else_is_left_behind(small_run, tmp_path):
    path = small_run.save(tmp_path / "name")
    assert path.name == "name.landscape"
    assert [entry.name for entry in tmp_path.iterdir()] == ["name.landscape"]


def test_an_unwritable_place_is_said_and_what_was_there_stays(small_run, tmp_path):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(RecordError, match=r"can't be written.*another folder"):
        small_run.save(tmp_path / "file" / "run.landscape")
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.99, -1])
def test_a_truncated_file_is_refused(run_file, tmp_path, keep):
    content = run_file.read_bytes()
    path = tmp_path / "cut.landscape"
    path.write_bytes(content[: int(keep * len(content)) if isinstance(keep, float) else keep])
    with pytest.raises(RecordError, match="cut off"):
        Run.load(path)


def test_a_damaged_file_is_refused(run_file, tmp_path):
    content = bytearray(run_file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path = tmp_path / "damaged.landscape"
    path.write_bytes(content)
    with pytest.raises(RecordError, match="CRC"):
        Run.load(path)


def test_a_newer_version_is_named(run_file, rewritten):
    path = rewritten({"manifest.json": json.dumps(manifest_of(run_file) | {"format": 99})})
    with pytest.raises(RecordError, match=r"newer version \(file format 99"):
        Run.load(path)


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"format": 1}',
        b'{"format": 1, "starts": [], "stops": [], "stride": 1, "engine": "fast"}',
        b'{"format": 1, "starts": [1], "stops": [null], "stride": 1, "engine": "fast"}',
        b'{"format": 1, "starts": 5, "stops": 5, "stride": 1, "engine": "fast"}',
        b'{"format": 1, "starts": [{}], "stops": [null], "stride": "x", "engine": "fast"}',
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(rewritten, manifest):
    with pytest.raises(RecordError):
        Run.load(rewritten({"manifest.json": manifest}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stops", [5] * 5),
        ("plane", []),
        ("plane", {"labels": ["one"]}),
        ("about", 5),
        ("stride", 0),
        ("stride", 1e400),
        ("engine", None),
        ("starts", [{"name": "a", "kind": "b", "seed": "c"}] * 5),
    ],
)
def test_manifest_fields_that_make_no_sense_are_refused(run_file, rewritten, field, value):
    with pytest.raises(RecordError):
        Run.load(rewritten({"manifest.json": json.dumps(manifest_of(run_file) | {field: value})}))


@pytest.mark.parametrize("setup", [b"[network", b"[network]\nsizes = [784, 9, 2]", b"[bogus]", b"\xff"])
def test_a_setup_that_does_not_fit_is_refused(rewritten, setup):
    with pytest.raises(RecordError):
        Run.load(rewritten({"setup.toml": setup}))


@pytest.mark.parametrize("name", ["thetas", "states", "loss", "accuracy", "step", "batch_losses", "plane"])
def test_an_array_of_another_shape_or_kind_is_refused(rewritten, tmp_path, name):
    bad = [
        npy(np.zeros((5, 3, 2)), tmp_path),
        npy(np.zeros(()), tmp_path),
        npy(np.array([["text"] * 5] * 3), tmp_path),
        b"not an array",
        b"",
    ]
    for content in bad:
        with pytest.raises(RecordError):
            Run.load(rewritten({f"{name}.npy": content}))


def test_a_pickle_in_place_of_an_array_is_never_loaded(rewritten, tmp_path):
    marker = tmp_path / "executed"

    class Hostile:
        def __reduce__(self):
            return (open, (str(marker), "w"))

    np.save(tmp_path / "hostile.npy", np.array([Hostile()]), allow_pickle=True)
    content = (tmp_path / "hostile.npy").read_bytes()
    for name in ("plane.npy", "loss.npy", "thetas.npy"):
        with pytest.raises(RecordError):
            Run.load(rewritten({name: content}))
    assert not marker.exists()


def test_a_missing_member_is_named(rewritten):
    with pytest.raises(RecordError, match=r"it has no loss\.npy"):
        Run.load(rewritten({"loss.npy": None}))


def test_a_bomb_is_refused_before_it_is_unpacked(rewritten, monkeypatch):
    path = rewritten({"loss.npy": bytes(20_000_000)}, zipfile.ZIP_DEFLATED)
    monkeypatch.setattr("landscape.run.archive.MOST_BYTES", 10_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(RecordError, match="would unpack to"):
        Run.load(path)


def test_names_that_lead_elsewhere_are_never_written(rewritten, tmp_path):
    names = ("../escaped.npy", str(tmp_path / "escaped.npy"), "folder/../../escaped.npy")
    run = Run.load(rewritten(dict.fromkeys(names, b"x")))
    assert not (run.folder.parent / "escaped.npy").exists()
    assert not (tmp_path / "escaped.npy").exists()
    assert {path.name for path in run.folder.iterdir()}.isdisjoint({"escaped.npy"})


def test_what_is_no_run_is_refused(tmp_path):
    (tmp_path / "text.landscape").write_text("hello")
    (tmp_path / "folder").mkdir()
    for name, words in (("text.landscape", "not a whole run file"), ("folder", "can't be read"), ("absent", "No such")):
        with pytest.raises(RecordError, match=words):
            Run.load(tmp_path / name)

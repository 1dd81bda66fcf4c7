import json
import zipfile

import numpy as np
import pytest

from landscape.errors import RecordError, SetupError
from landscape.plane import Plane
from landscape.run import Run
from landscape.run.choice import PLANES
from landscape.run.kept_plane import MOST_PLANES, KeptPlane, forget_plane, keep_plane, kept_planes
from landscape.run.portrait import portray


@pytest.fixture
def run(run_file):
    run = Run.load(run_file)
    yield run
    run.close()


def a_plane(run, seed=0, dtype=np.float32):
    return Plane(
        *np.random.default_rng(seed).normal(size=(3, run.net.P)).astype(dtype), "turned", ("a", "b"), {"f": 0.5}
    )


def test_kept_planes_come_back_exactly_with_the_run(run, tmp_path):
    keep_plane(run, KeptPlane("by hand", a_plane(run), "filter", 7, 2, ((-1.0, 2.0), (0.0, 0.5))))
    keep_plane(run, KeptPlane("double", a_plane(run, 1, np.float64)))
    again = Run.load(run.save(tmp_path / "kept.landscape"))
    first, second = kept_planes(again)
    for kept, plane in ((first, a_plane(run)), (second, a_plane(run, 1, np.float64))):
        for name in ("origin", "u", "v"):
            np.testing.assert_array_equal(getattr(kept.plane, name), getattr(plane, name))
            assert getattr(kept.plane, name).dtype == plane.origin.dtype
        assert (kept.plane.kind, kept.plane.labels, kept.plane.facts) == ("turned", ("a", "b"), {"f": 0.5})
    assert (first.name, first.choice, first.seed, first.start) == ("by hand", "filter", 7, 2)
    assert first.extent == ((-1.0, 2.0), (0.0, 0.5))
    assert second.extent is None
    portrait = portray(again, "kept:double")
    np.testing.assert_array_equal(portrait.plane.u, second.plane.u)
    assert portrait.words == "kept plane “double”"
    again.close()


@pytest.mark.parametrize("choice", PLANES)
def test_every_plane_is_kept_by_its_seed_and_its_vectors(run, tmp_path, choice):
    portrait = portray(run, choice, start=1, seed=5)
    keep_plane(run, KeptPlane("mine", portrait.plane, choice, 5, 1))
    again = Run.load(run.save(tmp_path / "kept.landscape"))
    (kept,) = kept_planes(again)
    assert (kept.choice, kept.seed, kept.start) == (choice, 5, 1)
    for name in ("origin", "u", "v"):
        np.testing.assert_array_equal(getattr(kept.plane, name), getattr(portrait.plane, name))
    by_vectors, by_seed = portray(again, "kept:mine"), portray(again, kept.choice, kept.start, kept.seed)
    for found in (by_vectors, by_seed):
        np.testing.assert_allclose(found.coordinates, portrait.coordinates, rtol=1e-4, atol=1e-5)
    again.close()


def test_a_name_is_kept_once_and_forgotten_when_asked(run):
    keep_plane(run, KeptPlane("one", a_plane(run)))
    keep_plane(run, KeptPlane("two", a_plane(run, 1)))
    keep_plane(run, KeptPlane("one", a_plane(run, 2)))
    kept = kept_planes(run)
    assert [each.name for each in kept] == ["two", "one"]
    np.testing.assert_array_equal(kept[1].plane.u, a_plane(run, 2).u)
    forget_plane(run, "two")
    assert [each.name for each in kept_planes(run)] == ["one"]
    with pytest.raises(SetupError, match="no plane named 'two'"):
        forget_plane(run, "two")


def test_what_can_not_be_kept(run):
    for name in ("", "  ", "x" * 500, "a\nb"):
        with pytest.raises(SetupError, match="name"):
            KeptPlane(name, a_plane(run))
    with pytest.raises(SetupError, match="parameters"):
        keep_plane(run, KeptPlane("small", Plane(np.zeros(3), [1, 0, 0], [0, 1, 0])))
    for number in range(MOST_PLANES):
        keep_plane(run, KeptPlane(str(number), a_plane(run)))
    with pytest.raises(SetupError, match="forget one"):
        keep_plane(run, KeptPlane("one too many", a_plane(run)))


def test_a_program_cut_off_while_keeping_leaves_the_old_planes(run, monkeypatch):
    keep_plane(run, KeptPlane("one", a_plane(run)))

    def cut_off(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("landscape.run.kept_plane._write_list", cut_off)
    with pytest.raises(KeyboardInterrupt):
        keep_plane(run, KeptPlane("one", a_plane(run, 1)))
    (kept,) = kept_planes(run)
    np.testing.assert_array_equal(kept.plane.u, a_plane(run).u)


RECORD = {
    "name": "one", "slot": 0, "kind": "turned", "labels": ["a", "b"], "facts": {"f": 0.5},
    "choice": "filter", "seed": 7, "start": 2, "extent": [[-1, 2], [0, 0.5]],
}  # fmt: skip


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (b"", "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b" " * 2_000_000, "longer than 1 MiB"),
        ([], "damaged"),
        ({"planes": []}, "damaged"),
        ({"format": 2, "planes": []}, "newer version"),
        ({"format": 1, "planes": 5}, "damaged"),
        ({"format": 1, "planes": [5]}, "damaged"),
        ({"format": 1, "planes": [RECORD] * 2}, "same name"),
        ({"format": 1, "planes": [RECORD] * 33}, "32 at most"),
        *[
            ({"format": 1, "planes": [RECORD | {name: value}]}, "damaged")
            for name, value in (
                ("slot", -1), ("slot", 99), ("slot", "../x"), ("slot", True), ("seed", 1.5), ("seed", None),
                ("start", -3), ("name", ""), ("name", 5), ("labels", ["a"]), ("labels", "abc"), ("labels", [1, 2]),
                ("labels", ["a" * 300, "b"]), ("facts", []), ("facts", {"x": []}), ("kind", None), ("choice", {}),
                ("extent", [[1, 1], [0, 1]]), ("extent", [1, 2]), ("extent", "wide"), ("extent", [[0, 1e999], [0, 1]]),
            )
        ],
        *[({"format": 1, "planes": [{k: v for k, v in RECORD.items() if k != name}]}, "damaged") for name in RECORD],
    ],
)  # fmt: skip
def test_a_hostile_list_is_refused_in_words(run, tmp_path, listed, words):
    keep_plane(run, KeptPlane("one", a_plane(run)))
    (run.folder / "planes.json").write_bytes(listed if isinstance(listed, bytes) else json.dumps(listed).encode())
    with pytest.raises(RecordError, match=words) as refused:
        Run.load(run.save(tmp_path / "hostile.landscape"))
    assert "hostile.landscape" in str(refused.value)


def test_a_hostile_array_is_refused_in_words(run, tmp_path):
    keep_plane(run, KeptPlane("one", a_plane(run)))
    path = run.folder / "kept_plane_00.npy"
    whole, P = path.read_bytes(), run.net.P
    arrays = [
        np.zeros((3, P - 1), np.float32), np.zeros((3, P), np.int32), np.full((3, P), np.nan), np.zeros((3, P)),
        np.array([["text"]]), np.zeros(()),
    ]  # fmt: skip
    contents = [b"", b"not an array", whole[:-1], whole[:100], whole.replace(b"(3, ", b"(9, ")]
    for array in arrays:
        np.save(path, array)
        contents.append(path.read_bytes())
    np.save(path, np.array([print], object), allow_pickle=True)
    contents.append(path.read_bytes())
    for content in contents:
        path.write_bytes(content)
        with pytest.raises(RecordError, match="damaged") as refused:
            Run.load(run.save(tmp_path / "hostile.landscape"))
        assert "pickle" not in str(refused.value)
    path.unlink()
    with pytest.raises(RecordError, match="can't be read"):
        Run.load(run.save(tmp_path / "hostile.landscape"))


def test_members_of_other_names_are_left_in_the_file(run_file, tmp_path):
    path = tmp_path / "more.landscape"
    path.write_bytes(run_file.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../escaped.npy", b"x")
        archive.writestr("kept_plane_99.npy", b"x")
    run = Run.load(path)
    assert not (run.folder / "kept_plane_99.npy").exists()
    assert not (run.folder.parent / "escaped.npy").exists()
    run.close()

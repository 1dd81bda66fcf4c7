import csv
import json
from itertools import pairwise

import numpy as np
import pytest

from landscape.errors import RecordError, SetupError
from landscape.export import table as table_room
from landscape.export.csv_table import ABOUT
from landscape.export.table import COLUMNS, tabulating
from landscape.run import Setup


def test_the_table_tells_the_portrait_and_the_record(small, tmp_path):
    run, portrait = small.run, small.portrait
    events = list(tabulating(run, portrait, tmp_path / "t.csv", tmp_path / "t.npz"))
    assert events[-1].done == 1.0 and all(one.done < other.done for one, other in pairwise(events))
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == (*COLUMNS, *ABOUT) and len(rows) == run.frames * run.K
    X, y = run.measured()
    for frame, start in ((0, 0), (3, 4), (run.frames - 1, 2)):
        row = rows[frame * run.K + start]
        a, b = portrait.coordinates[frame, start]
        assert (float(row["a"]), float(row["b"])) == (a, b)
        assert row["start"] == run.starts[start].name and int(row["step"]) == run.steps[frame]
        assert float(row["off_plane"]) == portrait.off_plane[frame, start]
        assert float(row["coverage"]) == portrait.coverage[start]
        assert float(row["loss_true"]) == run.figure("loss")[frame, start]
        expected = float(run.net.loss(portrait.plane.point(a, b), X, y))
        assert float(row["loss_on_plane"]) == pytest.approx(expected, rel=1e-6)
    best = [row for row in rows if row["is_best"] == "True"]
    assert len(best) == 1
    assert float(best[0]["loss_true"]) == run.best.loss and int(best[0]["step"]) == run.best.step
    assert rows[0]["gradient_norm"] == ""  # nothing was taken yet
    assert len({row["run"] for row in rows}) == 1


def test_npz_holds_the_same_columns_and_the_setup(small, tmp_path):
    *_, last = tabulating(small.run, small.portrait, tmp_path / "t.npz")
    with np.load(tmp_path / "t.npz", allow_pickle=False) as file:
        for name in COLUMNS:
            np.testing.assert_array_equal(file[name], last.columns[name])
        assert Setup.from_toml(str(file["setup"])) == small.run.setup
        np.testing.assert_array_equal(file["u"], small.portrait.plane.u)
        np.testing.assert_array_equal(file["best_theta"], small.run.best.theta)


def test_json_and_parquet_hold_the_same_columns_and_the_setup(small, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    *_, last = tabulating(small.run, small.portrait, tmp_path / "t.json", tmp_path / "t.parquet")
    document = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    table = parquet.read_table(tmp_path / "t.parquet")
    assert tuple(document["columns"]) == tuple(table.column_names) == COLUMNS
    for name in COLUMNS:
        values = last.columns[name]
        plain = [None if value != value else value for value in values.tolist()]
        assert document["columns"][name] == plain
        np.testing.assert_array_equal(np.array(table[name].to_pylist()), np.array(values.tolist()))
    for text in (document["setup"], table.schema.metadata[b"landscape-setup"].decode()):
        assert Setup.from_toml(text) == small.run.setup


def test_parquet_without_its_package_names_the_remedy(small, tmp_path, monkeypatch):
    monkeypatch.setattr(table_room, "find_spec", lambda name: None)
    with pytest.raises(RecordError, match=r"landscape\[tables\]"):
        tabulating(small.run, small.portrait, tmp_path / "t.parquet")


def test_a_closed_table_leaves_nothing(small, tmp_path):
    work = tabulating(small.run, small.portrait, tmp_path / "t.csv")
    next(work)
    work.close()
    assert not list(tmp_path.iterdir())


def test_wrong_places_are_refused_at_once(small, tmp_path, no_folder):
    with pytest.raises(RecordError, match=r"\.csv or \.npz"):
        tabulating(small.run, small.portrait, tmp_path / "t.xls")
    with pytest.raises(RecordError, match="can't be written"):
        tabulating(small.run, small.portrait, no_folder / "t.csv")


def test_the_portrait_of_a_longer_run_is_refused(small, only_starts, tmp_path):
    with pytest.raises(SetupError, match="another run"):
        tabulating(only_starts.run, small.portrait, tmp_path / "t.csv")

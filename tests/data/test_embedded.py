from pathlib import Path

import pytest

from landscape.data import embedded
from landscape.errors import DataError


def test_the_shipped_file_is_found_and_small() -> None:
    assert embedded.asset("mnist_5k.npz").stat().st_size < 1_000_000


def test_in_an_installed_package_assets_are_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "landscape" / "data" / "embedded.py"
    inside = tmp_path / "landscape" / "assets" / "mnist_5k.npz"
    inside.parent.mkdir(parents=True)
    inside.touch()
    monkeypatch.setattr(embedded, "__file__", str(module))
    assert embedded.asset("mnist_5k.npz") == inside
    with pytest.raises(DataError, match=r"other\.npz.*install Landscape again"):
        embedded.asset("other.npz")


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 and no more"])
def test_a_damaged_asset_is_a_data_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    path = tmp_path / "mnist_5k.npz"
    path.write_bytes(content)
    monkeypatch.setattr(embedded, "asset", lambda name: path)
    with pytest.raises(DataError, match="damaged"):
        embedded.read_embedded()

"""Every kind of file that a run gives is opened by a reader that is not ours, and says what made it: setup, seeds, version."""

import io
import json
import re
import subprocess
import tomllib
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import h5py
import imageio_ffmpeg
import meshio
import numpy as np
import pandas
import pypdf
import pytest
import safetensors
import trimesh
from PIL import Image
from pyarrow import parquet
from vtkio.reader import read_vtkxml_data

from landscape._version import __version__
from landscape.export.bundle import FILES, MORE, exporting
from landscape.export.mesh import relief
from landscape.export.provenance import Provenance
from landscape.export.table import COLUMNS
from landscape.run import Setup

WIDE, TALL = 200, 150  # pixels of a small frame
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture
def exported(small, tmp_path):
    """exported(name, ...): these files of the small run, in one folder."""

    def export(*names):
        for _ in exporting(*small.parts, tmp_path, names=names):
            pass
        return [tmp_path / name for name in names]

    return export


def ffmpeg(*words):
    """What ffmpeg writes to its standard output."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *map(str, words)]
    return subprocess.run(command, capture_output=True, check=True).stdout


def film_frames(path):
    """All frames of a film as ffmpeg decodes them, made small and grey, (n, TALL, WIDE)."""
    small = ("-vf", f"scale={WIDE}:{TALL}", "-f", "rawvideo", "-pix_fmt", "gray", "-")
    frames = ffmpeg("-i", path, "-fps_mode", "passthrough", *small)
    return np.frombuffer(frames, np.uint8).reshape(-1, TALL, WIDE).astype(float)


# --- what made it, as each format's own reader finds it ----------------------------------------------------------------------


def of_png(path):
    with Image.open(path) as picture:
        return picture.text["landscape-setup"], picture.text["landscape-version"]


def of_text(text):
    version, setup = re.search(r"Landscape (\S+)\n(.*)", text, re.DOTALL).groups()
    return setup, version


def of_svg(path):
    return of_text(next(ElementTree.parse(path).iter(f"{DUBLIN_CORE}description")).text)


def of_pdf(path):
    return of_text(pypdf.PdfReader(path).metadata.subject)


def of_gif(path):
    with Image.open(path) as picture:
        return of_text(picture.info["comment"].decode())


def of_mp4(path):
    told = ffmpeg("-i", path, "-f", "ffmetadata", "-").decode()
    return of_text(re.sub(r"\\(.)", r"\1", told[told.index("comment=") :], flags=re.DOTALL).split("\nencoder=")[0])


def of_frames(folder):
    found = {of_png(path) for path in folder.iterdir()}
    assert len(found) == 1
    return found.pop()


def of_csv(path):
    first = pandas.read_csv(path).iloc[0]
    return json.loads(first.setup), first.version


def of_json(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    return document["setup"], document["version"]


def of_npz(path):
    with np.load(path, allow_pickle=False) as file:
        if "about" in file:  # a model
            about = json.loads(str(file["about"]))
            return about["setup"], about["app_version"]
        return str(file["setup"]), str(file["version"])


def of_parquet(path):
    about = parquet.read_schema(path).metadata
    return about[b"landscape-setup"].decode(), about[b"landscape-version"].decode()


def of_hdf5(path):
    with h5py.File(path) as file:
        return file.attrs["landscape-setup"], file.attrs["landscape-version"]


class _Comments(ElementTree.TreeBuilder):
    """Keeps what an XML file says in comments."""

    def comment(self, text):
        self.said = [*getattr(self, "said", ()), text.strip()]


def of_vtk(path):
    builder = _Comments()
    ElementTree.parse(path, ElementTree.XMLParser(target=builder))
    return next(of_text(comment) for comment in builder.said if comment.startswith("Landscape "))


def of_ply(path):
    header = path.read_bytes().split(b"end_header\n")[0].decode()
    return of_text("\n".join(line[8:] for line in header.splitlines() if line.startswith("comment ")))


def of_hashes(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return of_text("\n".join(line[2:] for line in lines if line.startswith("# ")))


class _Meta(HTMLParser):
    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if named.get("name") == "generator":
            self.generator = named["content"]


def of_html(path):
    page = _Meta()
    page.feed(path.read_text(encoding="utf-8"))
    return of_text(page.generator)


def of_run(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read("setup.toml").decode(), json.loads(archive.read("manifest.json"))["app_version"]


def of_safetensors(path):
    with safetensors.safe_open(path, "np") as file:
        return file.metadata()["setup"], file.metadata()["app_version"]


TELLERS = {
    ".png": of_png, ".svg": of_svg, ".pdf": of_pdf, ".gif": of_gif, ".mp4": of_mp4, "": of_frames, ".csv": of_csv,
    ".json": of_json, ".npz": of_npz, ".parquet": of_parquet, ".h5": of_hdf5, ".vtu": of_vtk, ".vtp": of_vtk,
    ".ply": of_ply, ".obj": of_hashes, ".py": of_hashes, ".html": of_html, ".landscape": of_run,
    ".safetensors": of_safetensors,
}  # fmt: skip
KINDS = {Path(name).suffix: name for name in {**MORE, **FILES}} | {".png": "weights.png", ".svg": "curves.svg"}


def test_there_is_a_teller_for_every_kind_of_file():
    assert {Path(name).suffix for name in FILES | MORE} == {*TELLERS, ".stl"}


@pytest.mark.parametrize("ending", TELLERS)
def test_every_file_tells_setup_and_version(small, exported, ending):
    names = (
        [name for name in FILES | MORE if Path(name).suffix == ending]
        if ending in (".npz", ".csv")
        else [KINDS[ending]]
    )
    paths = exported(*names)
    paths += [path.with_suffix(".npz") for path in paths if ending == ".py"]
    for path in paths:
        setup, version = TELLERS[path.suffix](path)
        told = setup if isinstance(setup, dict) else tomllib.loads(setup)
        assert told == tomllib.loads(small.run.setup.to_toml()), path  # its seeds are among it
        assert {part["seed"] for part in told.values() if "seed" in part} == {0}
        assert version == __version__


# --- pictures -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "size"),
    [("map.png", 1600), ("weights@2x.png", 3200), ("curves-print.png", 3840), ("relief-transparent.png", 3200)],
)
def test_pillow_reads_pictures_of_every_size(exported, name, size):
    (path,) = exported(name)
    with Image.open(path) as picture:
        assert picture.width == size and 0.4 * size < picture.height < size
        if name == "curves-print.png":
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=1)
        pixels = np.asarray(picture.convert("RGBA"))
    assert pixels.std(axis=(0, 1))[:3].min() > 10
    paper = pixels[:20, :20, 3]
    assert (paper == (0 if "transparent" in name else 255)).all()
    assert (pixels[..., 3] == 255).mean() > 0.1


WORDS = {
    "map": ("Cost surface", "corner", "random walk"),
    "relief": ("Cost surface", "corner", "random walk"),
    "curves": ("loss (logarithmic)", "validation digits", "epoch"),
    "weights": ("Update", "gradient", "learning rate"),
}


@pytest.mark.parametrize("kind", WORDS)
def test_text_is_text_for_readers_of_svg_and_pdf(exported, kind):
    svg, pdf = exported(f"{kind}.svg", f"{kind}.pdf")
    root = ElementTree.parse(svg).getroot()
    drawn = " ".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    reader = pypdf.PdfReader(pdf)
    assert len(reader.pages) == 1
    read = reader.pages[0].extract_text()
    for word in WORDS[kind]:
        assert word in re.sub(r"\s+", " ", drawn)
        assert word in re.sub(r"\s+", " ", read)


# --- films --------------------------------------------------------------------------------------------------------------------


def test_ffmpeg_and_pillow_read_the_same_film_in_three_formats(small, exported):
    mp4, gif, folder = exported("descent.mp4", "descent.gif", "frames")
    pictures = sorted(folder.iterdir())
    assert [path.name for path in pictures] == [f"{n:05d}.png" for n in range(1, small.run.frames + 1)]
    ends = []
    for film in (mp4, gif):
        frames = film_frames(film)
        assert len(frames) >= len(pictures)
        ends.append((frames[0], frames[len(pictures) - 1]))
    for place, picture in ((0, pictures[0]), (1, pictures[-1])):
        with Image.open(picture) as image:
            grey = image.convert("L").resize((WIDE, TALL), Image.Resampling.BICUBIC)
            expected = np.asarray(grey).astype(float)
        for end in ends:
            assert np.abs(end[place] - expected).mean() < 4
    assert np.abs(ends[0][0] - ends[0][1]).mean() > 0.2  # something moves


# --- tables -------------------------------------------------------------------------------------------------------------------


def test_pandas_reads_one_trajectory_out_of_four_formats(exported):
    csv, npz, plain, columnar = exported(*(f"trajectories{end}" for end in (".csv", ".npz", ".json", ".parquet")))
    table = pandas.read_csv(csv)
    assert tuple(table.columns[: len(COLUMNS)]) == COLUMNS
    with np.load(npz, allow_pickle=False) as file:
        arrays = pandas.DataFrame({name: file[name] for name in COLUMNS})
    others = [arrays, pandas.DataFrame(json.loads(plain.read_text())["columns"]), pandas.read_parquet(columnar)]
    for other in others:
        pandas.testing.assert_frame_equal(table[list(COLUMNS)], other, check_dtype=False)
    assert table.loss_true.min() == table[table.is_best].loss_true.item()
    ends = table.groupby("start").loss_true.last()
    assert (ends < table.groupby("start").loss_true.first()).all()


def test_pandas_and_numpy_and_h5py_read_one_surface(small, exported):
    csv, npz, stored = exported("surface.csv", "surface.npz", "surface.h5")
    table = pandas.read_csv(csv)
    grid = table.pivot(index="b", columns="a", values="loss")
    np.testing.assert_array_equal(grid.columns, small.surface.a)
    np.testing.assert_array_equal(grid.index, small.surface.b)
    assert set(table.examples) == {small.surface.examples} and table.exact.all()
    with np.load(npz, allow_pickle=False) as file, h5py.File(stored) as goldstein:
        for found in (grid.to_numpy(), file["loss"], goldstein["train_loss"][:]):
            np.testing.assert_array_equal(found, small.surface.loss)
        names = ("xcoordinates", "ycoordinates", "train_loss", "train_acc", "test_loss", "test_acc")
        assert all(goldstein[name].dtype == np.float64 for name in names)
        assert goldstein["test_acc"][:].max() <= 100


# --- meshes -------------------------------------------------------------------------------------------------------------------


def test_another_reader_of_vtk_reads_surface_and_lines(small, exported):
    vtu, vtp = exported("surface.vtu", "lines.vtp")
    surface, lines = read_vtkxml_data(vtu), read_vtkxml_data(vtp)
    np.testing.assert_allclose(surface.point_data["loss"], small.surface.loss.ravel())
    np.testing.assert_allclose(surface.points, relief(small.surface).points)
    np.testing.assert_allclose(meshio.read(vtu).points, surface.points)
    ends = lines.lines.offsets
    assert lines.lines.connectivity.shape == (ends[-1],) == (len(lines.points),)
    paths = np.flatnonzero(lines.cell_data["kind"] == 1)
    assert lines.cell_data["start"][paths].tolist() == list(range(small.run.K))
    for start, line in enumerate(paths):
        path = slice(ends[line - 1], ends[line])
        np.testing.assert_allclose(lines.point_data["loss"][path], small.run.figure("loss")[:, start], rtol=1e-6)


def test_trimesh_finds_a_body_to_print_and_sheets_with_colours(small, exported):
    stl, ply, obj = exported("surface.stl", "surface.ply", "surface.obj")
    body = trimesh.load_mesh(stl)
    assert body.is_watertight and body.is_winding_consistent and body.volume > 0
    assert body.extents[:2].max() == pytest.approx(100)
    said = stl.read_bytes()[:80].decode().rstrip()
    name = Provenance.of(small.run).run_name
    assert said == f"Landscape {__version__}, run {name}, mm, network 0 descent 0 starts 0 plane 0"
    colours = []
    for path in (ply, obj):
        sheet = trimesh.load_mesh(path, process=False)
        np.testing.assert_allclose(sheet.vertices, relief(small.surface).points, atol=1e-3)
        colours.append(sheet.visual.vertex_colors[:, :3].astype(int))
    assert np.abs(colours[0] - colours[1]).max() <= 1
    high, low = (colours[0][place] for place in (small.surface.loss.argmax(), small.surface.loss.argmin()))
    assert high[1] > low[1] + 50  # viridis: bright above, dark below


# --- models and the run -------------------------------------------------------------------------------------------------------


def test_safetensors_and_numpy_read_the_best_model(small, exported):
    tensors, arrays = exported("best.safetensors", "best.npz")
    W, b = (parts[0] for parts in small.run.net.unpack(small.run.best.theta))
    with safetensors.safe_open(tensors, "np") as file:
        np.testing.assert_array_equal(file.get_tensor("W1"), W)
        about = file.metadata()
    told = {"sizes", "activation", "cost", "preprocessing", "accuracy", "setup_hash", "app_version"}
    assert told <= set(about) and json.loads(about["sizes"]) == [784, 4, 10]
    assert float(about["accuracy"]) == pytest.approx(small.run.best.accuracy, abs=1e-4)
    with np.load(arrays, allow_pickle=False) as file:
        np.testing.assert_array_equal(file["b1"], b)


def test_numpy_and_tomllib_read_a_run(small, exported):
    (path,) = exported("run.landscape")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        thetas = np.load(io.BytesIO(archive.read("thetas.npy")), allow_pickle=False)
        setup = archive.read("setup.toml").decode()
    np.testing.assert_array_equal(thetas, small.run.thetas)
    assert Setup.from_toml(setup) == small.run.setup

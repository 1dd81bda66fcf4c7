import contextlib
import re
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from landscape.errors import RecordError, SetupError
from landscape.export.curves_figure import curves_figure, smoothed
from landscape.export.map_figure import map_figure
from landscape.export.origin import read_setup
from landscape.export.picture import write_picture
from landscape.export.provenance import Provenance
from landscape.export.relief_figure import relief_figure
from landscape.export.style import start_colour
from landscape.run import Setup


def written(figure: Figure, path: Path, provenance: Provenance, width: int = 1280) -> np.ndarray:
    write_picture(figure, path, provenance, width=width)
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


@pytest.mark.parametrize("style", ["light", "dark"])
def test_map_shows_each_start_in_its_colour_where_its_shadow_is(small, tmp_path, style):
    step = int(small.run.steps[4])
    figure = map_figure(*small.parts, step, style=style)
    pixels = written(figure, tmp_path / "map.png", Provenance.of(small.run))
    assert pixels.shape == (800, 1280, 3)
    figure.set_dpi(100)
    for start in range(small.run.K):
        x, y = figure.axes[0].transData.transform(small.portrait.coordinates[4, start])
        found = pixels[800 - round(y), round(x)]
        assert np.abs(found - np.array(to_rgb(start_colour(start))) * 255).max() <= 3, start


def test_map_is_as_wide_as_high_where_distances_are(small):
    figure = map_figure(*small.parts)
    axes, surface = figure.axes[0], small.surface
    box = axes.get_window_extent()
    lengths = np.sqrt(np.diag(surface.plane.gram))
    expected = np.ptp(surface.a) * lengths[0] / (np.ptp(surface.b) * lengths[1])
    assert box.width / box.height == pytest.approx(expected, rel=1e-6)


def test_map_colours_follow_the_surface(small, tmp_path):
    from matplotlib import colormaps

    pixels = written(map_figure(*small.parts, scale="linear"), tmp_path / "map.png", Provenance.of(small.run))
    highest, lowest = (np.array(colormaps["viridis"](end)[:3]) * 255 for end in (1.0, 0.0))
    for colour in (highest, lowest):
        assert (np.abs(pixels - colour).max(axis=-1) <= 12).sum() > 50


def words_of(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.texts).replace("\u00a0", " ")


@pytest.mark.parametrize("make", [map_figure, relief_figure])
def test_the_honest_words_stand_on_the_picture(small, make):
    words = words_of(make(*small.parts))
    assert f"{100 * small.portrait.coverage_all:.0f} % of the descents' movement" in words
    assert "a random walk of that length would get" in words
    assert "mean over 150 digits" in words
    assert "Lowest on this grid" in words
    assert "softmax" in words
    for start in range(small.run.K):
        assert small.run.starts[start].name in words
        assert f"{small.run.figure('loss')[-1, start]:#.3g}" in words


def test_the_axes_say_what_they_are_and_how_long_in_shares_of_theta(small):
    label = map_figure(*small.parts).axes[0].get_xlabel()
    assert label.startswith("a · 1st principal direction")
    share = 100 / float(np.linalg.norm(small.portrait.plane.origin))
    assert f"1 unit = {share:.3g} % of ‖θ‖" in label


def test_relief_draws_balls_at_the_true_loss(small):
    from landscape.export.relief_drawing import ReliefDrawing
    from landscape.export.scene import Scene
    from landscape.export.sheet import Sheet
    from landscape.export.style import STYLES

    sheet = Sheet(8, 6, STYLES["light"])
    scene = Scene.of(*small.parts)
    drawing = ReliefDrawing(sheet.relief_axes(0, 0, 8, 6), scene, "linear", STYLES["light"])
    drawing.show(3)
    sheet.figure.canvas.draw()
    low, high = drawing.scale.low, drawing.scale.high
    for start in range(scene.K):
        height = (small.run.figure("loss")[3, start] - low) / (high - low)
        expected = drawing.sight.project(np.array([[*small.portrait.coordinates[3, start], height]]))
        np.testing.assert_allclose(np.ravel(drawing.points[start].get_data()), np.ravel(expected))
        # the stem ends on the surface
        under = small.surface.height_at(*small.portrait.coordinates[3, start])
        shadow = [*small.portrait.coordinates[3, start], (under - low) / (high - low)]
        found = np.array(drawing.stems[start].get_data())[:, 1]
        np.testing.assert_allclose(found, np.ravel(drawing.sight.project(np.array([shadow]))), rtol=1e-6)


def test_a_cut_relief_says_so(small):
    loss = small.surface.loss.copy()
    loss[0, 0] = 1e5
    surface = replace(small.surface, loss=loss)
    assert "the surface is level above it" in words_of(relief_figure(small.run, small.portrait, surface))
    assert "Heights end" not in words_of(relief_figure(*small.parts))


def test_a_surface_with_holes_is_drawn(small):
    loss = small.surface.loss.copy()
    loss[2:4, 3] = np.nan
    surface = replace(small.surface, loss=loss)
    for make in (map_figure, relief_figure):
        make(small.run, small.portrait, surface).canvas.draw()


def test_relief_is_lit_and_its_paper_empty(small, tmp_path):
    pixels = written(relief_figure(*small.parts, style="dark"), tmp_path / "relief.png", Provenance.of(small.run))
    paper = np.array(to_rgb("#15171c")) * 255
    assert np.abs(pixels[5, 5] - paper).max() <= 1
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 2000


def test_curves_show_every_start_and_the_cursor(small, tmp_path):
    figure = curves_figure(small.run, step=int(small.run.steps[5]))
    pixels = written(figure, tmp_path / "curves.png", Provenance.of(small.run), width=1600)
    assert pixels.shape == (1000, 1600, 3)
    for start in range(small.run.K):
        colour = np.array(to_rgb(start_colour(start))) * 255
        assert (np.abs(pixels - colour).max(axis=-1) <= 3).sum() > 30
    drawn = figure.axes[0].lines[2].get_data()
    np.testing.assert_array_equal(drawn[0], small.run.steps)
    np.testing.assert_array_equal(drawn[1], small.run.figure("loss")[:, 0])


def test_smoothing_keeps_a_constant_and_starts_at_the_first_loss():
    np.testing.assert_allclose(smoothed(np.full((30, 2), 3.0), 10), 3.0)
    assert smoothed(np.array([[5.0], [1.0]]), 10)[0, 0] == 5.0


def test_a_png_gives_its_setup_back(small, tmp_path):
    path = tmp_path / "map.png"
    write_picture(map_figure(*small.parts), path, Provenance.of(small.run), width=640)
    text = read_setup(path)
    assert text is not None
    assert Setup.from_toml(text) == small.run.setup
    with Image.open(path) as picture:
        assert picture.size == (640, 400)
        assert picture.text["landscape-version"] and picture.text["Software"].startswith("Landscape ")


def test_letters_of_any_language_survive_in_the_setup(small, tmp_path):
    provenance = Provenance('[data]\nsource = "/home/ζωή/数字"\n')
    write_picture(curves_figure(small.run), tmp_path / "c.png", provenance, width=300)
    assert read_setup(tmp_path / "c.png") == provenance.setup


def test_svg_keeps_text_and_setup_and_pdf_is_whole(small, tmp_path):
    provenance = Provenance.of(small.run)
    figure = map_figure(*small.parts)
    svg = write_picture(figure, tmp_path / "map.svg", provenance).read_text(encoding="utf-8")
    assert "<text" in svg and "Cost surface" in svg and "[descent]" in svg
    again = write_picture(figure, tmp_path / "again.svg", provenance).read_text(encoding="utf-8")
    assert again == svg
    pdf = write_picture(figure, tmp_path / "map.pdf", provenance).read_bytes()
    assert pdf.startswith(b"%PDF") and pdf.rstrip().endswith(b"%%EOF")
    assert re.search(rb"Creator \(Landscape", pdf)


def test_pictures_that_carry_no_setup_or_are_none(tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "plain.png")
    assert read_setup(tmp_path / "plain.png") is None
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(RecordError, match="not a PNG"):
        read_setup(tmp_path / "text.png")
    with pytest.raises(RecordError, match="can't be read"):
        read_setup(tmp_path / "absent.png")


def test_bad_places_and_values_are_told_and_leave_nothing(small, only_starts, tmp_path, no_folder):
    provenance, figure = Provenance.of(small.run), Figure(figsize=(4, 3))
    with pytest.raises(RecordError, match=r"\.png or \.svg or \.pdf"):
        write_picture(figure, tmp_path / "map.jpg", provenance)
    with pytest.raises(RecordError, match="can't be written"):
        write_picture(figure, no_folder / "map.png", provenance)
    with pytest.raises(SetupError, match="pixels wide"):
        write_picture(figure, tmp_path / "map.png", provenance, width=7)
    for wrong, match in (({"style": "pink"}, "style"), ({"scale": "cubic"}, "scale"), ({"step": 10**6}, "step")):
        with pytest.raises(SetupError, match=match):
            map_figure(*small.parts, **wrong)
    with pytest.raises(SetupError, match="another plane"):
        map_figure(small.run, small.portrait, only_starts.surface)
    with pytest.raises(SetupError, match="only its starts"):
        curves_figure(only_starts.run)
    assert not list(tmp_path.glob("map*"))


def test_a_run_with_only_its_starts_can_be_drawn(only_starts, tmp_path):
    for make in (map_figure, relief_figure):
        figure = make(*only_starts.parts)
        write_picture(figure, tmp_path / "start.png", Provenance.of(only_starts.run), width=400)
        assert "Nothing has moved yet" in words_of(figure)


def test_a_failed_drawing_leaves_the_old_file(small, tmp_path, monkeypatch):
    path = tmp_path / "map.png"
    path.write_bytes(b"before")
    figure = Figure(figsize=(4, 3))

    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figure, "savefig", fails)
    with pytest.raises(RecordError, match="No space left"):
        write_picture(figure, path, Provenance.of(small.run))
    assert path.read_bytes() == b"before" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("draw", [map_figure, relief_figure])
def test_text_is_text_in_svg_and_pdf(small, tmp_path, draw):
    figure, provenance = draw(*small.parts), Provenance.of(small.run)
    svg = write_picture(figure, tmp_path / "p.svg", provenance).read_text(encoding="utf-8")
    words = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert any("Cost surface" in each for each in words) and any("corner" in each for each in words)
    pdf = write_picture(figure, tmp_path / "p.pdf", provenance).read_bytes()
    pages = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            pages.append(zlib.decompress(stream))
    assert b"/ToUnicode" in pdf
    # Kerning cuts lines into pieces, of two bytes a letter.
    pieces = [piece for page in pages if b"TJ" in page for piece in re.findall(rb"\((.*?)\)", page, re.DOTALL)]
    shown = b"".join(pieces).replace(b"\0", b"")
    assert b"Cost surface" in shown and b"corner" in shown

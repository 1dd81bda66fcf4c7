import base64
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from landscape.data.embedded import asset
from landscape.errors import RecordError
from landscape.export.diary import turning_scene, writing_diary
from landscape.export.scene import Scene
from landscape.run import explore
from landscape.run.portrait import evaluating, portray
from tests.export.conftest import SMALL


class Page(HTMLParser):
    """What a page shows, what it loads, and whether its tags close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.words: list[str] = []
        self.headings: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.loads += [value for name, value in attrs if name in ("src", "href", "action", "data") and value]
        if tag not in ("meta", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "script" not in self.open and "style" not in self.open:
            self.words.append(data)
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


@pytest.fixture(scope="module")
def diary(small, tmp_path_factory):
    path = tmp_path_factory.mktemp("diary") / "diary.html"
    before = dict(small.run.about)
    small.run.about |= {"notes": "I expected <b>worse</b> & was wrong.", "findings": ["A lower rate: loss 0.2"]}
    *_, last = writing_diary(*small.parts, path)
    small.run.about.clear()
    small.run.about.update(before)
    assert last.done == 1.0
    return path


def test_the_page_stands_alone_and_is_small(diary):
    assert diary.stat().st_size < 3_000_000
    text = diary.read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert page.loads and all(each.startswith("data:image/png;base64,") for each in page.loads)
    assert not re.search(r"(https?:)?//[a-z]|@import|url\(|fetch\(|XMLHttp", text.split("base64", 1)[0])
    assert "http" not in asset("diary.js").read_text(encoding="utf-8")


def test_the_page_tells_the_run(diary, small):
    page = Page(diary.read_text(encoding="utf-8"))
    words = " ".join(page.words)
    run = small.run
    assert "I expected <b>worse</b> & was wrong." in words  # as text, not as tags
    assert "A lower rate: loss 0.2" in words
    assert f"{run.net.P:,} parameters" in words and f"step {run.best.step:,} of {run.last_step:,}" in words
    assert all(start.name in words for start in run.starts)
    assert "This plane holds" in words and "random walk" in words and "Lowest on this grid" in words
    assert run.setup.to_toml().strip() in words
    assert len(page.headings) == 10


def test_the_surface_that_turns_is_the_surface(small):
    loss = small.surface.loss.copy()
    loss[0, 1] = np.nan
    surface = replace(small.surface, loss=loss)
    found = turning_scene(Scene.of(small.run, small.portrait, surface), "log")
    json.dumps(found, allow_nan=False)
    heights = np.array([[np.nan if each is None else each for each in row] for row in found["heights"]])
    assert np.isnan(heights[0, 1]) and np.isnan(heights).sum() == 1
    assert np.nanargmin(heights) == np.nanargmin(loss) and np.nanmax(heights) <= 1.0 and np.nanmin(heights) >= 0.0
    balls = np.array([[point[2] for point in path["points"]] for path in found["paths"]]).T
    # One logarithmic scale for the surface and for the true losses, which may lie below all of it.
    drawn = np.concatenate([heights.ravel(), balls.ravel()])
    known = np.log(np.concatenate([loss.ravel(), small.run.figure("loss").ravel()]))
    inside = np.isfinite(drawn) & (drawn < 1)
    slope, floor = np.polyfit(known[inside], drawn[inside], 1)
    np.testing.assert_allclose(drawn[inside], slope * known[inside] + floor, atol=2e-4)
    assert balls.min() >= 0
    palette = np.array(found["palette"])
    span = np.nanmax(heights) - np.nanmin(heights)
    used = palette[int(np.nanmin(heights) * (len(palette) - 1)) : int(np.nanmax(heights) * (len(palette) - 1)) + 2]
    assert len(used) >= 0.9 * 64 and len(palette) == pytest.approx(64 / span, rel=0.1)
    assert np.abs(used[-1] - [253, 231, 37]).max() < 12 and np.abs(used[0] - [68, 1, 84]).max() < 12  # viridis
    assert len(found["paths"]) == small.run.K and found["steps"][-1] == small.run.last_step
    x, y, _ = found["paths"][2]["points"][0]
    a, b = small.portrait.coordinates[0, 2]
    assert (x / found["sides"][0] + 0.5) * np.ptp(surface.a) + surface.a[0] == pytest.approx(
        a, abs=1e-3 * np.ptp(surface.a)
    )
    assert (y / found["sides"][1] + 0.5) * np.ptp(surface.b) + surface.b[0] == pytest.approx(
        b, abs=1e-3 * np.ptp(surface.b)
    )


def test_the_script_draws_every_cell_farthest_first(small, qapp):
    qml = pytest.importorskip("PyQt6.QtQml")
    engine = qml.QJSEngine()
    scene = turning_scene(Scene.of(*small.parts), "log")
    source = asset("diary.js").read_text(encoding="utf-8")
    code = f"""(function () {{ {source}
        const scene = {json.dumps(scene)};
        const faces = facesOf(scene, viewOf(scene.turn, 0.62, 1, 800, 480));
        const inside = faces.every((f) => f.points.every(([x, y]) => x > 0 && x < 800 && y > 0 && y < 480));
        const sorted = faces.every((f, k) => !k || faces[k - 1].near <= f.near);
        return [faces.length, inside, sorted].join(" ");
    }})()"""
    answer = engine.evaluate(code)
    assert not answer.isError(), answer.toString()
    rows, columns = small.surface.loss.shape
    assert answer.toString() == f"{(rows - 1) * (columns - 1)} true true"


BROWSER = """
    // The least of a browser that the page's script asks for: it keeps what is drawn and who listens.
    const drawn = [], heard = {}, frames = [];
    const note = (name) => (...where) => drawn.push([name, ...where.map((value) => Math.round(value * 100) / 100)]);
    const context = new Proxy({}, {
      get: (had, name) => had[name] ?? note(name),
      set: (had, name, value) => (had[name] = value, true),
    });
    const element = (id) => ({
      id, textContent: id === "scene" ? SCENE : "",
      addEventListener: (name, act) => (heard[id + " " + name] = act),
      getContext: () => context, setPointerCapture: () => {},
      getBoundingClientRect: () => ({width: 800, height: 480}),
    });
    const elements = {scene: element("scene"), landscape: element("landscape"), time: element("time"), step: element("step")};
    const document = {getElementById: (id) => elements[id]};
    const window = {devicePixelRatio: 2, addEventListener: () => {}, requestAnimationFrame: (act) => frames.push(act)};
    function shown() {
      drawn.length = 0;
      while (frames.length) frames.shift()();
      return JSON.stringify(drawn);
    }
    function does(id, name, event) {
      heard[id + " " + name](Object.assign({preventDefault: () => {}, pointerId: 1}, event));
      return shown();
    }
"""
ACTS = """
    const first = shown(), pictures = [first];
    does("landscape", "pointermove", {clientX: 300, clientY: 300});
    pictures.push(shown());  // nothing is held: nothing turns, nothing is drawn
    does("landscape", "pointerdown", {clientX: 100, clientY: 100});
    pictures.push(does("landscape", "pointermove", {clientX: 180, clientY: 100}));
    pictures.push(does("landscape", "pointermove", {clientX: 180, clientY: 60}));
    does("landscape", "pointerup", {});
    pictures.push(does("landscape", "pointermove", {clientX: 0, clientY: 0}));
    pictures.push(does("landscape", "wheel", {deltaY: -300}));
    pictures.push(does("landscape", "keydown", {key: "ArrowLeft"}));
    elements.time.value = 0;
    pictures.push(does("time", "input", {}));
    return JSON.stringify([pictures, elements.step.textContent]);
"""


def test_the_page_s_own_script_turns_the_surface_with_the_mouse(diary, small, qapp):
    qml = pytest.importorskip("PyQt6.QtQml")
    text = diary.read_text(encoding="utf-8")
    scene, script = (re.search(rf"<script{kind}>(.*?)</script>", text, re.DOTALL)[1]
                     for kind in (' type="application/json" id="scene"', ""))  # fmt: skip
    code = f"(function () {{ const SCENE = {json.dumps(scene)}; {BROWSER} {script} {ACTS} }})()"
    engine = qml.QJSEngine()
    answer = engine.evaluate(code)
    assert not answer.isError(), f"{answer.toString()} at {answer.property('lineNumber').toInt()}"
    pictures, step = json.loads(answer.toString())
    first, still, turned, tilted, let_go, nearer, by_key, at_start = pictures
    rows, columns = small.surface.loss.shape
    assert first.count('"closePath"') == (rows - 1) * (columns - 1) and first.count('"arc"') == small.run.K
    assert still == let_go == "[]"
    assert len({first, turned, tilted, nearer, by_key, at_start}) == 6 and "[]" not in (turned, tilted, nearer, by_key)
    assert step == "step 0"


def test_the_pictures_in_it_are_landscape_and_curves(diary, small):
    text = diary.read_text(encoding="utf-8")
    found = re.findall(r'<img alt="([^"]*)" src="data:image/png;base64,([^"]*)"', text)
    assert [words.split(",")[0] for words, _ in found] == [
        "The surface from above", "The surface in relief", "Loss and accuracy over the steps",
    ]  # fmt: skip
    for _, data in found:
        with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
            assert picture.width > 1000 and picture.text["landscape-setup"] == small.run.setup.to_toml()


def test_a_large_run_s_diary_stays_under_three_megabytes(tmp_path):
    """Many starts, a fine surface: more than any preset asks for."""
    wide = SMALL.changed(
        starts={"kind": "random", "count": 40},
        descent={"batch_size": 50},
        data={"examples": 20, "classes": (3, 7)},
        network={"sizes": (784, 2, 2)},
    )
    run = explore(wide)
    portrait = portray(run, "pca_all")
    *_, surface = evaluating(run, portrait, cells=151)
    run.about["notes"] = "a word " * 5000
    path = tmp_path / "large.html"
    *_, _ = writing_diary(run, portrait, surface, path)
    run.close()
    assert 1_000_000 < path.stat().st_size < 3_000_000


def test_what_can_not_be_told_is_refused(small, only_starts, tmp_path, no_folder):
    with pytest.raises(RecordError, match="only its starts"):
        writing_diary(*only_starts.parts, tmp_path / "d.html")
    with pytest.raises(RecordError, match=r"\.html"):
        writing_diary(*small.parts, tmp_path / "d.docx")
    with pytest.raises(RecordError, match="can't be written"):
        writing_diary(*small.parts, no_folder / "d.html")
    work = writing_diary(*small.parts, tmp_path / "d.html")
    next(work)
    work.close()
    assert not (tmp_path / "d.html").exists()

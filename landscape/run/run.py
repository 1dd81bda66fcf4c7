"""The record of a run: its frames, their figures, the best so far, and any step in between replayed.

A run lives in a folder of plain files that grows while it descends: `setup.toml`, `manifest.json` and .npy arrays. Everything
shown is read from there; the best so far is not stored but found in the figures, so it can never disagree with them.
One writer (the exploration) appends; readers see the frames that were complete when they asked.
"""

import json
import shutil
import tempfile
import weakref
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape._version import __version__
from landscape.data import Digits
from landscape.descent import Frame, FrameSchedule, Start, Stop, descend
from landscape.descent.optimiser import Optimiser
from landscape.descent.schedule import Lengthened, Schedule
from landscape.errors import DataError, RecordError, SetupError
from landscape.network import Network
from landscape.plane import Plane
from landscape.run.finding import Best, StartInfo, Step, Trajectory
from landscape.run.growing_array import GrowingArray
from landscape.run.setup import Setup

FORMAT = 1
# In place of an engine: the run was put together from model files, and what lies between its frames is not known.
CHECKPOINTS = "checkpoints"
FRAME_FIGURES = ("step", "epoch", "learning_rate")  # one number a frame
START_FIGURES = (  # one number a frame and start
    "loss",
    "accuracy",
    "validation_loss",
    "validation_accuracy",
    "gradient_norm",
    "update_ratio",
    "first_loss",
    "smoothed_loss",
)


class Run:
    """A run and its record on disk. Made by `explore`; read back by `Run.load` or `Run.open`."""

    def __init__(self, folder: Path, setup: Setup, manifest: dict[str, Any], plane: Plane) -> None:
        self.folder = folder
        self.setup = setup
        self.net: Network = setup.build_network()
        self.plane = plane
        self.stride = int(manifest["stride"])
        self.engine = str(manifest["engine"])
        self.starts = tuple(StartInfo(str(s["name"]), str(s["kind"]), int(s["seed"])) for s in manifest["starts"])
        self.stops: tuple[Stop | None, ...] = tuple(
            Stop(str(stop["reason"]), int(stop["step"]), str(stop.get("detail", ""))) if stop else None
            for stop in manifest["stops"]
        )
        # Up to which update the schedule ran as if there were so many in all, each time the run was lengthened.
        self.lengths = tuple((int(last), int(steps)) for last, steps in manifest.get("lengths", ()))
        self.about = dict(manifest.get("about", {}))
        self.missing = ""  # why its digits can't be had here, in a sentence, once that is known
        K = len(self.starts)
        free = 2 if setup.descent.in_plane else self.net.P
        self._arrays = {name: GrowingArray(folder / f"{name}.npy", (), np.float64) for name in FRAME_FIGURES}
        self._arrays |= {name: GrowingArray(folder / f"{name}.npy", (K,), np.float64) for name in START_FIGURES}
        self._arrays["thetas"] = GrowingArray(folder / "thetas.npy", (K, self.net.P))
        self._arrays["states"] = GrowingArray(folder / "states.npy", (K, self.optimiser.slots, free))
        self._arrays["batch_losses"] = GrowingArray(folder / "batch_losses.npy", (K,), np.float64)
        self._frames = min(len(self._arrays[name]) for name in (*FRAME_FIGURES, *START_FIGURES, "thetas", "states"))
        for name, array in self._arrays.items():  # a frame that was cut off in the middle is made again
            array.forget(self.last_step if name == "batch_losses" else self._frames)
        self._remove: weakref.finalize | None = None

    @classmethod
    def create(
        cls, setup: Setup, starts: list[Start], plane: Plane, stride: int, engine: str, folder: Path | None = None
    ) -> "Run":
        """An empty record in `folder`, or in a temporary folder that goes with the object."""
        if folder is not None and (folder / "manifest.json").exists():
            raise RecordError(f"{folder} holds a run already: go on with that run, or choose another folder")
        temporary = folder is None
        folder = folder or Path(tempfile.mkdtemp(prefix="landscape-"))
        manifest = {
            "stride": stride,
            "engine": engine,
            "starts": [{"name": s.name, "kind": s.kind, "seed": s.seed} for s in starts],
            "stops": [None] * len(starts),
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            np.save(folder / "plane.npy", np.stack([plane.origin, plane.u, plane.v]))
            run = cls(folder, setup, manifest, plane)
        except OSError as error:
            raise RecordError(
                f"the run can't be kept in {folder}: {error.strerror or error}; choose a folder that can be written"
            ) from None
        if temporary:
            run.own_folder()
        run.write_manifest()
        return run

    def own_folder(self) -> None:
        """Let the folder go when the object goes."""
        self._remove = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def write_manifest(self) -> None:
        """Bring `setup.toml` and `manifest.json` up to date."""
        manifest = {
            "format": FORMAT,
            "app_version": __version__,
            "stride": self.stride,
            "engine": self.engine,
            "starts": [vars(start) for start in self.starts],
            "stops": [stop and vars(stop) for stop in self.stops],
            "lengths": self.lengths,
            "plane": {"kind": self.plane.kind, "labels": list(self.plane.labels)},
            "about": self.about,
        }
        for name, text in (("setup.toml", self.setup.to_toml()), ("manifest.json", json.dumps(manifest, indent=1))):
            partial = self.folder / (name + ".part")
            try:
                partial.write_text(text, encoding="utf-8")
                partial.replace(self.folder / name)
            except OSError as error:
                raise RecordError(f"{self.folder / name} can't be written: {error.strerror or error}") from None

    def append(self, frame: Frame, figures: dict[str, NDArray]) -> None:
        """Add a frame and its measured figures (each (K,)): whole, or where that fails or is interrupted, not at all."""
        norms = np.linalg.norm(frame.thetas, axis=1)
        figures = figures | {
            "gradient_norm": frame.gradient_norms,
            "update_ratio": frame.update_norms / np.where(norms > 0, norms, np.nan),
            "first_loss": frame.first_losses,
            "smoothed_loss": frame.smoothed_losses,
        }
        rows = {"batch_losses": frame.batch_losses, "states": frame.state[None], "thetas": frame.thetas[None]}
        rows |= {name: np.array([getattr(frame, name)]) for name in FRAME_FIGURES}
        rows |= {name: figures[name][None] for name in START_FIGURES}
        lengths, frames, stops = {name: len(self._arrays[name]) for name in rows}, self._frames, self.stops
        try:
            for name, added in rows.items():
                self._arrays[name].append(added)
            if frame.stops != self.stops:
                self.stops = frame.stops
                self.write_manifest()
            self._frames += 1
        except BaseException:  # arrays of uneven length would shift all that is appended later
            self._frames, self.stops = frames, stops
            for name, length in lengths.items():
                self._arrays[name].forget(length)
            raise

    @property
    def frames(self) -> int:
        """Number of complete frames F; frame 0 is the start."""
        return self._frames

    @property
    def K(self) -> int:
        """Number of starts."""
        return len(self.starts)

    def figure(self, name: str) -> NDArray:
        """A recorded figure over the frames: (F,) or (F, K); see FRAME_FIGURES and START_FIGURES."""
        return self._arrays[name].read()[: self._frames]

    @property
    def steps(self) -> NDArray:
        """The update number of every frame, (F,) int."""
        return self.figure("step").astype(np.int64)

    @property
    def last_step(self) -> int:
        """The last recorded update."""
        return int(self.figure("step")[-1]) if self._frames else 0

    @property
    def thetas(self) -> NDArray:
        """θ of every frame and start, (F, K, P) float32, mapped from disk."""
        return self._arrays["thetas"].read()[: self._frames]

    @property
    def batch_losses(self) -> NDArray:
        """The mini-batch loss before every single update, (steps, K); NaN once a start has ended."""
        return self._arrays["batch_losses"].read()[: self.last_step]

    @property
    def best(self) -> Best | None:
        """The best parameters so far: lowest true loss on the measured training digits."""
        loss = self.figure("loss")
        if not np.isfinite(loss).any():
            return None
        frame, start = np.unravel_index(np.nanargmin(loss), loss.shape)
        theta = np.array(self.thetas[frame, start])
        return Best(
            theta,
            loss=float(loss[frame, start]),
            accuracy=float(self.figure("accuracy")[frame, start]),
            validation_loss=float(self.figure("validation_loss")[frame, start]),
            validation_accuracy=float(self.figure("validation_accuracy")[frame, start]),
            start=int(start),
            start_name=self.starts[start].name,
            frame=int(frame),
            step=int(self.figure("step")[frame]),
            epoch=float(self.figure("epoch")[frame]),
        )

    @property
    def new_best_steps(self) -> NDArray:
        """The steps of the frames at which the lowest true loss so far was found, in order."""
        loss = self.figure("loss")
        lowest = np.where(np.isfinite(loss), loss, np.inf).min(axis=1)
        before = np.concatenate([[np.inf], np.minimum.accumulate(lowest)[:-1]])
        return self.steps[: len(lowest)][lowest < before]

    @property
    def unfinished(self) -> bool:
        """Whether the run could go on to the epochs of its setup."""
        short = bool(self.figure("epoch")[-1] < self.setup.descent.epochs - 1e-9)
        return short and not all(self.stops) and self.engine != CHECKPOINTS

    def trajectory(self, start: int) -> Trajectory:
        """The recorded way of one start."""
        self._check_start(start)
        return Trajectory(
            self.starts[start],
            self.steps,
            self.figure("epoch"),
            self.thetas[:, start],
            loss=self.figure("loss")[:, start],
            accuracy=self.figure("accuracy")[:, start],
            validation_loss=self.figure("validation_loss")[:, start],
            validation_accuracy=self.figure("validation_accuracy")[:, start],
            stop=self.stops[start],
        )

    @cached_property
    def digits(self) -> Digits:
        """The digits of this run's setup; DataError where they are `missing`."""
        if self.missing:
            raise DataError(self.missing)
        return self.setup.load_digits()

    def measured(self, which: str = "training") -> tuple[NDArray, NDArray]:
        """The images and labels over which true losses and surfaces are computed: "training", "validation" or "test"."""
        splits = {"training": self.digits.train, "validation": self.digits.validation, "test": self.digits.test}
        split = splits[which]
        return split.images[: self.setup.data.examples], split.labels[: self.setup.data.examples]

    def frame_at(self, step: int) -> int:
        """The last frame at or before a step."""
        return int(np.searchsorted(self.figure("step"), step, side="right")) - 1

    def checkpoint(self, frame: int) -> Frame:
        """All that is needed to descend on from a recorded frame."""
        step = int(self.figure("step")[frame])
        return Frame(
            step=step,
            epoch=float(self.figure("epoch")[frame]),
            thetas=np.array(self.thetas[frame]),
            losses=np.full(self.K, np.nan),
            batch_losses=np.empty((0, self.K)),
            gradient_norms=np.array(self.figure("gradient_norm")[frame]),
            update_norms=np.full(self.K, np.nan),
            learning_rate=float(self.figure("learning_rate")[frame]),
            state=np.array(self._arrays["states"].read()[frame]),
            stops=tuple(stop if stop and stop.step <= step else None for stop in self.stops),
            first_losses=np.array(self.figure("first_loss")[frame]),
            smoothed_losses=np.array(self.figure("smoothed_loss")[frame]),
            done=0.0,
        )

    @property
    def optimiser(self) -> Optimiser:
        """The rule that turns gradients into steps."""
        return self.setup.descent.build_optimiser()

    @property
    def schedule(self) -> Schedule:
        """How the rate changes on the way: what was descended before the run was lengthened keeps its rates."""
        return Lengthened(self.setup.descent.build_schedule(self.steps_per_epoch), self.lengths)

    def lengthen(self, epochs: float) -> None:
        """Change how many epochs there are in all; the descent goes on from the last frame when it is asked to."""
        steps = max(1, round(self.setup.descent.epochs * self.steps_per_epoch))
        self.lengths = (*self.lengths, (self.last_step, steps))
        self.setup = self.setup.changed(descent={"epochs": epochs})
        self.write_manifest()

    def descent(self, begin: Frame, frames: FrameSchedule) -> Any:
        """The generator of this run's frames after `begin`: the very steps that were or will be recorded."""
        self.check_descent()
        chosen = self.setup.descent
        train = self.digits.train
        return descend(
            self.net,
            begin.thetas,
            train.images,
            train.labels,
            self.optimiser,
            batch_size=chosen.batch_size,
            epochs=chosen.epochs,
            seed=chosen.seed,
            plane=self.plane if chosen.in_plane else None,
            schedule=self.schedule,
            l2=chosen.l2,
            shared_batches=chosen.shared_batches,
            frames=frames,
            begin=begin,
            engine=self.engine,
        )

    def state_at(self, step: int) -> Frame:
        """Where all starts stand after any update number, recorded or replayed from the frame before it."""
        if not 0 <= step <= self.last_step:
            raise SetupError(f"step {step:,} does not exist: the run has steps 0 to {self.last_step:,}")
        begin = self.checkpoint(self.frame_at(step))
        if begin.step == step:
            return begin
        return next(self.descent(begin, FrameSchedule(step)))

    def step(self, start: int, n: int) -> Step:
        """Update number n (from 1) of one start, taken apart."""
        self._check_start(start)
        if not 1 <= n <= self.last_step:
            raise SetupError(f"update {n:,} does not exist: the run has updates 1 to {self.last_step:,}")
        self.check_descent()
        before, after = self.state_at(n - 1).thetas[start], self.state_at(n).thetas[start]
        train = self.digits.train
        batch = self.batches.of_step(n, start)
        loss, gradient = self.net.loss_and_gradient(
            before, train.images[batch], train.labels[batch], self.setup.descent.l2
        )
        return Step(n, before, after, batch, float(loss), gradient)

    @property
    def batches(self) -> Any:
        """Which training digits every step looks at."""
        from landscape.descent.batch import Shuffled

        chosen = self.setup.descent
        return Shuffled(len(self.digits.train.labels), chosen.batch_size, chosen.seed, chosen.shared_batches)

    @property
    def steps_per_epoch(self) -> int:
        """Gradient steps in one pass over the training digits; where those are missing, as the record says."""
        if self.missing:
            epoch = float(self.figure("epoch")[-1])
            return max(1, round(self.last_step / epoch)) if epoch > 0 else 1
        return self.batches.steps_per_epoch

    def copy_array(self, name: str, frames: int, write: Callable[[bytes], object]) -> None:
        """Write a recorded array up to a frame as .npy, part by part, also while the run grows."""
        steps = int(self.figure("step")[frames - 1]) if frames else 0
        self._arrays[name].copy_to(write, steps if name == "batch_losses" else frames)

    def save(self, path: str | Path) -> Path:
        """Write the run as one .landscape file: whole or not at all."""
        from landscape.run.archive import save_run

        return save_run(self, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> "Run":
        """Read a .landscape file, or the folder of a growing run."""
        from landscape.run.archive import load_run

        return load_run(Path(path))

    def close(self) -> None:
        """Let go of the files."""
        for array in self._arrays.values():
            array.close()
        if self._remove is not None:
            self._remove()

    def check_descent(self) -> None:
        """Raise SetupError for a run whose steps are not known: one put together from model files."""
        if self.engine == CHECKPOINTS:
            raise SetupError(
                "this run was put together from model files: the steps between them are not known; "
                "begin a new run from one of the models"
            )

    def _check_start(self, start: int) -> None:
        if not 0 <= start < self.K:
            raise SetupError(f"start {start} does not exist: the run has starts 0 to {self.K - 1}")

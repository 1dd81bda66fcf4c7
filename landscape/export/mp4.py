"""An MP4 film through imageio-ffmpeg, which brings its own ffmpeg; H.264, so that any player shows it."""

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from landscape.errors import RecordError
from landscape.export.provenance import Provenance


class Mp4Writer:
    """Writes frames (height, width, 3) uint8 of an even size to a file."""

    def __init__(self, path: Path, size: tuple[int, int], fps: float, provenance: Provenance) -> None:
        import imageio_ffmpeg

        about = ["-metadata", f"title={provenance.title}", "-metadata", f"comment={provenance.as_text}"]
        self.frames: Any = imageio_ffmpeg.write_frames(
            str(path),
            size,
            fps=fps,
            codec="libx264",
            quality=8,
            macro_block_size=2,
            output_params=["-movflags", "+faststart", *about],
        )
        self.frames.send(None)  # lets the generator begin

    def add(self, frame: NDArray, hold: int = 1) -> None:
        """Add a frame, `hold` times."""
        data = frame.tobytes()
        try:
            for _ in range(hold):
                self.frames.send(data)
        except (OSError, StopIteration) as error:
            raise RecordError(f"ffmpeg could not write the film ({error}); choose a name that ends in .gif") from None

    def close(self) -> None:
        """End the film and let ffmpeg finish."""
        self.frames.close()

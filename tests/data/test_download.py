"""Fetching from mirrors on this machine that do everything wrong a mirror can do."""

import gzip
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from landscape.data import download, fetch
from landscape.data.folder import FILES, MnistFile, find
from landscape.errors import DataError

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]

CONTENTS = {
    "small": b"a few labels",
    "large": np.random.default_rng(0).bytes(500_000),
}
TWO_FILES = tuple(
    MnistFile(name, len(content), hashlib.sha256(content).hexdigest(), len(content))
    for name, content in CONTENTS.items()
)


class Mirror(ThreadingHTTPServer):
    """A server that gives the files to `answer` and notes what was asked for."""

    daemon_threads = True

    def __init__(self, answer: Answer, contents: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.contents, self.asked = answer, contents, []
        self.released = threading.Event()
        self.address = f"http://127.0.0.1:{self.server_port}/mnist/"

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        name = self.path.removeprefix("/mnist/")
        self.server.asked.append(name)
        self.server.answer(self, self.server.contents[name])

    def log_message(self, *arguments) -> None: ...


def send(handler: BaseHTTPRequestHandler, content: bytes, length: int | None = None) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    handler.end_headers()
    handler.wfile.write(content)


def break_off(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, content[: len(content) // 2], len(content))


def end_early(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, content[: len(content) // 2])


def send_another_file(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, gzip.compress(b"not what was asked for"))


def send_a_page(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, b"<html>Please log in to this network</html>")


def send_without_end(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, bytes(len(content) + 1_000_000))


def refuse(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_error(404)


def unpack_first(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, gzip.decompress(content))


def stall(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, content[:1000], len(content))
    handler.wfile.flush()
    handler.server.released.wait(20)


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Mirror]]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    servers = []

    def start(answer: Answer, contents: dict[str, bytes] | None = None) -> Mirror:
        packed = {f"{name}.gz": gzip.compress(content) for name, content in CONTENTS.items()}
        server = Mirror(answer, contents or packed)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        servers.append((server, thread))
        return server

    yield start
    for server, thread in servers:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def unpacked(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, by name, as it is unpacked."""
    contents = {}
    for path in folder.iterdir():
        content = path.read_bytes()
        contents[path.name] = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    return contents


WANTED = {f"{name}.gz": content for name, content in CONTENTS.items()}


def test_the_files_arrive_with_growing_progress(tmp_path: Path, mirror) -> None:
    server = mirror(send)
    events = list(fetch(tmp_path / "new" / "folder", [server.address], TWO_FILES))
    assert unpacked(tmp_path / "new" / "folder") == WANTED
    done = [event.done for event in events]
    assert done == sorted(done)
    assert 0 <= done[0] < done[-1] == 1
    assert {event.file for event in events} == {"small", "large"}
    assert len({event.bytes_done for event in events if event.file == "large"}) > 3
    assert events[-1].bytes_done == events[-1].bytes_total == len(server.contents["large.gz"])


def test_what_is_there_and_right_is_not_asked_for_again(tmp_path: Path, mirror) -> None:
    server = mirror(send)
    (tmp_path / "large").write_bytes(CONTENTS["large"])
    (tmp_path / "small.gz").write_bytes(gzip.compress(b"something else"))
    assert list(fetch(tmp_path, [server.address], TWO_FILES))[-1].done == 1
    assert server.asked == ["small.gz"]
    assert list(fetch(tmp_path, [server.address], TWO_FILES))[-1].done == 1
    assert server.asked == ["small.gz"]


@pytest.mark.parametrize("answer", [break_off, end_early, send_another_file, send_a_page, send_without_end, refuse])
def test_when_a_mirror_fails_the_next_one_serves(tmp_path: Path, mirror, answer: Answer) -> None:
    bad, good = mirror(answer), mirror(send)
    events = list(fetch(tmp_path, [bad.address, good.address], TWO_FILES))
    assert events[-1].done == 1
    assert unpacked(tmp_path) == WANTED
    assert bad.asked == good.asked == ["small.gz", "large.gz"]


def test_a_server_that_unpacks_on_the_way_will_do(tmp_path: Path, mirror) -> None:
    list(fetch(tmp_path, [mirror(unpack_first).address], TWO_FILES))
    assert unpacked(tmp_path) == WANTED


def test_when_all_fail_the_error_tells_what_each_did_and_nothing_is_left(
    tmp_path: Path, mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TIMEOUT", (1, 0.1))
    bad = [mirror(answer) for answer in (refuse, break_off, send_a_page, end_early, send_without_end, stall)]
    gone = "http://127.0.0.1:1/"  # nothing listens there
    with pytest.raises(DataError) as caught:
        list(fetch(tmp_path, [*(server.address for server in bad), gone], TWO_FILES[1:]))
    sentence = str(caught.value)
    reasons = ("404 Not Found", "broke off", "sha256", "damaged", "more than the file", "", "can't be reached")
    for address, reason in zip([*(server.address for server in bad), gone], reasons):
        assert f"{address}: " in sentence
        assert reason in sentence
    assert "by hand" in sentence
    assert FILES[0].name in sentence
    assert list(tmp_path.iterdir()) == []


def test_closing_cancels_even_while_the_mirror_is_silent(tmp_path: Path, mirror) -> None:
    server = mirror(stall)
    with closing(fetch(tmp_path, [server.address], TWO_FILES)) as events:
        for event in events:
            if event.bytes_total:
                break
    assert list(tmp_path.iterdir()) == []
    server.released.set()
    for thread in threading.enumerate():
        if thread.name == "landscape-fetch":
            thread.join(10)
            assert not thread.is_alive()


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="can't be kept in"):
        list(fetch(tmp_path / "file" / "folder", [], TWO_FILES))


def test_a_failed_write_leaves_nothing(tmp_path: Path, mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError, match="No space left"):
        list(fetch(tmp_path, [mirror(send).address], TWO_FILES))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.full_mnist
def test_the_true_files_pass_their_check(tmp_path: Path, full_mnist: Path, mirror) -> None:
    server = mirror(send, {f"{file.name}.gz": find(full_mnist, file.name).read_bytes() for file in FILES})
    assert list(fetch(tmp_path, [server.address]))[-1].done == 1
    assert list(fetch(full_mnist, []))[-1].done == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(server.contents)

"""What is built from settings."""

from dataclasses import replace
from pathlib import Path

import pytest

from gguf_writer import gguf
from pellucid.assembly import USUAL_WINDOW, host_settings, identity
from pellucid.core.errors import WeightsError
from pellucid.model.manifest import MANIFEST
from pellucid.model.weights import resolve
from pellucid.settings import EngineSettings, Settings


@pytest.mark.parametrize(
    ("asked", "native", "window"),
    [
        (None, 32_768, USUAL_WINDOW),
        (None, 2_048, 2_048),
        (4_096, 2_048, 4_096),  # for the engine to refuse: what was asked for is never cut
        (512, 2_048, 512),
    ],
)
def test_only_a_window_nobody_asked_for_follows_the_weights(
    asked: int | None, native: int, window: int
) -> None:
    chosen = replace(resolve("", Path("/")), window=native)
    assert (
        host_settings(EngineSettings(window=asked), chosen, Path("x"), Path("h")).window == window
    )


def test_the_engine_hears_what_was_set_and_what_the_makers_say() -> None:
    section = EngineSettings(window=40_000, kv="q8_0", sequences=3, threads=2, batch=64, queue=5)
    host = host_settings(section, resolve("", Path("/")), Path("x"), Path("h"))
    assert (host.path, host.window, host.yarn_window, host.kv) == ("x", 40_000, 131_072, "q8_0")
    assert (host.sequences, host.threads, host.batch, host.queue) == (3, 2, 64, 5)


def test_weights_are_told_by_their_hash_or_by_samples(tmp_path: Path) -> None:
    known = identity(Settings(home=tmp_path, model="smollm2-135m"))
    assert known == f"sha256:{MANIFEST['smollm2-135m'].sha256}"
    assert identity(Settings(home=tmp_path, model="scripted")) == "scripted"
    told = set()
    for name in ("a", "b"):
        header = {"general.architecture": "qwen2", "tokenizer.ggml.pre": "qwen2", "x": name}
        (tmp_path / "own.gguf").write_bytes(gguf(header))
        told.add(identity(Settings(home=tmp_path, model=str(tmp_path / "own.gguf"))))
    assert [one.partition(":")[0] for one in told] == ["samples", "samples"]
    with pytest.raises(WeightsError):
        identity(Settings(home=tmp_path, model=str(tmp_path / "c.gguf")))

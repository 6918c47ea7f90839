"""Whether weights fit as asked, decided from the file's header before anything is loaded."""

from dataclasses import replace
from pathlib import Path

from pellucid.core.errors import WeightsError
from pellucid.engine.footprint import footprint, read_geometry, refusal
from pellucid.engine.frames import HostSettings
from pellucid.engine.gguf import read_header

NATIVE = ".context_length"
# Sequence ids for each one that is decoded: the others keep prefixes. llama.cpp has 256.
IDS_EACH, MOST_IDS = 4, 256


def yarn_factor(settings: HostSettings) -> int:
    """The factor that positions are stretched by: the smallest whole one whose window holds
    the window asked for. WeightsError for a window that these weights cannot have.

    llama.cpp stretches all positions alike, those of short texts too, which costs some
    quality there. So a window the weights were trained for is never stretched, and a longer
    one no more than it takes (docs/decisions/0080).
    """
    native = read_header(Path(settings.path), (NATIVE,)).get(NATIVE)
    if not isinstance(native, int) or settings.window <= native:
        return 1
    if settings.window > settings.yarn_window:
        beyond = max(native, settings.yarn_window)
        raise WeightsError(
            f"{settings.path} was trained for {native:,} tokens; the longest window it can have "
            f"is {beyond:,}, not {settings.window:,}: set PELLUCID_ENGINE_WINDOW to at most that"
        )
    return -(-settings.window // native)


def ids(settings: HostSettings) -> int:
    """How many sequence ids the backend gets."""
    return min(IDS_EACH * settings.sequences, MOST_IDS)


def size(settings: HostSettings) -> int:
    """Bytes of memory that a host with these settings will hold; what its files take, where
    their headers do not tell more. WeightsError for a file that is none."""
    path = Path(settings.path)
    adapters = [Path(file) for _, file in settings.adapters]
    more = sum(file.stat().st_size for file in adapters if file.is_file())
    geometry = read_geometry(path)
    if geometry is None:
        return path.stat().st_size + more
    return footprint(geometry, settings, ids(settings)).total + more


def check_memory(settings: HostSettings, there: int | None) -> None:
    """WeightsError when weights, adapters, cells and buffers take more than the `there` bytes
    there are; None is a machine that does not tell, where nobody can know."""
    geometry = read_geometry(Path(settings.path))
    if geometry is None or there is None:
        return
    files = [Path(file) for _, file in settings.adapters]
    more = sum(file.stat().st_size for file in files if file.is_file())
    geometry = replace(geometry, file=geometry.file + more)
    if reason := refusal(geometry, settings, ids(settings), there):
        raise WeightsError(f"{settings.path} does not fit: {reason}")

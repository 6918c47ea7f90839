"""The application and its weights: which are loaded, and what is told when they cannot be."""

from pathlib import Path

import pytest

from pellucid.assembly import Application, host_settings
from pellucid.core.errors import EngineBusy, EngineError, UnknownName
from pellucid.core.serving import Serving
from pellucid.engine.fit import size
from pellucid.engine.fleet import MB
from pellucid.engine.frames import HostSettings
from pellucid.model.weights import Chosen
from pellucid.settings import EngineSettings, Settings

NAME = "smollm2-135m"


def application(home: Path, model: str, memory: int = 0) -> Application:
    engine = EngineSettings(window=512, memory=memory)
    return Application(Settings(home=home, model=model, engine=engine), lambda notice: None)


async def test_the_scripted_model_has_no_engine(tmp_path: Path) -> None:
    async with application(tmp_path, "scripted") as app:
        with pytest.raises(EngineError, match="no engine"):
            async with app.engine():
                pass
        async with app.turns.model(Serving()) as model:
            assert model.name == "scripted"
        assert await app.engines.metrics() == {}


async def test_unknown_weights_are_told_to_who_asks_for_them(tmp_path: Path) -> None:
    async with application(tmp_path, "gpt-9") as app:
        with pytest.raises(UnknownName, match="gpt-9"):
            async with app.turns.model(Serving()):
                pass


async def test_an_adapter_nobody_named_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    adapter = tmp_path / "law.gguf"
    adapter.touch()
    engine = EngineSettings(adapters=f"law={adapter}")
    settings = Settings(home=tmp_path, model="scripted", engine=engine)
    async with Application(settings, lambda notice: None) as app:
        with pytest.raises(UnknownName, match="unknown adapter 'lore'; there are: law"):
            async with app.turns.model(Serving(adapter="lore")):
                pass
        async with app.turns.model(Serving(adapter="law")) as model:
            assert model.name == "scripted"


def test_a_host_is_told_of_the_adapters(tmp_path: Path) -> None:
    (tmp_path / "law.gguf").touch()
    chosen = Chosen("w", tmp_path / "w.gguf", "chatml-qwen", 4096, None)
    section = EngineSettings(adapters=f"law={tmp_path / 'law.gguf'}")
    found = host_settings(section, chosen, chosen.path, tmp_path)
    assert found.adapters == (("law", str(tmp_path / "law.gguf")),)


@pytest.mark.weights
async def test_one_engine_makes_room_for_the_other(home: Path, smollm: Path) -> None:
    most = 3 * size(HostSettings(str(smollm), window=512)) // 2 // MB
    async with application(home, NAME, memory=most) as app:
        async with app.engine() as first, app.engine(NAME) as same:
            assert same.engine is first.engine
            assert same.memory is first.memory
            with pytest.raises(EngineBusy, match=f"in use \\({NAME}\\)"):
                async with app.engine(str(smollm)):
                    pass
        async with app.engine(str(smollm)) as second:
            assert second.engine is not first.engine
            assert list(await app.engines.metrics()) == [str(smollm)]
        async with app.turns.model(Serving()) as model:
            assert model.name == NAME
        async with app.engine() as again:
            assert again.memory is not first.memory
            numbers = (await app.engines.metrics())[NAME]
            assert numbers.health == "ready"
            assert numbers.load_seconds > 0

"""Charts become tables: values within what is said they may be off, for charts of every kind."""

import random
from collections.abc import Sequence
from math import floor

import pytest

from pellucid.core.charts import PRINTED, Chart, found
from pellucid.tools.eyes import pictures
from pellucid.tools.eyes.layout import Line
from pellucid.tools.eyes.pictures import Seen
from pellucid.tools.reader import ingest
from pictures.charts_drawn import (
    COLOURS,
    Drawing,
    Image,
    ImageDraw,
    bars,
    curves,
    dots,
    grouped,
    np,
    pie,
    stacked,
)
from pictures.drawn import saved

from pellucid.tools.eyes.charts.look import SEVERAL, UNREAD, look  # isort: skip - after cv2 is sure

SEEDS = range(4)
NAMES = ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hazel")
YEARS = ("2019", "2020", "2021", "2022", "2023", "2024", "2025")


def read(drawing: Drawing, pixels: object = None) -> Chart:
    chart = look(drawing.pixels if pixels is None else pixels, drawing.lines)
    assert chart is not None
    return chart


def column(chart: Chart, name: str) -> list[float]:
    at = chart.header.index(name)
    return [float(row[at]) for row in chart.rows]


def off(chart: Chart, name: str, value: float = 0.0) -> float:
    told = next(one.off for one in chart.columns if one.name == name)
    size = float(told.strip("± %"))
    return abs(value) * size / 100 if told.endswith("%") else size


def close(chart: Chart, name: str, true: Sequence[float]) -> bool:
    values = column(chart, name)
    assert len(values) == len(true)
    return all(
        abs(one - value) <= off(chart, name, value) for one, value in zip(values, true, strict=True)
    )


def drawn(seed: int, count: int, low: float = 4, high: float = 96) -> list[float]:
    chance = random.Random(seed)
    return [round(chance.uniform(low, high), 1) for _ in range(count)]


@pytest.mark.parametrize("seed", SEEDS)
def test_bars(seed: int) -> None:
    values = drawn(seed, 4 + seed % 4)
    drawing = bars(values, NAMES[: len(values)])
    chart = read(drawing)
    assert [row[0] for row in chart.rows] == list(NAMES[: len(values)])
    assert close(chart, "value", values)
    assert off(chart, "value") < 1


@pytest.mark.parametrize("seed", SEEDS)
def test_bars_of_several_series(seed: int) -> None:
    series = [drawn(10 * seed + n, 5, 4, 70) for n in range(2 + seed % 2)]
    names = ("north", "south", "west")[: len(series)]
    chart = read(grouped(series, NAMES[:5], names))
    assert chart.kind == "bars"
    assert all(close(chart, name, one) for name, one in zip(names, series, strict=True))
    assert [one.looks for one in chart.columns] == ["blue bars", "orange bars", "green bars"][
        : len(series)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_bars_upon_each_other(seed: int) -> None:
    series = [drawn(20 * seed + n, 6, 4, 20) for n in range(3)]
    chart = read(stacked(series, YEARS[:6], ("north", "south", "west")))
    assert chart.kind == "stacked bars"
    assert [row[0] for row in chart.rows] == list(YEARS[:6])
    for name, true in zip(("north", "south", "west"), series, strict=True):
        assert close(chart, name, true)


@pytest.mark.parametrize("seed", SEEDS)
def test_bars_below_zero(seed: int) -> None:
    values = [value * (-1) ** n for n, value in enumerate(drawn(seed, 5))]
    assert close(read(bars(values, NAMES[:5], low=-100.0, high=100.0)), "value", values)


@pytest.mark.parametrize("seed", SEEDS)
def test_level_bars(seed: int) -> None:
    values = drawn(seed, 5)
    drawing = Drawing(plot=(120, 40, 660, 400))
    left, top, right, bottom = drawing.plot
    drawing.pencil.rectangle(drawing.plot, outline="black")
    for value in range(0, 101, 20):
        at = round(left + (right - left) * value / 100)
        drawing.pencil.line((at, bottom, at, bottom + 4), "black")
        drawing.say(at, bottom + 16, f"{value}")
    for number, (name, value) in enumerate(zip(NAMES, values, strict=False)):
        y = top + (bottom - top) * (number + 0.5) / 5
        end = left + (right - left) * value / 100
        drawing.pencil.rectangle((left, y - 20, floor(end), y + 20), fill=COLOURS[0])
        drawing.say(left - 10, y, name, "rm")
    drawing.frame()
    chart = read(drawing)
    assert [row[0] for row in chart.rows] == list(NAMES[:5])
    assert close(chart, "value", values)


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_with_markers(seed: int) -> None:
    series = [drawn(30 * seed + n, 7, 5 + 40 * n, 40 + 40 * n) for n in range(2)]
    chart = read(curves(series, YEARS, ("north", "south"), high=120.0))
    assert chart.kind == "lines"
    assert [row[0] for row in chart.rows] == list(YEARS)
    assert all(
        close(chart, name, one) for name, one in zip(("north", "south"), series, strict=True)
    )


def test_a_line_without_markers_has_a_row_each_few_pixels() -> None:
    drawing = Drawing()
    drawing.axes(range(0, 101, 20))
    drawing.below(YEARS)
    places = drawing.places(7)
    points = [(at, drawing.row(20 + 10 * n)) for n, at in enumerate(places)]
    drawing.pencil.line(points, COLOURS[0], 2)
    drawing.frame()
    chart = read(drawing)
    years, values = column(chart, "year"), column(chart, "value")
    assert len(years) > 400
    far = off(chart, "value")
    assert all(
        abs(value - (20 + 10 * (year - 2019))) <= 2 * far
        for year, value in zip(years, values, strict=True)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_dots(seed: int) -> None:
    chance = random.Random(seed)
    places = chance.sample([(x, y) for x in range(5, 96, 10) for y in range(5, 96, 12)], 20)
    chart = read(dots([(2 * x, y) for x, y in places], 200))
    assert chart.kind == "dots"
    there = sorted(zip(column(chart, "x"), column(chart, "y"), strict=True))
    assert len(there) == 20
    for x, y in there:
        assert any(abs(x - 2 * a) < 1 and abs(y - b) < 1 for a, b in places)


@pytest.mark.parametrize("seed", SEEDS)
def test_pies(seed: int) -> None:
    shares = drawn(seed, 4, 10, 40)
    chart = read(pie(shares, NAMES[:4]))
    assert chart.header == ("label", "percent")
    told = {row[0]: float(row[1]) for row in chart.rows}
    for name, share in zip(NAMES, shares, strict=False):
        assert abs(told[name] - 100 * share / sum(shares)) <= off(chart, "percent")


def test_boxes_with_whiskers() -> None:
    drawing = Drawing()
    drawing.axes(range(0, 101, 20))
    drawing.below(NAMES[:3])
    drawn_boxes = [(10, 20, 30, 45, 60), (15, 35, 50, 55, 90), (40, 55, 62, 70, 80)]
    for at, ends in zip(drawing.places(3), drawn_boxes, strict=True):
        low, first, middle, third, high = (round(drawing.row(value)) for value in ends)
        drawing.pencil.line((at, low, at, high), "black")
        drawing.pencil.rectangle((at - 30, third, at + 30, first), fill="white", outline="black")
        drawing.pencil.line((at - 30, middle, at + 30, middle), COLOURS[1])
    chart = read(drawing)
    assert chart.kind == "boxes with whiskers"
    told = ("lower end", "lower quartile", "median", "upper quartile", "upper end")
    for name, true in zip(told, zip(*drawn_boxes, strict=True), strict=True):
        assert close(chart, name, true)


def test_boxes_of_a_colour() -> None:
    drawing = Drawing()
    drawing.axes(range(0, 101, 20))
    drawing.below(NAMES[:2])
    for at, (first, middle, third) in zip(
        drawing.places(2), [(20, 30, 45), (55, 62, 70)], strict=True
    ):
        low, row, high = (round(drawing.row(value)) for value in (first, middle, third))
        drawing.pencil.rectangle((at - 30, high, at + 30, low), fill=COLOURS[0], outline="black")
        drawing.pencil.line((at - 28, row, at + 28, row), COLOURS[1])
    chart = read(drawing)
    assert close(chart, "median", [30, 62])


def test_areas_upon_each_other() -> None:
    drawing = Drawing()
    drawing.axes(range(0, 101, 20))
    drawing.below(YEARS[:5])
    left, _, right, _ = drawing.plot
    for x in range(left, right + 1):
        foot = 0.0
        for number, value in enumerate((30, 20 + 20 * (x - left) / (right - left))):
            drawing.bar(x, x, foot + value, foot, COLOURS[number])
            foot += value
    drawing.legend(("north", "south"))
    drawing.frame()
    chart = read(drawing)
    assert chart.kind == "areas"
    year, north, south = (column(chart, name) for name in ("year", "north", "south"))
    for at in (10, 250, 450):
        share = (year[at] - year[0]) / (year[-1] - year[0])
        assert abs(north[at] - 30) <= off(chart, "north")
        assert abs(south[at] - 20 - 20 * share) <= off(chart, "south")


def test_a_black_line_of_the_legend_is_a_series() -> None:
    drawing = Drawing()
    drawing.axes(range(0, 101, 20))
    drawing.below(YEARS)
    for colour, values in (("black", drawn(3, 7)), (COLOURS[1], drawn(4, 7))):
        rows = [drawing.row(value) for value in values]
        drawing.pencil.line(list(zip(drawing.places(7), rows, strict=True)), colour, 2)
    drawing.legend(("", "south"), lines=True)
    drawing.pencil.line((540, 56, 564, 56), "black", 2)
    drawing.say(574, 56, "north", "lm")
    chart = read(drawing)
    assert set(chart.header) == {"year", "north", "south"}


def test_bars_on_grid_lines_without_axes() -> None:
    drawing = Drawing()
    for value in range(0, 101, 20):
        at = round(drawing.row(value))
        drawing.pencil.line((80, at, 660, at), (200, 200, 200))
        drawing.say(72, at, f"{value}", "rm")
    values = [30.0, 95.0, 55.0]
    for at, value, name in zip(drawing.places(3), values, NAMES, strict=False):
        drawing.bar(at - 40, at + 40, value, 0, COLOURS[0])
        drawing.say(at, 416, name)
    chart = read(drawing)
    assert [row[0] for row in chart.rows] == list(NAMES[:3])
    assert close(chart, "value", values)


def test_of_several_plots_the_largest_is_read_and_it_is_said() -> None:
    drawing = bars([30.0, 80.0, 55.0], NAMES[:3], plot=(80, 40, 380, 400))
    drawing.pencil.rectangle((440, 40, 690, 400), outline="black")
    drawing.pencil.rectangle((500, 200, 520, 398), fill=COLOURS[1])
    chart = read(drawing)
    assert close(chart, "value", [30, 80, 55])
    assert chart.notes == SEVERAL


def test_a_grid_of_printed_numbers() -> None:
    drawing = Drawing()
    drawing.pencil.rectangle(drawing.plot, outline="black")
    drawing.below(NAMES[:4])
    table = [[1.5, 2, 30, 4], [5, 6.25, 7, 8], [9, 10, 11, 12]]
    for row, numbers in enumerate(table):
        y = 100 + 120 * row
        drawing.say(70, y, YEARS[row], "rm")
        for x, value in zip(drawing.places(4), numbers, strict=True):
            drawing.say(x, y, f"{value}")
    chart = read(drawing)
    assert chart.kind == "a grid of printed numbers"
    assert [[float(cell) for cell in row[1:]] for row in chart.rows] == table


def test_a_ruled_table() -> None:
    drawing = Drawing()
    rows = [("year", "wool", "milk"), ("2001", "12,945", "3"), ("2002", "13,338", "4")]
    rows.append(("2003", "14,001", "5"))
    for y in range(40, 241, 50):
        drawing.pencil.line((40, y, 640, y), "black")
    for x in range(40, 641, 200):
        drawing.pencil.line((x, 40, x, 240), "black")
    for row, cells in enumerate(rows):
        for at, cell in enumerate(cells):
            drawing.say(140 + 200 * at, 65 + 50 * row, cell)
    chart = read(drawing)
    assert chart.header == ("year", "wool", "milk")
    assert chart.rows[0] == ("2001", "12945", "3")


def test_numbers_printed_beside_slices_count() -> None:
    chart = read(pie([50, 30, 20], ["Ash (51)", "Birch (29)", "Elm (20)"]))
    assert {row[0]: row[1] for row in chart.rows} == {"Ash": "51", "Birch": "29", "Elm": "20"}
    assert chart.columns[0].off == PRINTED


def test_numbers_printed_over_bars_count() -> None:
    drawing = bars([40.2, 71.4, 55.0], NAMES[:3])
    for at, value in zip(drawing.places(3), (40, 71, 55), strict=True):
        drawing.say(at, drawing.row(value) - 12, f"{value}")
    chart = read(drawing)
    assert column(chart, "value") == [40, 71, 55]
    assert chart.columns[0].off == PRINTED


def test_a_number_that_the_pixels_speak_against_is_not_that_of_the_bar() -> None:
    drawing = bars([40.0, 70.0, 55.0], NAMES[:3])
    for at, value in zip(drawing.places(3), (40, 70, 55), strict=True):
        drawing.say(at, drawing.row(value) - 12, "7")
    assert close(read(drawing), "value", [40, 70, 55])


def test_a_logarithmic_axis() -> None:
    values = [3, 40, 700, 9.5]
    chart = read(bars(values, NAMES[:4], low=1.0, high=1000.0, log=True))
    assert chart.logarithmic
    assert close(chart, "value", values)


def test_units_of_an_axis() -> None:
    drawing = Drawing()
    drawing.axes(range(0, 101, 20), lambda value: f"${value:g}K")
    for at, value in zip(drawing.places(3), (30, 80, 55), strict=True):
        drawing.bar(at - 30, at + 30, value, 0, COLOURS[1])
    drawing.below(NAMES[:3])
    drawing.frame()
    assert close(read(drawing), "value", [30_000, 80_000, 55_000])


def test_a_label_that_was_misread_does_not_bend_the_axis() -> None:
    drawing = bars([30.0, 80.0, 55.0], NAMES[:3])
    at = next(n for n, one in enumerate(drawing.lines) if one.words[0][0] == "60")
    drawing.lines[at] = Line(drawing.lines[at].box, (("80", 0.5),))
    assert close(read(drawing), "value", [30, 80, 55])


@pytest.mark.parametrize("quality", [90, 60])
def test_losses_of_jpeg(quality: int) -> None:
    series = [[20.0, 35.5, 61.0], [80.5, 12.0, 44.0]]
    drawing = grouped(series, NAMES[:3], ("north", "south"))
    chart = read(drawing, drawing.jpeg(quality))
    assert all(
        close(chart, name, one) for name, one in zip(("north", "south"), series, strict=True)
    )


def test_noise() -> None:
    drawing = bars([30.0, 80.0, 55.0], NAMES[:3])
    noise = np.random.default_rng(1).normal(0, 8, drawing.pixels.shape)
    noisy = np.clip(drawing.pixels + noise, 0, 255).astype(np.uint8)
    assert close(read(drawing, noisy), "value", [30, 80, 55])


def test_a_chart_whose_axis_cannot_be_read_is_said_to_be_one() -> None:
    drawing = bars([30.0, 80.0, 55.0, 20.0], NAMES[:4])
    without = [one for one in drawing.lines if not one.words[0][0].isdigit()]
    chart = look(drawing.pixels, without)
    assert chart is not None
    assert chart.rows == ()
    assert chart.notes == (UNREAD,)


def page() -> Drawing:
    drawing = Drawing()
    for row in range(20):
        drawing.say(30, 30 + 20 * row, f"Line {row} of a letter about {7 * row} sheep", "lm")
    return drawing


def boxes() -> Drawing:
    drawing = Drawing()
    for at in range(3):
        drawing.pencil.rectangle((40 + 200 * at, 100, 200 + 200 * at, 220), outline="black")
        drawing.say(120 + 200 * at, 160, ("Plan", "Build", "Measure")[at])
    drawing.pencil.line((200, 160, 240, 160), COLOURS[3], 2)
    return drawing


def coloured() -> Drawing:
    drawing = page()
    drawing.pencil.rectangle((400, 300, 620, 420), fill=COLOURS[2])
    return drawing


@pytest.mark.parametrize("drawing", [page(), boxes(), coloured(), Drawing()])
def test_what_is_no_chart(drawing: Drawing) -> None:
    assert look(drawing.pixels, drawing.lines) is None


def test_a_picture_of_a_chart_comes_with_its_table() -> None:
    drawing = grouped([[20.0, 35.5, 61.0], [80.5, 12.0, 44.0]], NAMES[:3], ("north", "south"))
    title = Image.new("RGB", (100, 20), "white")
    ImageDraw.Draw(title).text((2, 2), "sheep sold", "black", drawing.font)
    drawing.picture.paste(title.rotate(90, expand=True), (8, 160))
    picture, table = ingest.read("my chart.png", saved(drawing.picture))
    assert picture.seen.startswith("read from a picture, confidence 0.9")
    assert "sheep sold" in picture.text
    assert table.name == "my_chart-chart.csv"
    chart = found(table.name, table.text, table.seen)
    assert chart is not None
    assert chart.header == ("category", "north", "south")
    assert close(chart, "north", [20, 35.5, 61])


def test_a_chart_without_an_axis_is_told_beside_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    unread = Chart("bars", (), (), (), notes=(UNREAD,))
    seen = Seen((Line(((0, 0), (9, 0), (9, 9), (0, 9)), (("Ash", 0.95),)),), chart=unread)
    monkeypatch.setattr(pictures, "look", lambda *_, **__: [seen])
    (picture,) = ingest.read("a.png", saved(Image.new("RGB", (9, 9))))
    assert picture.seen == f"read from a picture, confidence 0.95; {UNREAD}"


@pytest.mark.parametrize("answer", [b'{"chart": {"kind": "bars"}}', b'{"chart": [1]}'])
def test_a_table_that_is_none_is_not_believed(answer: bytes) -> None:
    assert pictures._seen(answer).error

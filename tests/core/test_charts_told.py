"""What is said of a chart beside its table is read again as it was meant."""

from pellucid.core.charts import PRINTED, Chart, Column, found

CHART = Chart(
    "bars and lines",
    ("year", "price [of] wheat; a quarter", "wage"),
    (("1810", "99", "30"), ("1815", "", "29.5")),
    (
        Column("price [of] wheat; a quarter", "± 0.22", "tan bars"),
        Column("wage", "± 3.2 %", "red line"),
    ),
    logarithmic=True,
    notes=("two plots; the larger was read",),
)


def test_a_chart_is_read_from_its_table_and_the_line_beside_it() -> None:
    read = found("wheat-chart.csv", CHART.csv, CHART.seen)
    assert read is not None
    assert (read.kind, read.header, read.rows) == (CHART.kind, CHART.header, CHART.rows)
    assert read.logarithmic
    assert read.notes == ("two plots, the larger was read",)
    assert read.columns == (
        Column("price (of) wheat, a quarter", "± 0.22", "tan bars"),
        Column("wage", "± 3.2 %", "red line"),
    )


def test_printed_numbers_on_a_linear_scale() -> None:
    plain = Chart("bars", ("a", "b"), (("x", "1"),), (Column("b", PRINTED),))
    read = found("x-chart.csv", plain.csv, plain.seen)
    assert read == plain


def test_other_files_are_no_charts() -> None:
    assert found("wheat.csv", CHART.csv, CHART.seen) is None
    assert found("wheat-chart.csv", CHART.csv, "read from a picture, confidence 0.99") is None


def test_a_table_that_was_cut_to_nothing() -> None:
    read = found("wheat-chart.csv", "", CHART.seen)
    assert read is not None
    assert (read.header, read.rows) == ((), ())

"""The harness of the benchmarks: its arithmetic and its report. Nothing here is timed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / "bench"
sys.path.insert(0, str(BENCH))

from gates import COMPARISONS, Comparison, faster, within  # noqa: E402
from report import collect, lines, read, write  # noqa: E402
from table import amount, summary, text  # noqa: E402
from workload.message import SIZES, parcel  # noqa: E402
from workload.mutate import mutations  # noqa: E402


def sample(median: float) -> dict[str, float]:
    return {"p10": median * 0.9, "median": median, "p90": median * 1.2}


RECORD = {"group": "rust", "size": "20 KB", "bytes": 1000, "samples": {"ours": sample(20.0), "peer": sample(110.0)}}


def made(comparison: Comparison) -> list[float | bool | str | None]:
    (one,) = lines(collect([RECORD]), [comparison])
    return [one.ratio, one.ok, one.gate]


def test_a_ratio_says_how_many_times_faster_or_how_many_times_as_long() -> None:
    assert made(Comparison("rust", "a", "ours", "peer", faster(5))) == [5.5, True, ">= 5"]
    assert made(Comparison("rust", "a", "ours", "peer", faster(6))) == [5.5, False, ">= 6"]
    assert made(Comparison("rust", "a", "peer", "ours", within(5))) == [5.5, False, "<= 5"]
    assert made(Comparison("rust", "a", "ours", "payload", within(3), "B")) == [0.02, True, "<= 3"]


def test_a_bound_stands_in_for_a_peer_and_only_where_the_gate_stands() -> None:
    assert made(Comparison("rust", "a", "ours", 25.0, within(1))) == [0.8, True, "<= 1"]
    assert made(Comparison("rust", "a", "ours", 25.0, within(1), gated=("1 MB",))) == [0.8, None, None]
    assert made(Comparison("rust", "a", "ours", None)) == [None, None, None]


def test_a_p90_can_be_compared_with_its_median() -> None:
    ratio, ok, _ = made(Comparison("rust", "a", "ours, p90", "ours", within(1.3)))
    assert (ratio, ok) == (1.2, True)


def test_the_report_is_a_list_with_the_six_fields_and_reads_back(tmp_path: Path) -> None:
    report = lines(collect([RECORD]), [Comparison("rust", "a", "ours", "peer", faster(5))])
    write(tmp_path / "report.json", report)
    (entry,) = json.loads((tmp_path / "report.json").read_text())
    assert {"case", "size", "ours", "peer", "ratio", "gate"} <= entry.keys()
    assert read(tmp_path / "report.json") == report


def test_a_missed_gate_is_told_in_the_table_and_in_the_summary() -> None:
    report = lines(collect([RECORD]), [Comparison("rust", "a", "ours", "peer", faster(6))])
    assert "MISSED" in text(report)
    assert "0 of 1 gates hold" in summary(report)
    assert "5.50, asked for >= 6" in summary(report)


def test_amounts_have_three_digits_and_a_unit() -> None:
    assert [amount(value, "ns") for value in (464.2, 19_870, 1_890_000)] == ["464 ns", "19.9 µs", "1.89 ms"]
    assert amount(2_550_000, "B") == "2.55 MB"


def test_no_two_lines_of_the_table_of_gates_are_the_same() -> None:
    told = [(one.group, one.case) for one in COMPARISONS]
    assert len(told) == len(set(told))


def test_messages_are_the_same_each_time_and_broken_ones_differ_from_them() -> None:
    for size in SIZES[:2]:
        assert json.dumps(parcel(size)) == json.dumps(parcel(size))
        for about, broken in mutations(parcel(size)):
            assert broken != parcel(size), about

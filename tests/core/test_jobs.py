"""A job says where it is, and stops when asked."""

from __future__ import annotations

import pytest

from core.jobs import Cancelled, Job, Progress
from core.texts import speaking


def test_each_gives_every_item_and_reports_both_ends() -> None:
    heard: list[Progress] = []
    job = Job(heard.append)
    assert list(job.each("abc", "Reading")) == ["a", "b", "c"]
    assert [heard[0].share, heard[-1].share] == [0.0, 1.0]
    assert heard[0].step == "Reading"


def test_reports_come_no_faster_than_asked_but_for_the_ends() -> None:
    heard: list[Progress] = []
    for _ in Job(heard.append, interval_s=60).each(range(1000), "Reading"):
        pass
    assert len(heard) == 2


def test_a_cancelled_job_stops_at_its_next_step() -> None:
    job = Job()
    seen = []
    with pytest.raises(Cancelled):
        for item in job.each(range(10), "Reading"):
            seen.append(item)
            if item == 3:
                job.cancel()
    assert seen == [0, 1, 2, 3]
    assert job.cancelled


def test_a_job_cancelled_in_its_last_step_gives_nothing() -> None:
    job = Job()
    with pytest.raises(Cancelled):
        for _ in job.each([1], "Reading"):
            job.cancel()


def test_map_gives_results_in_order() -> None:
    assert Job().map(lambda number: number * number, [3, 1, 2], "Reading") == [9, 1, 4]


def test_an_empty_list_is_work_done() -> None:
    assert list(Job().each([], "Reading")) == []


def test_progress_is_said_to_the_person_who_waits_not_in_the_language_of_the_document() -> None:
    heard: list[Progress] = []
    job = Job(heard.append)
    with speaking("zh"):
        job.say("Reading the city", 0.5, force=True)
    assert heard[0].step == "Reading the city"

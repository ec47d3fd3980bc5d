"""Words of cards: what limits and targets of a plan are called."""

from __future__ import annotations

import pandas as pd

from core.texts import speaking
from desktop.card_words import account_said

DISTRICTS = pd.DataFrame({"name": ["古城区", None]}, index=pd.Index(["619901", "619902"], name="district_id"))


def test_a_limit_of_the_grid_is_called_by_the_name_of_its_district():
    with speaking("zh"):
        assert account_said("grid/619901", "", DISTRICTS).endswith(" 古城区")


def test_a_district_without_a_name_is_called_by_its_code():
    with speaking("zh"):
        assert account_said("grid/619902", "", DISTRICTS).endswith(" 619902")
        assert account_said("grid/619901", "").endswith(" 619901")

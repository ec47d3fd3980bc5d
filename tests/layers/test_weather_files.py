"""Weather files: what is read, and what is said of files that are wrong."""

from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
import pytest

from core.problems import Severity, UserError
from layers.weather import clock_shift, compare
from layers.weather_files import read_epw, read_tmy_csv
from layers.weather_stations import weather_for

GREENSBORO = Path(pvlib.__file__).parent / "data" / "723170TYA.CSV"
XIAN = {"latitude": 34.34, "longitude": 108.94}


@pytest.fixture(scope="session")
def shanghai_file(shared):
    return shared / "data" / "weather_china" / "Shanghai-Hongqiao_1956_2023_TMYx.epw"


@pytest.fixture(scope="session")
def shanghai(shanghai_file):
    return read_epw(shanghai_file)


@pytest.fixture(scope="session")
def xian():
    return weather_for("西安")


def plain(folder, hours, encoding="utf-8"):
    path = folder / "weather.csv"
    hours.to_csv(path, encoding=encoding)
    return path


def test_shanghai_epw_has_1471_kwh_per_m2_and_17_0_degrees(shanghai):
    assert shanghai.ghi_kwh_per_m2_year == pytest.approx(1471, abs=1)
    assert shanghai.hours["temp_air"].mean() == pytest.approx(17.0, abs=0.05)
    assert (shanghai.latitude, shanghai.altitude) == (31.198, 3.0)


def test_hours_are_named_by_their_start_in_the_fixed_zone(shanghai):
    assert str(shanghai.hours.index[0]) == "2023-01-01 00:00:00+08:00"
    assert str(shanghai.hours.index[-1]) == "2023-12-31 23:00:00+08:00"
    assert len(shanghai.hours) == 8760


def test_light_of_the_shanghai_epw_comes_half_an_hour_after_the_sun(shanghai):
    said = [note.said() for note in shanghai.notes]
    assert any("comes 29 minutes after the sun" in sentence for sentence in said)


def test_tmy3_names_hours_by_their_end_and_comes_out_by_their_start():
    greensboro = read_tmy_csv(GREENSBORO)
    assert greensboro.ghi_kwh_per_m2_year == pytest.approx(1566.2, abs=0.1)
    assert abs(clock_shift(greensboro.hours, greensboro.latitude, greensboro.longitude)) < 0.02
    assert greensboro.notes == ()


def test_a_file_shifted_by_one_hour_is_told_by_the_sun(tmp_path, xian):
    late = xian.hours.set_axis(xian.hours.index.tz_localize(None))
    late = pd.DataFrame(np.roll(late.to_numpy(), 1, axis=0), index=late.index, columns=late.columns)
    late.index = late.index.strftime("%Y-%m-%dT%H:%M:%S+08:00")
    weather = read_tmy_csv(plain(tmp_path, late), **XIAN)
    assert any("60 minutes after the sun" in note.said() for note in weather.notes)


def test_plain_table_comes_back_as_it_was_written(tmp_path, xian):
    weather = read_tmy_csv(plain(tmp_path, xian.hours), **XIAN, altitude=400.0)
    assert np.allclose(weather.hours[["ghi", "dhi", "temp_air"]], xian.hours[["ghi", "dhi", "temp_air"]])
    assert weather.notes == ()


def test_plain_table_without_a_zone_is_taken_for_beijing_time_with_a_note(tmp_path, xian):
    weather = read_tmy_csv(plain(tmp_path, xian.hours.tz_localize(None)), **XIAN)
    assert "Beijing time was taken" in weather.notes[0].said()
    assert weather.notes[0].severity is Severity.NOTE


def test_plain_table_without_a_place_is_refused(tmp_path, xian):
    with pytest.raises(UserError, match="does not say where it was measured"):
        read_tmy_csv(plain(tmp_path, xian.hours))


def test_leap_day_is_left_out(tmp_path, xian):
    leap = pd.date_range("2024-01-01", periods=8784, freq="h", tz="Asia/Shanghai")
    hours = pd.DataFrame(np.resize(xian.hours.to_numpy(), (8784, 5)), leap, xian.hours.columns)
    weather = read_tmy_csv(plain(tmp_path, hours), **XIAN)
    assert len(weather.hours) == 8760


def test_missing_beam_is_computed_from_global_and_diffuse_and_said(tmp_path, xian):
    weather = read_tmy_csv(plain(tmp_path, xian.hours.drop(columns="dni")), **XIAN)
    assert "computed from global and diffuse" in weather.notes[0].said()
    high = xian.hours["ghi"] > 200
    gap = weather.hours.loc[high, "dni"] - xian.hours.loc[high, "dni"]
    assert abs(gap).max() < 10


def test_global_alone_gives_estimated_beam_and_diffuse_and_says_so(tmp_path, xian):
    weather = read_tmy_csv(plain(tmp_path, xian.hours.drop(columns=["dni", "dhi"])), **XIAN)
    assert "estimated from global radiation alone" in weather.notes[0].said()
    share = weather.hours["dhi"].sum() / weather.hours["ghi"].sum()
    assert share == pytest.approx(0.5, abs=0.1)


def test_a_missing_wind_is_taken_from_the_defaults_and_said(tmp_path, xian):
    weather = read_tmy_csv(plain(tmp_path, xian.hours.drop(columns="wind_speed")), **XIAN)
    assert "no wind" in weather.notes[0].said()
    assert (weather.hours["wind_speed"] == 2.0).all()


def test_three_lost_hours_are_bridged_and_four_are_refused(tmp_path, xian):
    hours = xian.hours.copy()
    hours.iloc[100:103, 3] = np.nan
    weather = read_tmy_csv(plain(tmp_path, hours), **XIAN)
    assert "temp_air 3 h" in weather.notes[0].said()
    hours.iloc[200:204, 3] = np.nan
    with pytest.raises(UserError, match="lacks temp_air in 4 hours") as refused:
        read_tmy_csv(plain(tmp_path, hours), **XIAN)
    assert refused.value.problems[0].rows[0] == "01-09 08:00"


def test_all_wrong_hours_are_said_at_once(tmp_path, xian):
    hours = xian.hours.copy()
    hours.iloc[12, 0] = -300.0
    hours.iloc[36, 3] = 260.0
    with pytest.raises(UserError) as refused:
        read_tmy_csv(plain(tmp_path, hours), **XIAN)
    assert len(refused.value.problems) == 2


def test_diffuse_above_global_is_cut_with_a_warning(tmp_path, xian):
    hours = xian.hours.copy()
    hours.iloc[12, 2] = hours.iloc[12, 0] + 100
    weather = read_tmy_csv(plain(tmp_path, hours), **XIAN)
    assert "diffuse radiation is above global" in weather.notes[0].said()
    assert (weather.hours["dhi"] <= weather.hours["ghi"]).all()


def test_radiation_in_kilowatts_is_told_by_the_sum_of_the_year(tmp_path, xian):
    hours = xian.hours.copy()
    hours[["ghi", "dni", "dhi"]] /= 1000
    with pytest.raises(UserError, match="only 1 kWh/m²"):
        read_tmy_csv(plain(tmp_path, hours), **XIAN)


def test_a_file_cut_off_in_the_middle_is_refused_with_its_hours(tmp_path, shanghai_file):
    lines = shanghai_file.read_text().splitlines()
    short = tmp_path / "short.epw"
    short.write_text("\n".join(lines[:4008]))
    with pytest.raises(UserError, match="4\u2009000 hours in place of 8760"):
        read_epw(short)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "not text in UTF-8 or GB 18030"),
        (b"", "cannot be read"),
        ("西安,没有数据".encode("gb18030"), "cannot be read"),
    ],
)
def test_a_file_that_is_no_epw_is_refused(tmp_path, content, said):
    path = tmp_path / "weather.epw"
    path.write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_epw(path)


def test_an_epw_in_gb18030_is_read(tmp_path, shanghai_file):
    text = shanghai_file.read_text().replace("Shanghai-Hongqiao.Intl.AP", "上海虹桥")
    path = tmp_path / "上海.epw"
    path.write_bytes(text.encode("gb18030"))
    assert read_epw(path).name == "上海虹桥"


def test_two_years_of_shanghai_differ_by_a_fifth_and_a_note_says_so(shanghai):
    built = weather_for("上海")
    assert built.ghi_kwh_per_m2_year == pytest.approx(1218, abs=1)
    note = compare(built, shanghai)[0]
    assert note.severity is Severity.NOTE
    assert "is 1218 kWh/m²" in note.said() and "(+21%)" in note.said()


def test_a_year_does_not_differ_from_itself(shanghai):
    assert compare(shanghai, shanghai) == []


def test_nsrdb_names_hours_by_their_middle_and_comes_out_by_their_start(tmp_path, xian):
    middle = xian.hours.index + pd.Timedelta(minutes=30)
    head = (
        "Source,Location ID,Latitude,Longitude,Time Zone,Elevation,Local Time Zone\n"
        "NSRDB,7,34.34,108.94,8,400,8\n"
        "Year,Month,Day,Hour,Minute,GHI,DNI,DHI,Temperature,Wind Speed\n"
    )
    stamps = zip(middle.year, middle.month, middle.day, middle.hour, middle.minute, strict=True)
    values = xian.hours[["ghi", "dni", "dhi", "temp_air", "wind_speed"]].to_numpy()
    rows = [",".join(str(cell) for cell in (*stamp, *row)) for stamp, row in zip(stamps, values, strict=True)]
    path = tmp_path / "nsrdb.csv"
    path.write_text(head + "\n".join(rows) + "\n")
    weather = read_tmy_csv(path)
    assert np.allclose(weather.hours["ghi"], xian.hours["ghi"])
    assert (weather.altitude, weather.notes) == (400, ())


def test_pvgis_in_utc_comes_out_in_beijing_time(tmp_path, xian):
    utc = xian.hours.tz_convert("UTC")
    head = "Latitude (decimal degrees): 34.340\nLongitude (decimal degrees): 108.940\nElevation (m): 400.0\n"
    head += "month,year\n" + "".join(f"{month},2010\n" for month in range(1, 13))
    head += "time(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP\n"
    order = np.argsort(utc.index.strftime("%m%d%H"))
    rows = [
        f"{stamp:%Y%m%d:%H%M},{row.temp_air},50,{row.ghi},{row.dni},{row.dhi},300,{row.wind_speed},0,96000"
        for stamp, row in zip(utc.index[order], utc.iloc[order].itertuples(), strict=True)
    ]
    path = tmp_path / "pvgis.csv"
    path.write_text(head + "\n".join(rows) + "\n")
    weather = read_tmy_csv(path)
    assert np.allclose(weather.hours["ghi"], xian.hours["ghi"])
    assert (weather.hours["pressure"] == 96000).all()

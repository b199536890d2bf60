from zhangfa.calendar.engine import current_calendar

NOTICE = "date,kind,name_zh,name_en\n2031-01-01,holiday,元旦,New Year's Day\n2031-01-04,workday,元旦,New Year's Day\n"


def test_year_shows_holidays_make_up_days_and_its_notice(visit) -> None:
    page = visit("王敏").get("/calendar/2026/").content.decode()
    assert "国办发明电〔2025〕7号" in page
    assert page.count('class="day-makeup') == 6
    assert "春节" in page


def test_unannounced_year_is_marked_provisional(visit) -> None:
    page = visit("王敏").get("/calendar/2031/").content.decode()
    assert "2031年的放假安排尚未公布" in page
    assert "（暂定）" in page


def test_clerk_uploads_a_year(visit) -> None:
    form = {"text": NOTICE, "notice": "国办发明电〔2030〕1号", "key": "y1"}
    assert visit("钱章").post("/calendar/2031/", form)["Location"] == "/calendar/2031/"
    assert current_calendar().announced(2031)


def test_wrong_upload_is_refused_and_kept(visit) -> None:
    text = NOTICE.replace("holiday", "festival")
    answer = visit("钱章").post("/calendar/2031/", {"text": text, "key": "y1"})
    assert answer.status_code == 422
    assert "festival" in answer.content.decode()
    assert not current_calendar().announced(2031)


def test_only_the_clerk_may_upload(visit) -> None:
    assert visit("王敏").post("/calendar/2031/", {"text": NOTICE, "key": "y1"}).status_code == 404

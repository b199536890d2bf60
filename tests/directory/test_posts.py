import datetime as dt

from zhangfa.directory import engine, posts

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
JUNE, AUGUST = dt.date(2026, 6, 1), dt.date(2026, 8, 1)


def test_post_gives_rights_from_its_first_day_until_the_day_it_ends(county, person, key):
    engine.appoint(
        person=person.id, role="host", unit=county["鱼山街道"].id, since=JUNE, until=AUGUST, by=None, at=AT, key=key()
    )

    def held(day):
        return [(post.role, post.unit.name) for post in posts.posts_held(person.id, day)]

    assert held(dt.date(2026, 5, 31)) == []
    assert held(JUNE) == held(dt.date(2026, 7, 31)) == [("host", "鱼山街道")]
    assert held(AUGUST) == []


def test_appointment_and_its_end_are_known_at_once(county, person, key):
    assert posts.posts_held(person.id, JUNE) == ()
    post = engine.appoint(
        person=person.id, role="host", unit=county["鱼山街道"].id, since=JUNE, by=None, at=AT, key=key()
    )
    assert [held.id for held in posts.posts_held(person.id, JUNE)] == [post.id]
    assert posts.holders("host", county["第一网格"].id, JUNE) == [person.id]
    engine.end_post(post=post.id, until=JUNE, by=None, at=AT, key=key())
    assert posts.posts_held(person.id, JUNE) == ()
    assert posts.holders("host", county["第一网格"].id, JUNE) == []


def test_holders_come_nearest_first(county, key):
    def appointed(name, unit):
        made = engine.create_person(code=name, name="王强", by=None, at=AT, key=key())
        engine.appoint(person=made.id, role="leader", unit=county[unit].id, since=JUNE, by=None, at=AT, key=key())
        return made.id

    far, near, beside = appointed("A", "金乡县"), appointed("B", "李庄村"), appointed("C", "王丕街道")
    assert posts.holders("leader", county["第一网格"].id, JUNE) == [near, far]
    assert posts.holders("leader", county["王丕街道"].id, JUNE) == [beside, far]
    assert posts.holders("leader", 999_999, JUNE) == []
    assert set(posts.people_of("leader", county["金乡县"].id, JUNE)) == {far, near, beside}


def test_post_at_a_closed_unit_gives_nothing(county, person, key):
    grid = county["第二网格"]
    engine.appoint(person=person.id, role="grid-worker", unit=grid.id, since=JUNE, by=None, at=AT, key=key())
    engine.close_unit(unit=grid.id, by=None, at=AT, key=key())
    assert posts.posts_held(person.id, dt.date(2026, 11, 20)) == ()
    assert len(posts.posts_held(person.id, dt.date(2026, 11, 19))) == 1


def test_posts_are_read_once(county, person, key, django_assert_num_queries):
    engine.appoint(person=person.id, role="host", unit=county["鱼山街道"].id, since=JUNE, by=None, at=AT, key=key())
    posts.posts_held(person.id, JUNE)
    with django_assert_num_queries(0):
        assert len(posts.posts_held(person.id, JUNE)) == 1


def test_clerk_is_known_by_the_post(county, person, key):
    assert not posts.is_clerk(person.id, JUNE)
    engine.appoint(person=person.id, role=posts.CLERK, unit=county["金乡县"].id, since=JUNE, by=None, at=AT, key=key())
    assert posts.is_clerk(person.id, JUNE)


def test_people_are_found_by_name_and_by_the_right_initials(person):
    assert [one.id for one in posts.search_people("单小")] == [person.id]
    assert [one.id for one in posts.search_people("sxf")] == [person.id]
    assert posts.search_people("DXF") == []
    assert posts.search_people(" ") == []

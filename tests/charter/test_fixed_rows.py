"""An expression over a table with fixed rows may read the id of a row; one over free rows may not."""

import pytest

from zhangfa.charter.load import load_charter

TEXT = """
charter: lists
title: {zh: 清单, en: Lists}
summary: {zh: 清单, en: Lists}
group: party
source: M27
roles:
  keeper: {title: {zh: 管理员, en: Keeper}, at: village}
registers:
  sheet:
    title: {zh: 清单, en: Sheet}
    unit: village
    fields:
      items:
        type: table
        title: {zh: 各项, en: Items}
        ROWS
        columns: {mark: {type: int, required: true, title: {zh: 得分, en: Mark}}}
      first:
        type: int
        title: {zh: 第一部分, en: First part}
        compute: "sum(items, case when starts_with(id, 'a') then mark end)"
    states: {kept: {zh: 已登记, en: Kept}}
    steps:
      keep: {title: {zh: 登记, en: Keep}, to: kept, by: keeper, asks: [items]}
"""


@pytest.mark.parametrize(("rows", "codes"), [("rows_from: {a1: 5, b1: 5}", []), ("", ["E110"])])
def test_id_of_a_row_is_known_where_rows_are_fixed(rows, codes):
    found = [one.code for one in load_charter(TEXT.replace("ROWS", rows), name="lists.yaml").problems]
    assert [code for code in found if code.startswith("E")] == codes

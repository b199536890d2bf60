"""A hand-over from its opening to the signed and filed form."""

from __future__ import annotations

import io

import pypdfium2
from playwright.sync_api import expect
from tests.browser.conftest import Invite
from tests.browser.visitor import Visitor

ROWS = range(1, 20)


def open_handover(office: Visitor) -> str:
    """Open a hand-over between the two leaders; return its address."""
    page = office.open("/registers/leaders-handover.handover/new/open/")
    page.select_option("[name=unit]", label="鱼山街道")
    page.select_option("[name=outgoing]", label="何伟（鱼山街道）")
    page.select_option("[name=incoming]", label="徐文静（马庙镇）")
    page.fill("[name=ordered_on]", "2026-11-20")
    page.check("[name=manner][value=meeting]")
    office.send()
    return page.url.removeprefix(office.site.address)


def test_handover_is_listed_objected_reviewed_signed_and_filed(invite: Invite) -> None:
    office, outgoing, incoming = invite("org"), invite("leader-out"), invite("leader-in", phone=True)
    case = open_handover(office)

    assert "无期限" not in outgoing.open("/").inner_text(".todo"), "the whole record's deadline counts"
    listing = outgoing.open(f"{case}list/")
    for row in ROWS:
        listing.fill(f"[name='items.{row}.content']", f"第 {row} 项已整理成册" if row != 7 else "")
    outgoing.send()
    assert "交接内容" in listing.inner_text(".flash-error >> nth=0")
    assert "民主生活会" in outgoing.words().split("交接清单\n")[0], "the one line that fails is named on top"
    assert listing.input_value("[name='items.19.content']") == "第 19 项已整理成册"
    listing.fill("[name='items.7.content']", "无")
    outgoing.send()

    checking = incoming.open(f"{case}object/")
    checking.fill("[name='items.11.objection']", "结余与对账单相差 12 万元")
    incoming.send()
    assert incoming.overflow() <= 0
    review = office.open(f"{case}review/")
    review.fill("[name=review]", "差额为在途资金，已入账。")
    office.send()
    agreeing = incoming.open(f"{case}agree/")
    for row in ROWS:
        agreeing.check(f"[name='items.{row}.agreed'][value=true]")
    incoming.send()

    outgoing.open(f"{case}sign/")
    assert "差额为在途资金" in outgoing.words(), "one signs with the record before one's eyes"
    outgoing.send()
    expect(outgoing.page.locator("main")).to_contain_text("待签字")
    incoming.open(f"{case}sign/")
    incoming.send()
    office.open(f"{case}file/")
    office.send()
    expect(office.page.locator("main")).to_contain_text("已归档")
    paper = office.context.request.get(f"{office.site.address}{case}print.pdf")
    said = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(paper.body())))
    said = "".join(said.split())
    for words in (
        "领导干部变动交接表",
        "第19项已整理成册",
        "结余与对账单相差12万元",
        "差额为在途资金",
        "何伟",
        "徐文静",
        "在系统中签字",
    ):
        assert words in said

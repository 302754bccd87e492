"""Papers as a county types them, for the tests of the page. All made up."""

import datetime as dt

from tanzhao.documents.official import (
    Annex,
    Block,
    Column,
    Heading,
    OfficialPaper,
    Paragraph,
    Table,
)
from tanzhao.documents.phrases import phrases
from tanzhao.inspections.authorisation_paper import (
    AuthorisationPaper,
    TeamLine,
    authorisation_paper,
)
from tanzhao.papers.paper_form import (
    DistinctionLine,
    EvidenceLine,
    FactLine,
    PaperForm,
    SignatureLine,
    paper_form,
)

GROUP = "中共岚水县委巡察工作领导小组"
FACT = (
    "经查，2023年1月至2025年12月，县教育局机关食堂采购食材37笔，未经询价程序，合计金额128.6万元，"
    "其中向同一供应商采购29笔，占比78.4%，未签订书面合同的12笔。上述做法不符合《岚水县行政事业单位"
    "内部采购管理办法》第八条“单笔采购金额超过1万元的，应当组织询价”的规定。县教育局党组负主体责任，"
    "分管负责同志负重要领导责任。"
)
FINDINGS = {
    "政治建设方面": ("集体领导作用发挥不充分。", "贯彻上级决策部署有差距。"),
    "思想建设方面": ("意识形态工作责任制落实不到位。", "理论学习中心组学习不够规范。"),
    "组织建设方面": ("执行民主集中制不够严格。", "发展党员程序不够规范。"),
    "作风建设方面": ("回应群众关切不够及时。", "公务接待管理不严。"),
    "纪律建设方面": ("内部采购管理不规范。", "财务审核把关不严。"),
}
LIST = (
    Column("序号", 12, "center"),
    Column("问题类别", 33, "center"),
    Column("问题表述", 95),
    Column("责任主体", 35),
    Column("意见建议", 50),
)


def report(**changes: object) -> OfficialPaper:
    """A report of several pages with two annexes and a copy block."""
    body: list[Block] = [
        Paragraph(
            "根据县委统一部署，2026年3月2日至4月30日，县委第一巡察组对县教育局党组开展了常规巡察。"
            "现将有关情况报告如下。"
        ),
        Heading(1, "巡察工作开展情况"),
        # Nothing but 汉字, so that every full line holds the same number.
        Paragraph("巡察组坚持实事求是紧扣被巡察党组织职能责任了解情况" * 22),
        Heading(1, "巡察发现的主要问题"),
    ]
    for label, titles in FINDINGS.items():
        body.append(Heading(2, label))
        body += [Heading(3, title, FACT) for title in titles]
    body += [
        Heading(1, "意见建议"),
        Heading(2, "压实主体责任"),
        Heading(4, "完善内部采购制度"),
        Paragraph("对2023年以来的采购逐笔核实，修订内部采购管理制度。"),
    ]
    rows = tuple(
        (
            str(number),
            f"{label}\n{title.rstrip('。')}",
            FACT,
            "县教育局党组",
            "逐笔核实，完善制度。",
        )
        for number, (label, title) in enumerate(
            ((label, title) for label, titles in FINDINGS.items() for title in titles), start=1
        )
    )
    values: dict[str, object] = {
        "issuer": f"{GROUP}文件",
        "number": "岚巡组〔2026〕12号",
        "secrecy": "秘密★1年",
        "urgency": "平急",
        "title": ("县委第一巡察组", "关于巡察县教育局党组情况的报告"),
        "addressee": GROUP,
        "body": tuple(body),
        "annexes": (
            Annex("县教育局党组巡察发现问题清单", (Table(LIST, rows),), is_landscape=True),
            Annex("巡察工作有关数据", (Paragraph(FACT),)),
        ),
        "signature": "县委第一巡察组",
        "dated": dt.date(2026, 5, 8),
        "copy_to": (
            "市委巡察办",
            "县纪委监委",
            "县委组织部",
            "县委宣传部",
            "县委办公室",
            "县审计局",
        ),
        "printed_by": f"{GROUP}办公室",
        "printed_on": dt.date(2026, 5, 9),
    }
    return OfficialPaper(**{**values, **changes})  # type: ignore[arg-type]


def authorisation() -> OfficialPaper:
    """The decision on two teams over four units."""
    teams = (
        TeamLine(
            "县委第一巡察组", "张建国", ("李敏", "王志强"), ("陈芳",),
            ("刘海涛", "周文静", "吴小龙", "郑晓燕"), ("县教育局党组", "县卫生健康局党组"),
        ),
        TeamLine(
            "县委第二巡察组", "赵德明", ("孙丽华",), ("何军",),
            ("林志远", "黄秀英", "徐国庆"), ("青石镇党委", "云台镇党委"),
        ),
    )  # fmt: skip
    values = AuthorisationPaper(
        leading_group=GROUP,
        round="十五届县委第六轮巡察",
        number="岚巡组〔2026〕3号",
        basis="《中国共产党巡视工作条例》和《十五届岚水县委巡察工作规划》",
        starts=dt.date(2026, 3, 2),
        ends=dt.date(2026, 5, 15),
        teams=teams,
        decided_on=dt.date(2026, 2, 25),
    )
    return authorisation_paper(values, phrases("authorisation"))


def working_paper() -> OfficialPaper:
    """A paper that the leader has approved and the office has not yet checked."""
    day = dt.date(2026, 3, 26)
    values = PaperForm(
        number="岚巡底〔2026〕6-1-004号",
        drawn_up_on=dt.date(2026, 3, 20),
        round="十五届县委第六轮巡察",
        team="县委第一巡察组",
        first_day=dt.date(2026, 3, 2),
        last_day=dt.date(2026, 4, 30),
        unit="县教育局党组",
        title="机关食堂食材采购未按规定询价",
        handlers=("刘海涛", "周文静"),
        overview="2023年至2025年，县教育局机关食堂采购食材37笔，合计128.6万元，未履行询价程序。",
        facts=(
            FactLine(FACT, "调阅、复制资料", "2023年1月至2025年12月", "县教育局机关食堂",
                     "37笔，128.6万元", ("01", "02")),
            FactLine("食堂管理员陈述，供应商由后勤股直接确定，未比价。", "个别谈话",
                     "2026年3月12日", "县教育局三楼会议室", "", ("03",)),
        ),
        basis="《岚水县行政事业单位内部采购管理办法》第八条。",
        responsibility="县教育局党组负主体责任，分管负责同志负重要领导责任，后勤股负直接责任。",
        effect="采购价格缺乏比较，财政资金使用效益不高。",
        principal_said="2026年3月18日与局党组书记沟通，其对事实无异议，表示立即整改。",
        distinctions=(
            DistinctionLine("先行先试的失误与明知故犯", "not_applicable", "不属于改革探索事项"),
            DistinctionLine("探索性试验中的失误与禁后妄为", "not_applicable", "有明确规定"),
            DistinctionLine("推动发展的无意过失与谋取私利", "yes", "未发现谋取私利的情形"),
        ),
        evidence=(
            EvidenceLine("01", "食堂采购台账（2023—2025年）", "账簿", "县教育局后勤股", "1—36页"),
            EvidenceLine("02", "记账凭证复印件", "凭证", "县教育局财务股", "1—74页"),
            EvidenceLine("03", "谈话记录", "谈话记录", "县委第一巡察组", "1—4页", is_original=True),
            EvidenceLine("04", "食堂照片", "照片", "县委第一巡察组", is_set_aside=True),
        ),
        signatures=(
            SignatureLine("handler", (("刘海涛", day), ("周文静", day))),
            SignatureLine("deputy", (("李敏", day),), "事实清楚，同意。"),
            SignatureLine("leader", (("张建国", day),)),
            SignatureLine("office"),
        ),
    )  # fmt: skip
    return paper_form(values, phrases("working-paper"))

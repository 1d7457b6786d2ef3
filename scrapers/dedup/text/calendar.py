"""Words that tell a time: weekdays, months, and what stands beside an hour or a day."""

_WEEKDAYS = """
    senin selasa rabu kamis jumat jum'at jum’at sabtu minggu ahad isnin khamis
    monday tuesday wednesday thursday friday saturday sunday
"""
_MONTHS = """
    januari februari maret april mei juni juli agustus september oktober november desember
    mac ogos disember january february march may june july august october december
    jan feb mar apr jun jul agt agu aug sep sept okt oct nov des dec
"""

CALENDAR = frozenset((_WEEKDAYS + _MONTHS).split())  # weekdays and months in Latin letters, where capitalised
MONTHS = frozenset(_MONTHS.split())
BEFORE_AN_HOUR = frozenset(["pukul", "jam", "الساعة", "เวลา"])
AFTER_AN_HOUR = frozenset(
    ["wib", "wita", "wit", "gmt", "utc", "am", "pm", "月", "日", "号", "號", "时", "時", "点", "點", "น"]
)  # or after a day

# Weekdays of scripts without capitals, as parts of a regular expression: longer ones first.
UNCASED = (
    "(?:星期|礼拜|禮拜|周|週)[一二三四五六日天](?!期)|[月火水木金土日]曜日?|"
    "วัน(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)|(?:จันทร์|อังคาร|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)|"
    "(?:ال)?(?:اثنين|إثنين|ثلاثاء|أربعاء|خميس|جمعة|سبت|أحد)(?!\\w)"
)


def weekday(word: str) -> str:
    """Return one form for all forms of a weekday that `UNCASED` finds."""
    if word[0] in "星礼禮周週":
        return word[-1].replace("天", "日")
    return word.removesuffix("曜日").removesuffix("曜").removeprefix("วัน").removeprefix("ال").replace("إ", "ا")

import random
import time

import pytest

from scrapers.extract.dom.charsets import detect_charset
from tests.fault_server import Answer

TEXTS = {
    "zh": "港务局宣布旧码头将关闭两个月，接驳巴士每十分钟一班，工程预计年底完成。居民对此表示欢迎。",
    "zh-hant": "港務局宣布舊碼頭將關閉兩個月，接駁巴士每十分鐘一班，工程預計年底完成。居民對此表示歡迎。",
    "ja": "港湾局は古い桟橋を二か月閉鎖すると発表した。シャトルバスは十分おきに運行され、工事は年末に終わる予定だ。",
    "ko": "항만청은 오래된 부두를 두 달 동안 폐쇄한다고 밝혔다. 셔틀버스는 십 분마다 운행되며 공사는 연말에 끝난다.",
    "ru": "Портовая служба закрывает старый причал на два месяца. Автобусы будут ходить каждые десять минут.",
    "ar": "أعلنت هيئة الميناء إغلاق الرصيف القديم لمدة شهرين، وستسير الحافلات كل عشر دقائق حتى نهاية العام.",
    "th": "การท่าเรือประกาศปิดท่าเรือเก่าเป็นเวลาสองเดือน รถรับส่งจะวิ่งทุกสิบนาทีจนกว่างานจะเสร็จ",
    "el": "Η λιμενική αρχή κλείνει την παλιά προβλήτα για δύο μήνες και τα λεωφορεία θα περνούν κάθε δέκα λεπτά.",
    "fr": "Le vieux quai sera fermé deux mois, annonce l’autorité. Des navettes circulent « tous les quarts ».",
    "id": "Warga menyambut kapal “Nusantara” – kata kepala desa, “kami senang”.",
}
ENCODED = [
    ("zh", "gb18030"), ("zh-hant", "big5"), ("ja", "shift_jis"), ("ja", "euc-jp"), ("ko", "cp949"), ("ru", "cp1251"),
    ("ru", "koi8-r"), ("ar", "cp1256"), ("th", "cp874"), ("el", "cp1253"), ("fr", "cp1252"), ("id", "cp1252"),
]  # fmt: skip
UTF_8 = "Kafé “Ubud” – naïf, señor, déjà vu, l’été, œuvre, žena, smörgås".encode()


def page(language, encoding, meta="", length=1):
    head = f"<meta charset={meta}>" if meta else ""
    words = TEXTS[language]
    text = "".join(f"<p>{words}</p>" for _ in range(length))
    return f"<!DOCTYPE html><html><head>{head}<title>{words[:16]}</title></head><body>{text}</body></html>".encode(
        encoding
    )


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
@pytest.mark.parametrize("declared", [(), ("utf-8",), ("iso-8859-1",), ("utf-8", "utf-8"), ("no-such-charset",)])
def test_charset_is_told_by_the_bytes_where_no_declaration_fits(language, encoding, declared):
    if (language, encoding) in (("fr", "cp1252"), ("id", "cp1252")) and "iso-8859-1" in declared:
        declared = ("cp1252",)  # as browsers read it, and as declarations are handed over
    for length in (1, 20):
        body = page(language, encoding, length=length)

        assert body.decode(detect_charset(body, declared)) == body.decode(encoding)


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
def test_declaration_that_the_bytes_fit_is_believed(language, encoding):
    body = page(language, encoding)

    assert detect_charset(body, (encoding, "utf-8")) == encoding
    assert detect_charset(body, ("utf-8", encoding)) == encoding


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("declared", ["cp1252", "gb18030", "shift_jis", "cp1251", "utf-16-le", None])
def test_bytes_that_are_utf_8_are_read_so_whatever_is_declared(language, declared):
    assert detect_charset(page(language, "utf-8"), (declared,)) == "utf-8"


@pytest.mark.parametrize("damage", [UTF_8 + b"\xe2\x80", b"\xa0" + UTF_8, UTF_8[:20] + b"\x93" + UTF_8[20:]])
@pytest.mark.parametrize("declared", ["utf-8", None, "cp1252"])
def test_stray_byte_or_cut_end_leaves_utf_8_what_it_is(damage, declared):
    assert detect_charset(damage, (declared,)) == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_told_without_a_mark(encoding):
    for declared in (None, "utf-8", "cp1252"):
        assert detect_charset(page("fr", encoding), (declared,)) == encoding


def test_ascii_is_what_is_declared_unless_that_cannot_be():
    assert detect_charset(b"<p>plain</p>", ("cp1252",)) == "cp1252"
    assert detect_charset(b"<p>plain</p>", ("utf-16-le",)) == "utf-8"
    assert detect_charset("\u6e2f".encode("iso2022_jp"), ("iso2022_jp",)) == "iso2022_jp"


@pytest.mark.parametrize(
    "body",
    [
        random.Random(1).randbytes(1 << 22),
        b"\xff" * (1 << 22),
        b"a" * (1 << 22) + b"\xe9",
        b"<\xe9" * (1 << 21),
        b"\x81" * (1 << 22),
    ],
    ids=["noise", "one byte", "far behind", "tags", "unassigned"],
)
def test_charset_of_four_megabytes_of_anything_is_told_at_once(body):
    begun = time.process_time()

    detect_charset(body, (None,))

    assert time.process_time() - begun < 2


def test_crawl_stores_no_mojibake_where_the_declaration_is_wrong_or_missing(crawl_faults, faults, database):
    cases = []
    for number, (language, encoding) in enumerate(ENCODED):
        for said, header, meta in (("none", "", ""), ("wrong", "", "utf-8"), ("header", "; charset=iso-8859-1", "")):
            path = f"/berita/dermaga-lama-ditutup-{said}-{number}"
            body = page(language, encoding, meta, length=6).replace(b"<body>", b"<body><article><h1>Dermaga lama</h1>")
            faults.answers[path] = Answer(body, content_type=f"text/html{header}")
            cases.append((path, TEXTS[language]))
    path = "/berita/dermaga-lama-ditutup-utf-8-declared-gbk"
    faults.answers[path] = Answer(page("zh", "utf-8", "gb2312", length=6), content_type="text/html; charset=gb2312")
    cases.append((path, TEXTS["zh"]))

    crawl_faults(*(path for path, _ in cases), "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")

    rows = database.execute("SELECT url, array_to_string(article_body, ' ') FROM articles").fetchall()
    stored = {url.removeprefix(faults.address): text for url, text in rows}
    assert [path for path, text in cases if text not in stored.get(path, "")] == []


def test_extract_tells_which_charset_was_used(commands, tmp_path):
    saved = tmp_path / "page.html"
    saved.write_bytes(page("zh", "gb18030", "utf-8", length=6))

    result = commands.warta("extract", str(saved), "--url", "https://www.example.test/river-bridge-opens")

    assert TEXTS["zh"] in result.out, result.err
    assert "gb18030" in result.out.lower()

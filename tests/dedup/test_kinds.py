"""What newsrooms publish day by day: stubs, series, corrections, digests, footers."""

from datetime import UTC, datetime, timedelta

import pytest

from scrapers.dedup.judge.verify import judge
from scrapers.dedup.offline import deduplicate_documents
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

BRIDGE = (
    "Pemerintah Kabupaten Lembata menutup jembatan Waikomo mulai Rabu karena tiang penyangganya retak. Bupati "
    "Thomas Ola mengatakan kendaraan di atas lima ton dialihkan ke jalan lama lewat Lamahora. Sebanyak 340 "
    "pedagang pasar terpaksa memutar sejauh dua belas kilometer setiap hari. Dinas pekerjaan umum memperkirakan "
    "perbaikan memakan waktu tiga bulan dan biaya Rp 4,7 miliar. Warga berharap perahu penyeberangan disediakan "
    "selama jembatan ditutup. Kepala Desa Waikomo, Yohanes Beda, meminta penerangan jalan lama diperbaiki sebab "
    "sering terjadi kecelakaan pada malam hari. Sekolah di seberang sungai memundurkan jam masuk setengah jam "
    "agar murid tidak terlambat. Polisi menempatkan petugas di kedua ujung jembatan untuk mencegah pengendara "
    "menerobos."
)
KITE = (
    "Festival layang-layang di Pantai Sanur diikuti sembilan puluh kelompok dari seluruh Bali. Layangan terbesar "
    "berbentuk naga dengan ekor sepanjang seratus meter diterbangkan tiga puluh orang. Juri menilai keseimbangan,"
    " bunyi guwangan, serta keserasian warna."
)
TURTLE = (
    "Dua ratus tukik penyu lekang dilepas di Pantai Saba oleh murid sekolah dasar. Kelompok pelestari mencatat "
    "jumlah sarang naik sejak pantai itu dijaga warga pada malam hari. Telur yang rawan dicuri dipindahkan ke "
    "tempat penetasan."
)
COOKIES = (
    "Kami memakai kuki untuk mengenali kunjungan Anda dan menampilkan iklan yang sesuai. Dengan melanjutkan Anda "
    "menyetujui pemakaian itu sesuai aturan privasi kami. Pengaturan dapat diubah setiap saat lewat menu di bawah"
    " halaman."
)
ERUPTION = (
    "Gunung Ibu di Halmahera Barat, Maluku Utara, erupsi pada {day} pukul {hour} WIT. Petugas pos pengamatan, "
    "{officer}, mengatakan kolom abu teramati setinggi 600 meter di atas puncak, berwarna kelabu dengan "
    "intensitas tebal ke arah barat. Erupsi terekam di seismograf dengan amplitudo maksimum 28 mm dan durasi "
    "{seconds} detik. Gunung Ibu berstatus Level II atau Waspada. Warga dan wisatawan diminta tidak beraktivitas "
    "dalam radius 4 kilometer dari kawah serta memakai masker bila hujan abu turun. Pos pengamatan terus memantau"
    " kegempaan dan melaporkannya ke pusat vulkanologi di Bandung. Pemerintah daerah menyiapkan jalur evakuasi "
    "bagi desa terdekat."
)
MATCH = (
    "Malut United memimpin {score} atas Persita Tangerang pada {moment} laga di Stadion Kie Raha, Ternate. Gol "
    "dicetak lewat tendangan bebas dan serangan balik. Pelatih menurunkan dua penyerang sejak awal dan menekan "
    "lawan di setengah lapangan sendiri. Ribuan penonton memadati tribun timur meski hujan turun. Wasit "
    "mengeluarkan empat kartu kuning."
)
WAREHOUSE = (
    "Kebakaran melanda gudang kapas di kawasan industri Genuk, Semarang, Selasa malam, dan api baru padam menjelang "
    "subuh. Sebanyak sebelas mobil pemadam dikerahkan karena asap tebal menyulitkan petugas mencapai bagian belakang "
    "bangunan. Kepala Dinas Pemadam Kebakaran Semarang, Harjanto, mengatakan tidak ada korban jiwa, tetapi dua pekerja "
    "dirawat karena sesak napas. Api diduga berasal dari mesin pengering yang dibiarkan menyala setelah pergantian "
    "regu kerja. Pemilik gudang menaksir kerugian mencapai Rp 6,2 miliar karena sekitar empat ratus bal kapas habis "
    "terbakar. Warga Kampung Gebang sempat mengungsi ke masjid karena abu beterbangan sampai ke halaman rumah mereka. "
    "Arus lalu lintas di Jalan Kaligawe dialihkan selama enam jam sehingga antrean truk mengular sampai pelabuhan. "
    "Petugas masih mendinginkan sisa bara dan meminta warga tidak mendekati dinding bangunan yang retak."
)
FOREMAN = (
    "Polisi menetapkan mandor gudang sebagai tersangka karena lalai mematikan mesin, kata juru bicara kepolisian kota, "
    "Rabu siang."
)
DETAINED = (
    "Tersangka terancam hukuman lima tahun penjara dan langsung ditahan setelah diperiksa selama sembilan jam bersama "
    "tiga saksi."
)
CHINESE = (
    "{city}市教育局周三宣布，自下学期起，{subject}课程将改为每周三节，各校需在月底前提交教师名单。局长表示，"
    "乡村学校可以申请流动教师，费用由市政府承担。家长委员会欢迎这一决定，但要求增加图书和实验器材。"
)
ARABIC = (
    "أعلنت بلدية {city} إغلاق الطريق الساحلي أمام الشاحنات ابتداء من مطلع الأسبوع المقبل بسبب أعمال الصيانة. وقال رئيس "
    "البلدية إن المركبات الصغيرة ستستخدم الطريق القديم خلال هذه الفترة. ودعا السكان إلى الالتزام بإرشادات الشرطة وتجنب "
    "السفر ليلا."
)


def document(number, title, body, **more):
    return Document(number, title, body, **({"outlet": "a", "date": NOON} | more))


def relation(one, other):
    verdict = judge(sign(one), sign(other))
    assert verdict.facts_differ <= (not verdict.is_duplicate)
    return "join" if verdict.is_duplicate else f"contains {verdict.contains}" if verdict.contains else "apart"


def clusters(*documents):
    labels = [row["cluster"] for row in deduplicate_documents(documents)]
    return len(set(labels))


PAIRS = {
    "stub-of-few-words": (("VIDEO: Banjir", "Simak video berikut."), ("VIDEO: Panda", "Simak video berikut."), "apart"),
    "empty": (("Judul", ""), ("Judul", ""), "apart"),
    "notice-alone": (("Panda lahir di Bogor", COOKIES), ("Harga cabai melonjak", COOKIES), "apart"),
    "notice-first": (("Festival layangan", f"{COOKIES} {KITE}"), ("Tukik dilepas", f"{COOKIES} {TURTLE}"), "apart"),
    "breaking-sentence": (
        ("BREAKING: Jembatan Waikomo ditutup", "Jembatan Waikomo di Lembata ditutup sejak Rabu pagi."),
        ("Jembatan Waikomo di Lembata ditutup", "Jembatan Waikomo di Lembata ditutup sejak Rabu pagi."),
        "join",
    ),
    "eruption-of-another-day": (
        ("Gunung Ibu Erupsi", ERUPTION.format(day="Senin (2/3/2026)", hour="05.12", officer="Axl Roeroe", seconds=42)),
        ("Gunung Ibu Erupsi", ERUPTION.format(day="Rabu (4/3/2026)", hour="21.40", officer="Axl Roeroe", seconds=42)),
        "apart",
    ),
    "score-of-another-minute": (
        ("Malut United vs Persita: 1-0", MATCH.format(score="1-0", moment="paruh")),
        ("Malut United vs Persita: 2-0", MATCH.format(score="2-0", moment="akhir")),
        "apart",
    ),
    "score-alone-in-a-long-report": (
        ("Malut United Unggul", f"{MATCH.format(score='5-0', moment='akhir')} {BRIDGE}"),
        ("Malut United Unggul", f"{MATCH.format(score='6-0', moment='akhir')} {BRIDGE}"),
        "apart",
    ),
    "chinese-of-another-city": (
        ("泗水数学课增加", CHINESE.format(city="泗水", subject="数学")),
        ("万隆英语课增加", CHINESE.format(city="万隆", subject="英语")),
        "apart",
    ),
    "chinese-edited": (
        ("泗水数学课增加", CHINESE.format(city="泗水", subject="数学")),
        ("教育局调整课程", CHINESE.format(city="泗水", subject="数学").replace("欢迎", "支持")),
        "join",
    ),
    "arabic-of-another-city": (
        ("إغلاق الطريق الساحلي في الإسكندرية", ARABIC.format(city="الإسكندرية")),
        ("إغلاق الطريق الساحلي في بورسعيد", ARABIC.format(city="بورسعيد")),
        "apart",
    ),
    "corrected-figure": (
        ("Jembatan Waikomo Ditutup, 340 Pedagang Memutar", BRIDGE),
        ("Jembatan Waikomo Ditutup, 430 Pedagang Memutar", BRIDGE.replace("340", "430")),
        "join",
    ),
    "corrected-name": (("Jembatan Ditutup", BRIDGE), ("Jembatan Ditutup", BRIDGE.replace("Yohanes", "Petrus")), "join"),
    "new-lead": (
        ("Jembatan Waikomo Ditutup", BRIDGE),
        (
            "Pedagang Lembata Keluhkan Jembatan",
            "Ratusan pedagang di Lembata mengeluh sejak akses utama ke pasar diputus pekan ini. "
            + BRIDGE.split(". ", 1)[1],
        ),
        "join",
    ),
    "digest": (
        ("Jembatan Waikomo Ditutup", BRIDGE),
        ("Populer: Jembatan Waikomo, Festival Layang-layang, Tukik Penyu", f"{BRIDGE} {KITE} {TURTLE}"),
        "contains b",
    ),
    "follow-up": (
        ("Jembatan Waikomo Ditutup", BRIDGE),
        ("DPRD Lembata Panggil Kontraktor", f"{TURTLE} {KITE} Sebelumnya diberitakan, {BRIDGE}"),
        "contains b",
    ),
    "follow-up-of-a-sentence": (
        ("Gudang Kapas di Genuk Terbakar", WAREHOUSE),
        ("Polisi Tahan Mandor, Tersangka Kelalaian", f"{FOREMAN} {WAREHOUSE}"),
        "contains b",
    ),
    "follow-up-without-the-old-lead": (
        ("Gudang Kapas di Genuk Terbakar", WAREHOUSE),
        ("Polisi Tahan Mandor, Tersangka Kelalaian", f"{FOREMAN} {DETAINED} {WAREHOUSE.split('. ', 1)[1]}"),
        "contains b",
    ),
    "sentence-in-place-of-the-lead": (
        ("Gudang Kapas di Genuk Terbakar", WAREHOUSE),
        ("Polisi Tahan Mandor, Tersangka Kelalaian", f"{FOREMAN} {WAREHOUSE.split('. ', 1)[1]}"),
        "join",
    ),
    "words-before-the-lead": (
        ("Gudang Kapas di Genuk Terbakar", WAREHOUSE),
        ("Kabar Terbaru dari Semarang", f"Kabar terbaru datang dari kota Semarang. {WAREHOUSE}"),
        "join",
    ),
    "cut-where-its-headline-told": (
        ("Sebelas Mobil Pemadam Dikerahkan, Asap Tebal Menyulitkan", f"{WAREHOUSE} {BRIDGE}"),
        ("Gudang Kapas di Genuk Terbakar", f"{WAREHOUSE.split('. ')[0]}. {WAREHOUSE.split('. ', 3)[3]} {BRIDGE}"),
        "join",
    ),
    "cut-behind-the-first-words": (
        ("Gudang Kapas di Genuk Terbakar", WAREHOUSE),
        (
            "Gudang Kapas Terbakar",
            f"Kabar terbaru, {WAREHOUSE.split(', ', 1)[1].split('. ')[0]}. {WAREHOUSE.split('. ', 3)[3]}",
        ),
        "join",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other", "expected"), PAIRS.values(), ids=PAIRS)
def test_articles_are_copies_different_or_one_in_the_other(one, other, expected):
    a, b = document(1, *one), document(2, *other, date=NOON + timedelta(hours=3))

    assert relation(a, b) == expected
    assert relation(b, a) == expected.replace("contains b", "contains a")
    assert clusters(a, b) == (1 if expected == "join" else 2)


def test_a_figure_that_changes_within_hours_is_a_correction_and_another_day_or_outlet_is_judged_by_its_facts():
    prices = (
        "Cabai {} ribu rupiah dan bawang {} ribu rupiah di Pasar Oeba, Kupang, hari ini. Pasokan lancar meski "
        "hujan turun."
    )
    a = document(1, "Harga di Pasar Oeba", prices.format(41, 36))
    corrected = document(2, "Harga di Pasar Oeba", prices.format(44, 36), date=NOON + timedelta(hours=1))
    next_day = document(3, "Harga di Pasar Oeba", prices.format(44, 36), date=NOON + timedelta(hours=24))

    assert (relation(a, corrected), relation(a, next_day)) == ("join", "apart")


def test_another_outlets_slip_in_the_day_that_both_headlines_tell_makes_no_other_article():
    told = ERUPTION.format(day="Rabu (4/3/2026)", hour="21.40", officer="Axl Roeroe", seconds=42)
    a = document(1, "Gunung Ibu Erupsi 4/3/2026", told)
    slip = document(2, "Gunung Ibu Erupsi 4/3/2026", told.replace("(4/3", "(5/3"), outlet="b")
    next_day = document(3, "Gunung Ibu Erupsi 5/3/2026", told.replace("(4/3", "(5/3"), outlet="b")

    assert (relation(a, slip), relation(a, next_day)) == ("join", "apart")


def test_a_text_without_some_passages_and_under_another_lead_sentence_is_a_copy_unless_it_has_passages_of_its_own():
    sentences = BRIDGE.split(". ")
    abridged = [sentences[2], sentences[0], *sentences[5:7]]
    told = document(1, "Jembatan Waikomo Ditutup", BRIDGE)
    copy = document(2, "Perbaikan Waikomo Tiga Bulan", ". ".join(abridged).replace("karena", "sebab"), outlet="b")
    report = document(3, "Perbaikan Waikomo Tiga Bulan", f"{TURTLE} {'. '.join(abridged[2:])} {KITE}", outlet="b")

    assert (relation(told, copy), relation(told, report)) == ("join", "apart")


def test_a_page_that_shows_a_film_or_a_part_of_its_text_is_a_copy_only_under_a_like_headline():
    a, b, c = (
        document(n, title, KITE, is_partial=True, outlet=f"outlet {n}")
        for n, title in enumerate(("Bali sepekan", "Kabar liburan", "Kabar liburan di Bali"))
    )

    assert (relation(a, b), relation(b, c)) == ("apart", "join")


def test_what_an_outlet_prints_under_all_its_articles_in_any_language_is_left_out():
    footer = (
        "Bergabunge karo kanal kita ing aplikasi pesen. Warta iki dikirim dening redaksi saka kutha Solo. Aja "
        "lali takon."
    )
    stories = [
        document(n, f"Judul {word}", " ".join(f"{word}{k} lan" for k in range(9)) + f".\n\n{footer}")
        for n, word in enumerate(("apel", "jeruk", "nanas", "salak", "durian", "manggis"))
    ]

    assert clusters(*stories) == 6
    assert clusters(*stories, document("copy", "Salak", stories[3].body.split("\n")[0], outlet="b")) == 6

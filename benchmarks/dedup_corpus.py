"""Generated news corpora whose duplicates are known, to measure deduplication by.

Everything is invented: stories are made of made-up words in the frequencies of a language (Zipf), with names, numbers
and
quotes. Copies are exact, light, medium, heavy, truncated and extended; nearly half get another title, a quarter appears
3 to 45 days later. What only looks like a copy: pages of a series, whole series on one day among them, follow-ups that
retell a story under a lead of their own, digests that quote several, and sentences that unrelated stories share.
"""

import itertools
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]
Story = tuple[str, list[str]]  # title, sentences

START = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 120
SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "di",
    "du",
    "ga",
    "ge",
    "gu",
    "ha",
    "ja",
    "ka",
    "ke",
    "ko",
    "la",
    "le",
    "lu",
    "ma",
    "me",
    "mi",
    "na",
    "ni",
    "no",
    "pa",
    "pe",
    "pu",
    "ra",
    "ri",
    "ru",
    "sa",
    "se",
    "so",
    "ta",
    "ti",
    "tu",
    "wa",
    "ya",
]
FUNCTION = [
    "yang",
    "di",
    "dan",
    "untuk",
    "dengan",
    "dari",
    "pada",
    "ini",
    "itu",
    "akan",
    "tidak",
    "telah",
    "oleh",
    "juga",
    "dalam",
    "adalah",
    "sudah",
    "saat",
    "karena",
    "para",
]
EDITED = {"untuk": "guna", "telah": "sudah", "juga": "pula", "saat": "ketika", "tidak": "tak", "karena": "lantaran"}
OUTLETS = {
    "Kabar Utara": "Langganan buletin Kabar Utara agar tidak tertinggal berita.",
    "Harian Teluk": "Pantau terus perkembangan berita lewat kanal Harian Teluk.",
    "suarapantai.example": "Sebarkan tulisan ini kepada teman dan kerabat Anda.",
    "Lensa Kota": "(rdk)",
    "Warta Lembah": "Penulis: Redaksi Warta Lembah",
    "Pos Rimba": "Hak cipta dilindungi, dilarang memperbanyak tanpa izin Pos Rimba.",
}


def corpus(size: int, seed: int, stories: Iterator[Story] | None = None, series: float = 0.05) -> Iterator[Row]:
    """Yield `size` articles by date: id, cluster, kind, strength, outlet, ts (hours), date, title, body.

    `stories` replaces the invented ones; `series` is the share of pages that belong to a series. The same arguments
    give the same corpus.
    """
    rng = random.Random(seed)  # noqa: S311 - a corpus, no secret
    told = stories or invented(random.Random(seed + 1))  # noqa: S311
    rows: list[Row] = []
    cluster = 0
    past: list[Story] = []
    while len(rows) < size:
        cluster += 1
        if rng.random() < series / 3:
            for page in a_series(rng):
                cluster += 1
                rows += copies(rng, cluster, page, often=0.2, kinds=("light",))
            continue
        story = next(told)
        past = [*past[-200:], story]
        rows += copies(rng, cluster, ("story", *story), often=0.35)
        for kind, other in negatives(rng, past):
            cluster += 1
            rows += copies(rng, cluster, (kind, *other), often=0.0)
    rows.sort(key=lambda row: row["ts"])
    for number, row in enumerate(rows[:size]):
        yield row | {"id": number, "date": (START + timedelta(hours=row["ts"])).isoformat()}


# --- stories


def invented(rng: random.Random, words: int = 12_000) -> Iterator[Story]:
    """Yield stories without end, of made-up words whose frequencies fall as a language's do."""
    vocabulary = sorted({"".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3, 3, 4)))) for _ in range(words)})
    rng.shuffle(vocabulary)
    weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    shared = [sentence(rng, vocabulary, weights, []) for _ in range(300)]
    while True:
        names = [name(rng) for _ in range(rng.randint(3, 8))]
        length = rng.randint(7, 22)
        sentences = [sentence(rng, vocabulary, weights, names) for _ in range(length)]
        if rng.random() < 0.3:
            sentences[rng.randrange(2, length)] = rng.choice(shared)
        yield title_from(rng, sentences), sentences


def name(rng: random.Random) -> str:
    """Return a made-up name of one to three words."""
    return " ".join("".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).capitalize() for _ in range(rng.randint(1, 3)))


def sentence(rng: random.Random, vocabulary: list[str], weights: list[float], names: list[str]) -> str:
    """Return a sentence of eight to twenty-two words."""
    words = rng.choices(vocabulary, cum_weights=weights, k=rng.randint(8, 22))
    for place in range(1, len(words)):
        chance = rng.random()
        if chance < 0.3:
            words[place] = rng.choice(FUNCTION)
        elif chance < 0.4 and names:
            words[place] = rng.choice(names)
        elif chance < 0.45:
            words[place] = str(rng.randint(2, 9_000))
    said = " ".join(words)
    said = said[0].upper() + said[1:] + "."
    return f'"{said[:-1]}," kata {rng.choice(names)}.' if names and rng.random() < 0.15 else said


def title_from(rng: random.Random, sentences: list[str]) -> str:
    """Return a headline made of a sentence's first words."""
    words = rng.choice(sentences[:4]).strip('".').split()
    return " ".join(words[: rng.randint(6, 11)])


# --- copies


MIXED = ("exact", "light", "light", "light", "medium", "medium", "heavy", "heavy", "trunc", "extend")


def copies(
    rng: random.Random,
    cluster: int,
    page: tuple[str, str, list[str]],
    often: float,
    kinds: tuple[str, ...] = MIXED,
) -> list[Row]:
    """Return the page and, `often`, some copies of it by other outlets."""
    kind, title, sentences = page
    first = rng.uniform(0, DAYS * 24)
    rows = [_row(rng, cluster, kind, "orig", first, title, sentences)]
    if rng.random() < often:
        for _ in range(min(1 + int(rng.expovariate(0.6)), 12)):
            strength = rng.choice(kinds)
            later = rng.uniform(72, 45 * 24) if rng.random() < 0.25 else rng.uniform(0, 72)
            edited = EDITS[strength](rng, sentences)
            headline = title_from(rng, edited) if strength != "exact" and rng.random() < 0.45 else title
            rows.append(_row(rng, cluster, kind, strength, first + later, headline, edited))
    return rows


def _row(rng: random.Random, cluster: int, kind: str, strength: str, ts: float, title: str, said: list[str]) -> Row:
    outlet = rng.choice(list(OUTLETS))
    footer = f" {OUTLETS[outlet]}" if rng.random() < 0.6 else ""
    body = f"{outlet}, {name(rng)} - {' '.join(said)}{footer}"
    return {
        "cluster": cluster,
        "kind": kind,
        "strength": strength,
        "outlet": outlet,
        "ts": ts,
        "title": title,
        "body": body,
    }


def light(rng: random.Random, said: list[str]) -> list[str]:
    """A misspelling or two, sometimes another number."""
    said = misspelt(rng, list(said), rng.randint(1, 2))
    return another_number(rng, said) if rng.random() < 0.25 else said


def medium(rng: random.Random, said: list[str]) -> list[str]:
    """Other function words, a sentence or two less, links to other stories."""
    said = dropped(rng, other_words(light(rng, said)), 0.12)
    if rng.random() < 0.6:
        said.insert(rng.randint(1, len(said)), f"Baca juga: {name(rng)} dan {name(rng)} bertemu {name(rng)}")
    return said


def heavy(rng: random.Random, said: list[str]) -> list[str]:
    """A quarter cut, two sentences swapped, a new beginning, a paragraph added."""
    said = dropped(rng, medium(rng, light(rng, said)), 0.2)
    if len(said) > 3:
        place = rng.randint(1, len(said) - 2)
        said[place], said[place + 1] = said[place + 1], said[place]
    if rng.random() < 0.4:
        words = said[0].split()
        said[0] = f"Kabar terbaru, {' '.join(words[min(5, len(words) - 3) :])}"
    return [*said, f"{name(rng).capitalize()} {' '.join(rng.choices(FUNCTION, k=9))} {name(rng)}."]


def truncated(rng: random.Random, said: list[str]) -> list[str]:
    """The first third to two thirds."""
    return said[: max(3, int(len(said) * rng.uniform(0.35, 0.7)))]


def extended(rng: random.Random, said: list[str]) -> list[str]:
    """All of it, and a third more."""
    more = [
        f"{name(rng)} {' '.join(rng.choices(SYLLABLES, k=6))} {name(rng)} {' '.join(rng.choices(FUNCTION, k=4))}."
        for _ in range(max(1, len(said) // 4))
    ]
    return [*said, *more]


def misspelt(rng: random.Random, said: list[str], times: int) -> list[str]:
    """Swap, drop or double a letter."""
    for _ in range(times):
        place = rng.randrange(len(said))
        words = said[place].split()
        which = rng.randrange(len(words))
        word, at = words[which], rng.randrange(max(1, len(words[which]) - 1))
        forms = (word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :], word[:at] + word[at + 1 :])
        words[which] = rng.choice((*forms, word[:at] + word[at : at + 1] + word[at:])) or word
        said[place] = " ".join(words)
    return said


def another_number(rng: random.Random, said: list[str]) -> list[str]:
    """Correct one number."""
    places = [(n, w) for n, one in enumerate(said) for w, word in enumerate(one.split()) if word.isdigit()]
    if places:
        n, w = rng.choice(places)
        words = said[n].split()
        words[w] = str(int(words[w]) + rng.randint(1, 3))
        said[n] = " ".join(words)
    return said


def other_words(said: list[str]) -> list[str]:
    """Replace what a copy editor replaces."""
    return [" ".join(EDITED.get(word, word) for word in one.split()) for one in said]


def dropped(rng: random.Random, said: list[str], share: float) -> list[str]:
    """Leave out sentences, never the first."""
    kept = [one for one in said[1:] if rng.random() > share]
    return [said[0], *(kept or said[1:])]


EDITS: dict[str, Callable[[random.Random, list[str]], list[str]]] = {
    "exact": lambda _, said: said,
    "light": light,
    "medium": medium,
    "heavy": heavy,
    "trunc": truncated,
    "extend": extended,
}


# --- what only looks like a copy


def negatives(rng: random.Random, past: list[Story]) -> Iterator[tuple[str, Story]]:
    """Yield now and then a follow-up of the newest story, or a digest of a few."""
    title, said = past[-1]
    if rng.random() < 0.03:
        own = [" ".join(rng.sample(one.split(), len(one.split()))).capitalize() for one in rng.choice(past)[1][:6]]
        yield "followup", (f"Lanjutan: {name(rng)} {title[:40]}", [*own, *said[: max(2, len(said) // 2)]])
    if rng.random() < 0.03 and len(past) > 5:
        told = rng.sample(past, rng.randint(2, 4))
        lead = f"Inilah kabar yang paling banyak dibaca sepanjang hari, dari {told[0][0]} sampai {told[-1][0]}."
        yield "digest", (f"Terpopuler: {told[0][0]}", [lead, *itertools.chain(*(one[1][:3] for one in told))])


def a_series(rng: random.Random) -> list[tuple[str, str, list[str]]]:
    """Return the pages of one series on one day."""
    kind = rng.choice(list(SERIES))
    day = f"{rng.randint(1, 28)} {rng.choice(['Januari', 'Februari', 'Maret', 'April', 'Mei', 'Juni', 'Juli'])} 2025"
    pages = [SERIES[kind](rng, day) for _ in range(rng.randint(1, 6))]
    return [(f"series:{kind}", title, said) for title, said in dict(pages).items()]


def _clock(rng: random.Random, hours: int = 24) -> str:
    return f"{rng.randrange(hours):02d}.{rng.randrange(0, 60, 5):02d}"


def _rupiah(rng: random.Random, top: int) -> str:
    return f"Rp {rng.randint(top // 10, top) * 50:,}".replace(",", ".")


PLACES = [
    "Sukaratu",
    "Muaralaya",
    "Tanjungsari",
    "Batulawa",
    "Kembangjati",
    "Wanareja",
    "Pasirluhur",
    "Gunungmas",
    "Lubuksari",
    "Telukmerah",
]
SIGNS = [
    "Aries",
    "Taurus",
    "Gemini",
    "Cancer",
    "Leo",
    "Virgo",
    "Libra",
    "Scorpio",
    "Sagitarius",
    "Capricorn",
    "Aquarius",
    "Pisces",
]
SKIES = ("cerah", "cerah berawan", "berawan tebal", "hujan ringan", "hujan petir", "berkabut")
FORTUNES = (
    "Tunda dulu keputusan yang menyangkut uang.",
    "Seorang teman lama akan menghubungi Anda.",
    "Kesehatan perlu lebih diperhatikan pekan ini.",
    "Atasan mulai melihat hasil kerja keras Anda.",
    "Luangkan waktu untuk keluarga di rumah.",
)


def _weather(rng: random.Random, day: str) -> Story:
    place = rng.choice(PLACES)
    parts = [
        f"Menjelang {part} langit {place} diperkirakan {rng.choice(SKIES)} dengan suhu {rng.randint(20, 25)} sampai "
        f"{rng.randint(26, 35)} derajat dan angin {rng.randint(2, 30)} kilometer per jam."
        for part in ("pagi", "siang", "petang")
    ]
    lead = f"Begini perkiraan cuaca {place} untuk {day} menurut stasiun pengamatan setempat."
    return f"Cuaca {place} {day}", [lead, *parts, "Siapkan payung bila hendak bepergian jauh pada sore hari."]


def _prayer(rng: random.Random, day: str) -> Story:
    place = rng.choice(PLACES)
    times = [f"{what} pukul {_clock(rng)}." for what in ("Subuh", "Zuhur", "Asar", "Magrib", "Isya")]
    lead = f"Inilah waktu salat bagi warga {place} dan sekitarnya pada {day}."
    return f"Waktu Salat {place} {day}", [lead, *times, "Semoga ibadah kita semua diterima dan membawa berkah."]


def _prices(rng: random.Random, day: str) -> Story:
    place, goods = rng.choice(PLACES), ("cabai rawit", "bawang merah", "telur ayam", "beras medium", "minyak curah")
    listed = [f"Harga {one} {_rupiah(rng, 2_000)} per kilogram." for one in goods]
    lead = f"Harga kebutuhan pokok di Pasar {place} pada {day} terpantau bergerak tipis menurut dinas perdagangan."
    return f"Harga Pangan di Pasar {place} {day}", [lead, *listed, "Pedagang berharap pasokan segera lancar kembali."]


def _match(rng: random.Random, day: str) -> Story:
    home, away = rng.sample(PLACES, 2)
    goals = f"{rng.randint(0, 5)}-{rng.randint(0, 5)}"
    said = [
        f"Persatuan {home} menjamu Garuda {away} pada {day} dan laga selesai {goals}.",
        f"{name(rng)} membuka keunggulan pada menit ke-{rng.randint(1, 45)} lewat tendangan mendatar.",
        "Babak kedua berjalan lebih terbuka dan kedua pelatih mengganti beberapa pemain.",
        f"{name(rng)} menutup pertandingan dengan gol pada menit ke-{rng.randint(46, 90)}.",
        f"Dengan hasil itu {home} menempati peringkat {rng.randint(1, 18)} dengan {rng.randint(5, 60)} poin.",
    ]
    return f"Hasil {home} Lawan {away}: {goals}", said


def _quake(rng: random.Random, day: str) -> Story:
    place, size = rng.choice(PLACES), f"{rng.randint(3, 7)},{rng.randint(0, 9)}"
    said = [
        f"Getaran bermagnitudo {size} dirasakan warga {place} pada {day} pukul {_clock(rng)} waktu setempat.",
        f"Pusatnya {rng.randint(5, 200)} kilometer dari {place} pada kedalaman {rng.randint(5, 300)} kilometer.",
        "Belum ada laporan kerusakan dan warga diminta tidak mempercayai kabar yang belum jelas sumbernya.",
        "Data awal ini dapat berubah setelah perhitungan berikutnya selesai.",
    ]
    return f"Gempa {size} Guncang {place}", said


def _horoscope(rng: random.Random, day: str) -> Story:
    sign = rng.choice(SIGNS)
    said = [
        f"Bagaimana peruntungan {sign} pada {day}? Simak ramalan lengkapnya berikut ini.",
        *rng.sample(FORTUNES, 3),
        f"Angka keberuntungan {sign} hari ini {rng.randint(1, 99)}, warnanya {rng.choice(('biru', 'hijau'))}.",
        "Ramalan ini hanya hiburan dan tidak perlu ditanggapi terlalu serius.",
    ]
    return f"Ramalan {sign} {day}", said


def _exam(rng: random.Random, _: str) -> Story:
    subject, page = rng.choice(("IPA", "IPS", "Matematika", "Bahasa Inggris")), rng.randint(10, 250)
    grade = rng.randint(4, 12)
    answers = [f"{n}. Jawaban: {rng.choice('ABCD')}." for n in range(1, 9)]
    said = [
        f"Berikut pembahasan soal {subject} kelas {grade} halaman {page} Kurikulum Merdeka.",
        "Siswa disarankan mengerjakan sendiri sebelum mencocokkan dengan pembahasan ini.",
        *answers,
        "Pembahasan ini bersifat terbuka sehingga siswa dapat menemukan jawaban lain.",
    ]
    return f"Kunci Jawaban {subject} Kelas {grade} Halaman {page}", said


def _broadcast(rng: random.Random, day: str) -> Story:
    show, hour = f"Sinema {rng.choice(('Malam', 'Keluarga', 'Pagi', 'Pilihan'))} {rng.choice(PLACES)}", _clock(rng)
    said = [
        f"Jangan lewatkan {show} pada {day} mulai pukul {hour} di layar kaca Anda.",
        f"Tayangan {show} menghadirkan kisah hangat yang cocok ditonton bersama seluruh anggota keluarga.",
        "Penonton juga dapat mengikuti siaran melalui aplikasi tanpa biaya berlangganan.",
        "Pastikan jaringan internet stabil agar gambar tidak terputus di tengah cerita.",
    ]
    return f"Saksikan {show} {day} Pukul {hour}", said


def _licence(rng: random.Random, day: str) -> Story:
    place, where = rng.choice(PLACES), [f"Halaman {name(rng)}" for _ in range(3)]
    said = [
        f"Layanan perpanjangan surat izin mengemudi keliling di {place} pada {day} tersedia di tiga lokasi.",
        *(f"Lokasi {n}: {one}, pukul {_clock(rng, 12)} sampai selesai." for n, one in enumerate(where, 1)),
        "Pemohon wajib membawa kartu identitas asli beserta salinannya dan surat lama yang masih berlaku.",
    ]
    return f"Lokasi SIM Keliling {place} {day}", said


def _rates(rng: random.Random, day: str) -> Story:
    bank, coins = f"Bank {rng.choice(PLACES)}", ("dolar Amerika", "dolar Singapura", "euro", "yen", "ringgit")
    said = [
        f"Kurs {bank} pada {day} dipengaruhi sentimen pasar global.",
        *(f"Kurs jual {one} {_rupiah(rng, 400)} dan kurs beli {_rupiah(rng, 400)}." for one in coins),
        "Nilai tukar dapat berubah sewaktu-waktu selama jam kerja bank.",
    ]
    return f"Kurs {bank} {day}", said


SERIES: dict[str, Callable[[random.Random, str], Story]] = {
    "weather": _weather,
    "prayer": _prayer,
    "prices": _prices,
    "match": _match,
    "quake": _quake,
    "horoscope": _horoscope,
    "exam": _exam,
    "broadcast": _broadcast,
    "licence": _licence,
    "rates": _rates,
}

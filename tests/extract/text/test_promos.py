import pytest

from scrapers.extract.text.promos import is_promo


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga: Harga beras turun",
        "ADVERTISEMENT",
        "Advertisement . Scroll to continue reading",
        "Article continues below this ad",
        "Story continues below advertisement",
        "Continue Reading Below",
        "Scroll ke bawah untuk melanjutkan membaca",
        "DON'T MISS",
        "You may also like...",
        "Related content",
        "Lee también",
        "Auch interessant",
        ">> Lire aussi :",
        "Tonton juga Video: Kapal Garam Tiba",
        "[Gambas:Video 20detik]",
        "Artikel ini telah tayang di Kabar.example dengan judul Kapal Garam Tiba",
        "Dibaca 1.234 kali",
        "4 min read",
        "Telah dibaca 1,3 rb kali",
        "1.234x dibaca",
        "12 rb tayangan",
        "3 menit baca",
        "5 Menit Membaca",
        "Estimasi waktu baca: 3 menit",
        "Dibaca Normal 4 menit",
        "5 min de lecture",
        "4 minutos de lectura",
        "Lesedauer: 3 Min.",
        "Tempo di lettura: 2 minuti",
        "1.204 visualizações",
        "조회 1,234",
        "阅读量 5678",
        "Likes: 87",
        "1,2K views",
        "Diperbarui 5 menit yang lalu",
        "Updated 3 hours ago",
        "Dapatkan update berita pilihan setiap hari dari Kabar Kota. Mari bergabung di Grup Telegram kami.",
        "Cek Berita dan Artikel yang lain di Google News",
        "Ikuti kami di media sosial",
        "Download aplikasi Kabarkota.com sekarang",
        "Pilihan Editor: Harga Garam Turun",
        "Halaman Selanjutnya",
        "Berita Terkait",
        "Leave a Reply",
        "You must be logged in to post a comment.",
        "Anda harus login untuk memberi komentar",
        "Você precisa estar logado para enviar comentários.",
    ],
)
def test_label_of_an_advertisement_or_of_other_articles_is_a_promo(line):
    assert is_promo(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read more books, the minister told pupils on Monday.",
        "Related parties must be named, the law says.",
        "Dibaca dua kali, surat itu tetap tidak jelas.",
        "3 menit kemudian ia membaca surat itu.",
        "Video itu ditonton 3 juta orang.",
        "Recommended doses differ from country to country.",
        "Advertising revenue fell by 6 percent.",
        "Iklan rokok dilarang di dekat sekolah.",
        "Unduh aplikasi layanan itu di toko resmi, lalu masukkan nomor induk.",
        "Ikuti aturan baru itu, kata Menteri.",
        "Berita terkait kenaikan harga itu tidak benar.",
    ],
)
def test_sentence_that_begins_like_a_label_is_none(line):
    assert not is_promo(line)

"""Lines inside an article that are no part of it: advertisement labels, links to other articles, view counters."""

import re

# All patterns are matched with lines in lower case: re.IGNORECASE takes three times as long where words alternate.

# Pointers to another article, in several languages; that article's title may follow.
POINTER = re.compile(
    r"(?:baca juga|baca selengkapnya|(?:lihat|simak|tonton|saksikan) juga\b(?: ?:| (?:video|foto|infografis)\b)"
    r"|(?:simak|tonton|saksikan) video\b.{0,100}:"
    r"|follow (?:berita )?inews|\[(?:gambas|embed|video|baca) ?:"
    r"|(?:artikel|berita) ini (?:telah|sudah|pernah) (?:tayang|terbit|dimuat)(?: sebelumnya)? di\b"
    r"|(?:ikuti|dapatkan|simak) .{0,120}(?:google news|(?:channel|saluran) whatsapp|whatsapp channel|kanal telegram)"
    r").{0,250}",
)
# What a call to follow a site names. Deduplication leaves the same calls out (dedup/text/boilerplate.py).
CHANNELS = (
    "Google News|WhatsApp|Telegram|[Cc]hannel|saluran|update|aplikasi|breaking news"
    "|berita (?:terbaru|pilihan|terkini|selengkapnya|lainnya|menarik)"
)
# A call to follow in a line of its own. An app is only one where it is for news: others are what an article is about.
INVITATION = re.compile(
    r"(?:(?:silakan |silahkan |yuk,? |ayo,? )?(?:ikuti|simak|dapatkan|mari bergabung|gabung|pilih saluran|follow|cek"
    r"|telusuri|kunjungi|klik)\b.{0,200}\b(?:google news|whatsapp channel|breaking news"
    r"|(?:channel|saluran|kanal|grup) (?:whatsapp|telegram|youtube)"
    r"|berita (?:terbaru|pilihan|terkini|selengkapnya|menarik|\w{3,20} lainnya|lainnya)"
    r"|(?:akun |media sosial |sosial media )(?:kami|instagram|facebook|twitter|x|tiktok)"
    r"|kami di (?:media sosial|instagram|facebook|twitter|tiktok|youtube))\b"
    r"|(?:unduh|download|install)\b.{0,60}\baplikasi\b.{0,40}\b(?:berita|news|\w+\.(?:com|id|co\.id))\b"
    r"|pilihan editor ?:|halaman (?:selanjutnya|berikutnya)\b).{0,250}",
)
# First letters of POINTER and INVITATION, since few lines have to be matched.
STARTS = frozenset({
    "[b", "[e", "[g", "[v",
    "ar", "ay", "ba", "be", "ce", "da", "do", "fo", "ga", "ha", "ik", "in", "kl", "ku", "li", "ma",
    "pi", "sa", "si", "te", "to", "un", "yu",
})  # fmt: skip
# Counters, relative ages, and how long reading takes: they change with every visit, or no reader reads them.
COUNT = r"[0-9][0-9.,]{0,12}\s?(?:[kmb]|rb|ribu|jt|juta|tsd\.?)?"
VIEWS = (
    "views?|likes?|shares?|reads?|comments?|hits|aufrufe|vues|visitas|visualizaciones|visualizações|visualizzazioni"
    "|weergaven|visninge[nr]|visningar|wyświetleń|просмотр(?:ов|а)?|tayangan"
)
SEEN = "(?:telah |sudah )?(?:dibaca|dilihat|ditonton)"
MINUTES = r"[0-9]{1,3}[ -]?(?:min(?:ut)?(?:e|o|en|i)?s?|menit|мин)\.?"
READING = (
    "read(?:ing)?|baca|membaca|lesezeit|lesedauer|lectura|lecture|lettura|leitura|leestijd|lesetid|läsning|czytania"
    "|чтения"
)
COUNTER = re.compile(
    rf"(?:{SEEN}|{VIEWS}|viewed|lectures?|조회수?|閲覧数|(?:阅读|浏览)[量数]?)\s?:?\s?{COUNT}"
    r"(?: (?:kali|times|x|views?))?"
    rf"|{COUNT} (?:{VIEWS}|kali {SEEN}|pembaca|komentar)|{COUNT}x? ?{SEEN}"
    rf"|{MINUTES}(?: of| de| di)? (?:{READING})(?: time)?|[0-9]{{1,3}} ?分[钟鐘]?(?:阅读|閱讀|で読めます?)"
    r"|(?:reading time|lesezeit|lesedauer|(?:estimasi |perkiraan )?(?:waktu|lama) baca|dibaca normal|tiempo de lectura"
    r"|temps de lecture|tempo di lettura|tempo de leitura|leestijd|lesetid|czas czytania|время чтения)"
    rf" ?:? ?(?:ca\. )?(?:[0-9]{{1,3}}|{MINUTES})"
    r"|(?:(?:diperbarui|terbit) )?[0-9]{1,3} (?:detik|menit|jam|hari|minggu|bulan) (?:yang )?lalu"
    r"|(?:(?:updated|published|posted) )?(?:about )?[0-9]{1,3} "
    r"(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month)s? ago",
)
PROMO_LABEL = re.compile(
    r"[>»*•\s]{0,5}(?:"
    r"advertisement(?: ?\. scroll .{0,40})?|advertising|anzeige|werbung|publicité|publicidad|pubblicità|iklan"
    r"|reklam[ea]?"
    r"|scroll to continue with content|scroll ke bawah untuk .{3,30}"
    r"|(?:article|story|continue reading|text) continues? (?:below|after) (?:this |the )?(?:ads?|advertisement)"
    r"|continue reading(?: below)?|this advertisement has not loaded yet.{0,60}|skip past newsletter promotion"
    r"|read (?:also|more|next)|also read|see also|don.t miss|more on this (?:story|topic)|you (?:may|might) also like"
    r"|related(?: (?:articles?|content|posts?|stories|topics|news|coverage))?|recommended(?: stories)?"
    r"|lesen sie auch|auch interessant|mehr zum thema|das könnte sie auch interessieren"
    r"|lire aussi|à lire aussi|sur le même sujet|lee también|te puede interesar|leggi anche|leia (?:também|mais)"
    r"|berita (?:terkait|lainnya|terpopuler)|artikel terkait|pilihan editor|terpopuler|halaman(?: \d)?"
    r"|lees ook|läs också|les også|læs også|czytaj (?:także|też)|читайте также|читайте також"
    # what stands above or below the readers' comments
    r"|(?:you must be|please) (?:logged in|log ?in|sign in) to .{0,20}comments?.{0,30}"
    r"|(?:leave|post|add|write) a (?:reply|comment)"
    r"|(?:anda|kamu|silakan) (?:harus )?(?:login|masuk) untuk .{0,12}komentar.{0,20}|tinggalkan (?:balasan|komentar)"
    r"|(?:kirim|tulis) komentar|sie müssen (?:sich )?(?:angemeldet sein|anmelden).{0,40}komment.{0,20}"
    r"|vous devez être connecté.{0,40}commentaire.{0,10}"
    r"|(?:debes|você precisa) (?:estar |iniciar ).{0,40}coment[aá]rios?.{0,10}"
    r")\s?[.:…]{0,3}",
)
MAX_LABEL_LENGTH = 100


def is_promo(line: str) -> bool:
    """Return whether the line promotes another article or channel, labels an advertisement, or is a view counter."""
    lower = line.lower()
    if lower[:2] in STARTS and (POINTER.fullmatch(lower) or INVITATION.fullmatch(lower)):
        return True
    return len(line) <= MAX_LABEL_LENGTH and bool(PROMO_LABEL.fullmatch(lower) or COUNTER.fullmatch(lower))

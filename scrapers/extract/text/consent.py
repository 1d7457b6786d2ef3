"""Recognizing what a site asks of its readers: consent to cookies and embedded media, or an account to read on."""

import re
from collections.abc import Sequence

MIN_LENGTH = 40  # characters; shorter ones are the window's buttons
MAX_LENGTH = 1500
# One of these must occur, which is checked first: it is faster.
SUBJECTS = (
    "cookie", "partner", "consent", "datenschutz", "fremde", "extern", "privac", "privat", "confidential", "donnée",
    "socios", "subscri", "abonn", "sign in", "sign up", "log in", "login", "register", "langganan", "akun", "device",
    "traceur", "il vous reste", "suscr", "abbonat", "assin", "pelanggan",
)  # fmt: skip
# What a site says to its readers, in the first or second person: articles about privacy don't address them so. Matched
# with texts in lower case, which takes a third of the time of re.IGNORECASE.
REQUEST = re.compile(
    r"\b(?:we (?:and|also|may|use|value|and our)\b.{0,80}\b(?:cookies?|partners|vendors|third[- ]part|privacy)"
    r"|our (?:[0-9,. ]{1,6}\s?)?(?:trusted |advertising |third[- ]party )?(?:partners|vendors)\b.{0,300}"
    r"(?:cookies|devices?|data|consent|advertis)"
    r"|(?:manage|change|accept|reject|withdraw|give)\b.{0,30}\byour (?:cookie |privacy |consent )?"
    r"(?:choices|preferences|settings|consent|cookies)"
    r"|(?:this|our) (?:web)?site (?:or its third[- ]party tools )?uses? cookies|your (?:use|acceptance) of cookies"
    r"|by (?:clicking|continuing|using)\b.{0,120}\b(?:cookies|privacy policy|terms of (?:use|service))"
    r"|to (?:view|watch|see|display) this (?:content|video|post|embed).{0,100}\b(?:cookies|consent|settings)"
    r"|this (?:article|content|page) (?:contains|includes) content (?:provided )?(?:by|from)\b.{0,200}"
    r"\b(?:cookies|permission)"
    # German
    r"|(?:wir|unsere[rn]?)\b.{0,120}\bcookies|bin (?:damit )?einverstanden, dass mir\b"
    r"|(?:fremde|externe)[rn]? inhalte?\b.{0,200}|ihre einwilligung\b"
    r"|daten an (?:dritte|drittplattformen|den anbieter)\b"
    # French, Spanish, Italian, Dutch, Portuguese, Indonesian
    r"|(?:nous|nos partenaires)\b.{0,120}\b(?:cookies|traceurs|données)|votre consentement\b"
    r"|(?:utilizamos|usamos|nuestros socios)\b.{0,120}\b(?:cookies|datos)|su consentimiento\b"
    r"|(?:utilizziamo|noi e i nostri partner)\b.{0,120}\b(?:cookie|dati)|(?:wij|we) gebruiken\b.{0,60}\bcookies"
    r"|kami menggunakan\b.{0,60}\bcookie"
    # An account or a subscription to read on
    r"|(?:subscribe|register|log ?in|sign in|sign up)\b.{0,60}\bto (?:continue|keep) reading"
    r"|(?:subscribe|register|log ?in|sign in)\b.{0,30}\bto (?:read|access|unlock|view)"
    r" (?:the|this|our|all|full|unlimited)\b"
    r"|already (?:a subscriber|have an account|subscribed|registered)\?"
    r"|(?:silakan|silahkan) (?:login|masuk|daftar|berlangganan)\b.{0,80}\b(?:membaca|melanjutkan)"
    r"|(?:login|masuk|daftar|berlangganan)\b.{0,30}\buntuk (?:membaca|melanjutkan))"
    # The same of the page's own text, which ends here
    r"|(?:la suite|cet article)\b.{0,30}\b(?:est|sont) réservée?s? (?:aux|à nos) abonné"
    r"|il vous reste [0-9.,]{1,6} ?% de cet article"
    r"|(?:artikel|beitrag|text|inhalt)\b.{0,20}\b(?:nur|exklusiv) für (?:unsere )?abonnent"
    r"|(?:contenido|artículo|nota) exclusiv[oa] para suscriptores|suscríbe(?:te|se) para (?:seguir|continuar) leyendo"
    r"|(?:articolo|contenuto) (?:è )?riservato agli abbonati|abbonati per (?:continuare a )?leggere"
    r"|(?:conteúdo|matéria|artigo) exclusiv[oa] para assinantes|assine para (?:continuar lendo|ler)"
    r"|(?:artikel|verhaal) is (?:alleen|exclusief) voor abonnees"
    r"|(?:artikel|konten|berita) ini (?:hanya |khusus )(?:untuk |bagi )?pelanggan"
    r"|(?:store|access)\b.{0,20} information on (?:a|your) device|einstellungen zur privatsphäre",
)


def is_request(text: str) -> bool:
    """Return whether the text asks for consent, a registration or a subscription."""
    return bool(find_requests([text]))


def find_requests(texts: Sequence[str]) -> set[int]:
    """Return the positions of the texts that ask for consent, a registration or a subscription."""
    in_range = {i: text.lower() for i, text in enumerate(texts) if MIN_LENGTH <= len(text) <= MAX_LENGTH}
    all_texts = "\n".join(in_range.values())
    subjects = [subject for subject in SUBJECTS if subject in all_texts]  # few occur on a page
    if not subjects:
        return set()
    with_subject = (i for i, text in in_range.items() if any(map(text.__contains__, subjects)))
    return {i for i in with_subject if REQUEST.search(in_range[i])}

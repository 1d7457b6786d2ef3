"""Recognizing what a site asks of its readers: consent to cookies and embedded media, or an account to read on."""

import re

MIN_LENGTH = 40  # characters; shorter ones are the window's buttons
MAX_LENGTH = 1500
# One of these must occur, which is checked first: it is faster.
SUBJECTS = (
    "cookie", "partner", "consent", "datenschutz", "fremde", "extern", "privac", "privat", "confidential", "donnée",
    "socios", "subscri", "abonn", "sign in", "sign up", "log in", "login", "register", "langganan", "akun", "device",
    "traceur",
)  # fmt: skip
# What a site says to its readers, in the first or second person: articles about privacy don't address them so.
REQUEST = re.compile(
    r"\bwe (?:and|also|may|use|value|and our)\b.{0,80}\b(?:cookies?|partners|vendors|third[- ]part|privacy)"
    r"|\bour (?:[0-9,. ]{1,6}\s?)?(?:trusted |advertising |third[- ]party )?(?:partners|vendors)\b.{0,300}"
    r"(?:cookies|devices?|data|consent|advertis)"
    r"|(?:store|access)\b.{0,20} information on (?:a|your) device"
    r"|\b(?:manage|change|accept|reject|withdraw|give)\b.{0,30}\byour (?:cookie |privacy |consent )?"
    r"(?:choices|preferences|settings|consent|cookies)"
    r"|\b(?:this|our) (?:web)?site (?:or its third[- ]party tools )?uses? cookies|\byour (?:use|acceptance) of cookies"
    r"|\bby (?:clicking|continuing|using)\b.{0,120}\b(?:cookies|privacy policy|terms of (?:use|service))"
    r"|\bto (?:view|watch|see|display) this (?:content|video|post|embed).{0,100}\b(?:cookies|consent|settings)"
    r"|\bthis (?:article|content|page) (?:contains|includes) content (?:provided )?(?:by|from)\b.{0,200}"
    r"\b(?:cookies|permission)"
    # German
    r"|\b(?:wir|unsere[rn]?)\b.{0,120}\bcookies|\bbin (?:damit )?einverstanden, dass mir\b"
    r"|\b(?:fremde|externe)[rn]? inhalte?\b.{0,200}|einstellungen zur privatsphäre|\bihre einwilligung\b"
    r"|\bdaten an (?:dritte|drittplattformen|den anbieter)\b"
    # French, Spanish, Italian, Dutch, Portuguese, Indonesian
    r"|\b(?:nous|nos partenaires)\b.{0,120}\b(?:cookies|traceurs|données)|\bvotre consentement\b"
    r"|\b(?:utilizamos|usamos|nuestros socios)\b.{0,120}\b(?:cookies|datos)|\bsu consentimiento\b"
    r"|\b(?:utilizziamo|noi e i nostri partner)\b.{0,120}\b(?:cookie|dati)|\b(?:wij|we) gebruiken\b.{0,60}\bcookies"
    r"|\bkami menggunakan\b.{0,60}\bcookie"
    # An account or a subscription to read on
    r"|\b(?:subscribe|register|log ?in|sign in|sign up)\b.{0,60}\bto (?:continue|keep) reading"
    r"|\b(?:subscribe|register|log ?in|sign in)\b.{0,30}\bto (?:read|access|unlock|view)"
    r" (?:the|this|our|all|full|unlimited)\b"
    r"|\balready (?:a subscriber|have an account|subscribed|registered)\?"
    r"|\b(?:silakan|silahkan) (?:login|masuk|daftar|berlangganan)\b.{0,80}\b(?:membaca|melanjutkan)"
    r"|\b(?:login|masuk|daftar|berlangganan)\b.{0,30}\buntuk (?:membaca|melanjutkan)",
    re.IGNORECASE,
)


def is_request(text: str) -> bool:
    """Return whether the text asks for consent, a registration or a subscription."""
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        return False
    lower = text.lower()
    return any(subject in lower for subject in SUBJECTS) and REQUEST.search(text) is not None

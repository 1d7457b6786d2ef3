"""Names of the months in some sixty languages, full and abbreviated, as the Unicode CLDR gives them.

Written by tests/extract/text/test_months.py from babel's copy of the CLDR (https://cldr.unicode.org); looking them up
there takes a second at each start of a process.
"""

import re
import unicodedata

MARK = re.compile("[\u0300-\u036f\u0653-\u0655]")  # accents, and the hamza of Arabic letters

# For each month, without accents.
NAMES = (
    "ene enero gen gener gennaio ian ianuarie jaanuar jan janar janeiro janner januar januara januari januarie "
    "january janv janvaris janvier leden ledna oca ocak sausio sausis sty styczen stycznia tammikuu tammikuuta "
    "xaneiro yanvar ιαν ιανουαριοσ ιανουαριου студзень студзеня січ січень січня янв январь января януари јануар "
    "јануари қаңтар հունվար հունվարի ינואר جنوری يناير जनवरी जन॰ जानेवारी জানু জানুয়ারী ஜனவரி జనవరి ဇန်နဝါရီ იანვარი",
    "feb febbraio febreiro febrer febrero februar februara februari februarie februaris february fev fevereiro fevr "
    "fevral fevrier helmikuu helmikuuta lut lutego luty peb pebrero shkurt sub subat unor unora vasario vasaris "
    "veebruar φεβ φεβρουαριοσ φεβρουαριου ақпан лют лютага лютии лютого люты фебруар февр февраль февраля февруари "
    "փետրվար փետրվարի פברואר شباط فبراير فروری फ़रवरी फ़र॰ फेब्रुअरी फेब्रुवारी ফেব ফেব্রুয়ারী பிப்ரவரி ఫిబ్రవరి "
    "ဖေဖော်ဝါရီ თებერვალი",
    "brezen brezna kovas kovo maaliskuu maaliskuuta maart mac machi mar marc marca march marcius marco marec maret "
    "mars marso mart martie marts marz marzec marzo mrt μαρ μαρτιοσ μαρτιου бер березень березня мар март марта "
    "наурыз сакавік сакавіка մարտ մարտի מרץ اذار مارس مارچ मार्च মার্চ மார்ச் మార్చి မတ် მარტი",
    "abr abril apr aprel april aprila aprile aprili aprilie aprilis aprill avr avril balandis balandzio duben dubna "
    "huhtikuu huhtikuuta kwi kwiecien kwietnia nis nisan prill απρ απριλιοσ απριλιου апр апрель апреля април квіт "
    "квітень квітня красавік красавіка сәуір ապրիլ ապրիլի אפריל ابريل اپریل نيسان अप्रिल अप्रैल एप्रिल এপ্রি এপ্রিল "
    "ஏப்ரல் ఏప్రిల్ ဧပြီ აპრილი",
    "geguze geguzes kveten kvetna mag maggio mai maig maijs maio maj maja majus may mayo mayıs mei toukokuu "
    "toukokuuta μαι μαιοσ μαιου маи мамыр мая мај трав травень травня մայիս մայիսի מאי ايار ماي مايو ميی მაისი",
    "birzelio birzelis cerven cervna cze czerwca czerwiec giu giugno haz haziran hun hunyo iun iunie iyun juin jun "
    "juna june junho juni junie junij junijs junio junius juny juuni kesakuu kesakuuta qershor xuno ιουν ιουνιοσ "
    "ιουνιου июн июнь июня маусым черв червень червня чэрвень чэрвеня юни јун јуни հունիս հունիսի יוני جون حزيران "
    "يونيو जुन जून জুন ஜூன் జూన్ ဇွန် ივნისი",
    "cervence cervenec heinakuu heinakuuta hul hulyo iul iulie iyul juil juillet jul jula julai julho juli julie "
    "julij julijs julio juliol julius july juuli korrik liepa liepos lip lipca lipiec lug luglio tem temmuz xullo "
    "ιουλ ιουλιοσ ιουλιου июл июль июля лип липень липня ліпень ліпеня шілде юли јул јули հուլիս հուլիսի יולי تموز "
    "جولايی يوليو يوليوز जुलाई जुलै जुल॰ জুল জুলাই ஜூலை జులై ဇူလိုင် ივლისი",
    "ago agost agosti agosto agu agust agustos agustus aout aug august augusta augusti augusts augustus augusztus "
    "avgust avqust elokuu elokuuta gusht ogo ogos rugpjucio rugpjutis sie sierpien sierpnia srpen srpna αυγ αυγουστοσ "
    "αυγουστου авг август августа жнівень жніуня серп серпень серпня тамыз օգոստոս օգոստոսի אוגוסט اغسطس اگست غشت "
    "अगस्ट अगस्त अग॰ ऑगस्ट আগস্ট ஆகஸ்ட் ఆగస్టు ဩဂုတ် აგვისტო",
    "eyl eylul rugsejis rugsejo sentabr sentyabr sep sept septemba septembar september septembra septembre septembrie "
    "septembris septiembre set setembre setembro settembre setyembre shtator syyskuu syyskuuta szeptember wrz "
    "wrzesien wrzesnia zari σεπ σεπτεμβριοσ σεπτεμβριου вер верасень верасня вересень вересня сент сентябрь сентября "
    "септембар септември қыркүиек սեպտեմբեր սեպտեմբերի ספטמבר ايلول سبتمبر ستمبر شتنبر सप्टेंबर सितंबर सित॰ "
    "सेप्टेम्बर সেপ সেপ্টেম্বর செப்டம்பர் సెప్టెంబర్ စက်တင်ဘာ სექტემბერი",
    "eki ekim lokakuu lokakuuta oct october octobre octombrie octubre okt oktabr oktoba oktobar oktober oktobra "
    "oktobris oktoober oktubre oktyabr ott ottobre out outubro paz pazdziernik pazdziernika rijen rijna spalio spalis "
    "tetor οκτ οκτωβριοσ οκτωβριου жовт жовтень жовтня кастрычнік кастрычніка окт октобар октомври октябрь октября "
    "қазан հոկտեմբեր հոկտեմբերի אוקטובר اكتوبر اکتوبر अक्टूबर अक्टू॰ अक्टोबर ऑक्टोबर অক্টো অক্টোবর அக்டோபர் "
    "అక్టోబర్ အောက်တိုဘာ ოქტომბერი",
    "kas kasım lapkricio lapkritis lis listopad listopada listopadu marraskuu marraskuuta nentor nob nobyembre "
    "noiembrie nov novemba novembar november novembra novembre novembris novembro noviembre noyabr νοε νοεμβριοσ "
    "νοεμβριου лист листопад листопада лістапад лістапада новембар ноември нояб ноябрь ноября қараша նոյեմբեր "
    "նոյեմբերի נובמבר نوفمبر نومبر نونبر नवंबर नव॰ नोभेम्बर नोव्हेंबर নভে নভেম্বর நவம்பர் నవంబర్ နိုဝင်ဘာ ნოემბერი",
    "ara aralık dec decembar december decembra decembre decembrie decembris decembro dekabr des desemba desember "
    "desembre detsember dez dezember dezembro dhjetor dic dicembre diciembre dis disember disyembre gru grudnia "
    "grudzien gruodis gruodzio joulukuu joulukuuta prosince prosinec δεκ δεκεμβριοσ δεκεμβριου груд грудень грудня "
    "дек декабрь декабря декември децембар желтоқсан снежань снежня դեկտեմբեր դեկտեմբերի דצמבר دجنبر دسمبر ديسمبر "
    "डिसेंबर डिसेम्बर दिसंबर दिस॰ ডিসে ডিসেম্বর டிசம்பர் డిసెంబర్ ဒီဇင်ဘာ დეკემბერი",
)
# What newspapers print beside: other spellings, other abbreviations.
OTHERS = (
    "jan janner sty", "peb pebr fev febr", "mrz mrt maa", "avr kwi nis", "maj maja", "juin cze haz",
    "juil jly lip", "agt ags agst", "sept set wrz eyl", "okt ottob paz", "nop nopember lis", "des dez dic",
)  # fmt: skip
MIN_PREFIX_LENGTH = 4  # letters of another abbreviation: `Sept`, `Agus`


def fold(word: str) -> str:
    """Return the word in lower case, without accents."""
    return MARK.sub("", unicodedata.normalize("NFKD", word.casefold()))


MONTHS = {name: number for names in (NAMES, OTHERS) for number, line in enumerate(names, 1) for name in line.split()}
PREFIXES = {name[:length]: number for name, number in MONTHS.items() for length in range(MIN_PREFIX_LENGTH, len(name))}


def month_number(word: str) -> int | None:
    """Return the number of the month that the word names or abbreviates; None where it is none."""
    name = fold(word).rstrip(".")
    return MONTHS.get(name) or PREFIXES.get(name)

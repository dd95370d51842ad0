"""The words that titles are made of, by the level they stand for."""

from collections.abc import Mapping

from qualcode.models import Level

# Whole words whose last part would mislead, and abbreviations.
EXACT: Mapping[Level, str] = {
    Level.DIREKTOER: "ceo topleder topchef direktionen direktion",
    Level.CHEF: "vicechef chefsygeplejerske cheflæge chefjordemoder cheftandlæge",
    Level.LEDER: "souschef rektor prorektor vicerektor viceinspektør havnefoged stedfortræder "
    "køkkenchef oversygeplejerske afdelingssygeplejerske overtandlæge vejformand arbejdsformand værkfører ledelsen "
    "ledelse",
    Level.TILLIDSVALGT: "tr ftr amr tillidsmand tillidskvinde fællestillidsmand klubformand fællesklubformand "
    "kredsformand "
    "fællestr tillidsvalgt fællestillidsvalgt medarbejdervalgt tillidsrepr fællestillidsrepr arbejdsmiljørepr",
    Level.MEDARBEJDER: "projektleder procesleder projektchef programleder kursusleder mødeleder vejleder sagsleder "
    "rejseleder korleder delprojektleder børnehaveklasseleder hk ac sosu ssa ssh akt pau vejmand brandmand skraldemand "
    "hrpartner businesspartner nattevagt aftenvagt dagvagt ansat ansatte montør smed tømrer økonoma",
    Level.POLITIKER: "rådmand rådkvinde folkevalgt folkevalgte ordfører mf minister statsminister byråd byrådet "
    "kommunalbestyrelse kommunalbestyrelsen folketinget regionsrådet",
    Level.FRIVILLIG: "formand næstformand forkvinde næstforkvinde forperson næstforperson kasserer spejderleder "
    "holdleder træner "
    "ildsjæl besøgsven natteravn vågekone vågekvinde foreningsleder idrætsleder foreningsaktiv spejder",
    Level.BORGER: "mor far datter søn hustru kone samlever samleverske bror søster barnebarn mormor morfar farmor "
    "farfar "
    "svigersøn svigerdatter ægtefælle ægtemand nabo genbo lodsejer flygtning indvandrer nydansker kunde gæst "
    "kursist klient barn senior universitetsstuderende jobsøgende arbejdssøgende arbejdsløs hjemløs udsat",
}
# Last parts of compounds, and words of their own. The longest that fits decides.
ENDINGS: Mapping[Level, str] = {
    Level.DIREKTOER: "direktør",
    Level.CHEF: "chef",
    Level.LEDER: "leder skoleinspektør bestyrer mester forstander",
    Level.TILLIDSVALGT: "tillidsrepræsentant arbejdsmiljørepræsentant medarbejderrepræsentant sikkerhedsrepræsentant",
    Level.POLITIKER: "borgmester politiker folketingskandidat spidskandidat parlamentariker",
    Level.FRIVILLIG: "frivillig træner initiativtager aktivist beboerdemokrat",
    Level.BORGER: "borger borgergruppe beboer pårørende bruger forælder forældre elev studerende ledig patient "
    "modtager "
    "pensionist sygemeldt lejer grundejer husejer boligejer værge tilflytter",
    Level.MEDARBEJDER: "vejleder projektleder medarbejder konsulent sekretær pædagog medhjælper lærer sygeplejerske "
    "assistent hjælper sagsbehandler koordinator planlægger rådgiver terapeut fuldmægtig ingeniør arkitekt bibliotekar "
    "pedel gartner specialist behandler psykolog jordemoder læge dagplejer plejer formidler tovholder udvikler "
    "analytiker jurist økonom controller kontorelev sosuelev assistentelev hjælperelev sundhedselev tekniker betjent "
    "vært inspektør instruktør supporter redaktør sundhedsplejerske visitator brobygger facilitator biolog konstruktør "
    "chauffør kok student laborant farmaceut geolog agronom landinspektør mentor coach journalist funktionær portier "
    "kontaktperson støtteperson bostøtte logopæd arkivar akademiker praktikant trainee vikar afløser tolk receptionist "
    "bogholder revisor designer strateg underviser ansvarlig ekspert diætist livredder adjunkt lektor elektriker "
    "kurator generalist kandidat håndværker",
}
# Words of EXACT and ENDINGS that begin many a sentence or heading, too: a title of several words may hold them,
# but alone at the start of a line, or in a file's name, they name nobody.
NOT_ALONE = frozenset(
    "barn senior kunde gæst klient hk ac akt mf ceo ssa ssh pau byråd byrådet kommunalbestyrelse "
    "kommunalbestyrelsen folketinget regionsrådet direktion direktionen ledelse ledelsen ansat ansatte forældre udsat "
    "ansvarlig kandidat smed ekspert modtager mentor coach kone spejder".split()
)
# Bodies and groups somebody may sit in or speak for, told by a part of their name. The first that fits decides.
BODIES: tuple[tuple[str, Level], ...] = (
    (r"(?:elev|forældre|bruger|pårørende|beboer(?!forening)|borger(?!forening|menes hus)|patient)\w*", Level.BORGER),
    (r"skolebestyrelse\w*", Level.BORGER),
    (
        r"(?:hoved|lokal|område|center|sektor|forvaltnings|fælles)?-?med(?:-?\w*)?|(?:\w+-)?med-?udvalg\w*|hovedudvalg\w*|"
        r"samarbejdsudvalg\w*|arbejdsmiljø\w*|medarbejder\w*|tillids\w*|sikkerheds\w*|f?tr|amr|bupl|foa|hk|dlf|3f|dsr|djøf|"
        r"\w*lærerkreds\w*|lærerforening\w*|fagforening\w*|fagbevægelse\w*|fagklub\w*",
        Level.TILLIDSVALGT,
    ),
    (r"\w*direktion\w*", Level.DIREKTOER),
    (r"chefgruppe\w*|chefteam\w*", Level.CHEF),
    (r"\w*ledelse\w*|ledergruppe\w*|lederteam\w*", Level.LEDER),
    (
        r"by|byråd\w*|kommunalbestyrelse\w*|region|regionsråd\w*|borgmester\w*|folketing\w*|magistrat\w*",
        Level.POLITIKER,
    ),
    (r"(?:bruger|fest|aktivitets|borger)udvalg\w*", Level.FRIVILLIG),
    (r"\w*-?udvalg(?:et|s|ets)?|gruppe", Level.POLITIKER),
    (
        r"\w*(?:råd|forening|klub|klubben|bestyrelse|laug|lav|selskab|spejder|korps|fællesskab|netværk|sogn|menighed)"
        r"(?:et|en|s|ne|erne|ens|ets)?|landsby\w*|ældre\s+sagen|røde\s+kors|afdelings?",
        Level.FRIVILLIG,
    ),
)

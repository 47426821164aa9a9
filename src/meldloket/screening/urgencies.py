"""Rules for how soon somebody must look. What citizens write about haste ("dringend!") does not count, or everything would be
urgent; what is there does."""

# ruff: noqa: E501  (a regular expression reads better unbroken)
from __future__ import annotations

from .emergencies import PAST
from .matching import Rule

URGENT, HIGH, NORMAL = "urgent", "high", "normal"
_NO_DANGER = r"niet (?:echt |meteen |direct )?(?:gevaarlijk|dringend)|geen (?:direct |onmiddellijk |echt )?gevaar|zonder gevaar|ongevaarlijk|not dangerous|pas dangereux|nicht gefahrlich"

URGENCIES: tuple[Rule, ...] = (
    Rule(
        "open-put",
        value=URGENT,
        needs="deksel rooster put manhole couvercle deckel plaque",
        find=(
            r"\b(?:\w*deksel|\w*rooster)\b.{0,40}\b(?:weg|ontbreekt|gestolen|verdwenen|ligt eraf|mankeert|foetsie|is open|staat open)\b",
            r"\b(?:ontbrekend|ontbrekende|verdwenen|gestolen|weggenomen) (?:\w*deksel|\w*rooster)\b|\bopen (?:rioolput|put|riool|mangat)\b",
            r"\bmanhole cover (?:is )?missing\b|\bcouvercle\b.{0,30}\b(?:disparu|manque)\b|\bdeckel (?:fehlt|ist weg)\b",
        ),
        unless=r"vuilbak|vuilnisbak|container\b|glasbol",
        why="Een open put: iemand kan erin vallen of rijden.",
    ),
    Rule(
        "weg-versperd",
        value=URGENT,
        needs="boom tak paal bomen bom arbre tree baum",
        find=(
            r"\b(?:boom|bomen|tak|takken|paal|bom|populier|eik|beuk|den|wilg)\b.{0,60}\b(?:over|op|dwars over) (?:de|het) (?:weg|straat|rijbaan|rijweg|baan|fietspad|auto|dreef|steenweg)\b",
            r"\b(?:arbre|branche)\b.{0,30}\bsur la (?:route|chaussee)\b|\btree\b.{0,40}\b(?:across|on) the (?:road|street)\b|\bbaum\b.{0,30}\bauf (?:der|die) stra\w+\b",
        ),
        unless=rf"{PAST}|bladeren|schaduw|blaren",
        why="Iets verspert de weg.",
    ),
    Rule(
        "dreigt-te-vallen",
        value=URGENT,
        needs="vallen instort omval bengel tomber fall herunter hangt",
        find=(
            r"\b(?:dreigt|dreigen|staat op|gaat|gaan|kan elk moment|kan ieder moment|elk moment|ieder moment) (?:\w+ ){0,5}(?:vallen|omvallen|om te vallen|in te storten|instorten|afbreken|naar beneden te komen)\b",
            r"\b(?:instortingsgevaar|op instorten|vallende (?:stenen|pannen|dakpannen|takken)|menace de tomber|about to fall|droht (?:herunter\w*|um\w*))\b",
            r"\b(?:tak|takken|lamp|kap|gevel\w*|dakpan\w*|spandoek|bord|schoorsteen)\b.{0,40}\b(?:hangt|hangen) (?:\w+ ){0,3}(?:los|te bengelen|scheef)\b.{0,30}\bboven\b",
            r"\b(?:pannen|dakpannen|stenen|brokken|tegels)\b.{0,40}\bvallen\b.{0,30}\b(?:straat|voetpad|stoep|weg|trottoir)\b",
        ),
        unless=PAST,
        why="Iets dreigt te vallen of in te storten.",
    ),
    Rule(
        "blote-draden",
        value=URGENT,
        needs="dra kabel luik deurtje elektr wires",
        find=(
            r"\b(?:dra(?:ad|den)|kabels?|elektriciteit)\b.{0,40}\b(?:zichtbaar|bloot|los|uit de (?:paal|kast)|hangen eruit|open)\b|\b(?:blote|losse|blootliggende|openliggende) (?:elektriciteits)?(?:dra(?:ad|den)|kabels?)\b",
            r"\b(?:luik|luikje|deurtje|deksel)\b.{0,40}\b(?:verlichtingspaal|lantaarnpaal|lichtpaal|elektriciteitskast|paal)\b.{0,40}\b(?:open|weg|ontbreekt|los)\b|\b(?:verlichtingspaal|lantaarnpaal|lichtpaal)\b.{0,40}\b(?:luik|luikje|deurtje)\b.{0,20}\b(?:open|weg)\b",
            r"\bexposed wires\b|\bfils (?:denudes|apparents)\b",
        ),
        unless=r"telefoon|proximus|telenet|laadkabel|internet",
        why="Draden liggen bloot: kans op een elektrische schok.",
    ),
    Rule(
        "verkeerslicht-uit",
        value=URGENT,
        needs="licht feux lights ampel seinen",
        find=(
            r"\b(?:verkeerslicht\w*|stoplicht\w*|rode? lichte?n?|lichten|seinen|feux|traffic lights?|ampel)\b.{0,60}\b(?:uit|uitgevallen|gedoofd|defect|werken niet|werkt niet|kapot|doet het niet|doen het niet|stuk|tegelijk groen|not working|ne fonctionnent pas|ausgefallen)\b",
            r"\btegelijk groen\b",
        ),
        category="verkeerslicht",
        unless=r"drukknop|rateltikker|knopje|bouton|button",
        why="Een verkeerslicht dat uitvalt is meteen gevaarlijk.",
    ),
    Rule(
        "water-in-huis",
        value=URGENT,
        needs="water zandzak kelder garage blank overstrom inond flood sandbag keller sandsack",
        find=(
            r"\bwater\b.{0,50}\b(?:in|binnen)\b.{0,20}\b(?:huis|huizen|kelder|kelders|garage|living|woning|woningen|keuken|woonkamer)\b|\bwater (?:komt|loopt|stroomt) (?:\w+ ){0,5}binnen\b",
            r"\b(?:zandzak\w*|sandbags?|sacs de sable|sandsacke)\b|\b(?:kelder|kelders|garage)\b.{0,30}\b(?:onder water|loopt vol|lopen vol|ondergelopen)\b|\bhuis\b.{0,20}\bondergelopen\b",
        ),
        unless=rf"{PAST}|elke keer|telkens|iedere keer|altijd",
        category="wateroverlast",
        why="Er loopt nu water in huizen.",
    ),
    Rule(
        "olie-op-weg",
        value=URGENT,
        needs="olie mazout diesel huile oil",
        find=(
            r"\b(?:oliespoor|olievlek|mazoutspoor|dieselspoor)\b",
            r"\b(?:olie|mazout|diesel)\b.{0,40}\bop (?:de|het) (?:weg|rijbaan|rijweg|straat|baan|fietspad|wegdek|rotonde|rondpunt)\b",
            r"\boil spill\b.{0,30}\broad\b",
        ),
        unless=PAST,
        why="Olie op de weg is glad.",
    ),
    Rule(
        "naalden",
        value=URGENT,
        needs="naald spuit needle seringue spritze",
        find=(
            r"\b(?:\w*naald(?:en)?|drugsspuit\w*|injectiespuit\w*|spuit(?:en)?|needles?|syringes?|seringues?|spritzen?)\b.{0,60}\b(?:speel\w*|zandbak|school\w*|park|kind\w*|struiken|gevonden|ligt|liggen|playground|found|ecole|spielplatz)\b",
            r"\bgebruikte (?:naalden|spuiten)\b",
        ),
        unless=r"graffiti|spuitbus|spuiten (?:met|op)|tags",
        why="Naalden of spuiten: prikgevaar.",
    ),
    Rule(
        "gevaarlijk-toestel",
        value=URGENT,
        needs="speel schommel glijbaan klim swing slide goal",
        find=(
            r"\b(?:speeltoestel\w*|schommel|glijbaan|klimrek|klimtoestel|speeltuig|wip|kabelbaan|goal|voetbaldoel)\b.{0,80}\b(?:gevaarlijk|scherpe?|gewond|bezeerd|gevallen|los\b|omgevallen|afgebroken|steekt|schroef|nagel|vijs)\b",
        ),
        why="Een kind kan zich aan het toestel verwonden.",
    ),
    Rule(
        "asbest-gif",
        value=HIGH,
        needs="asbest eterni golfplat gift chemi vloeistof drugsafval vaten asbestos amiante",
        find=(
            r"\b(?:asbest\w*|eterniet\w*|golfpla\w+|asbestos|amiante|drugsafval|giftig\w*|chemisch\w*|onbekende vloeistof)\b",
        ),
        why="Mogelijk schadelijke stoffen.",
    ),
    Rule(
        "gladheid",
        value=HIGH,
        needs="ijz ijs glad sneeuw gevroren verglas ice icy glatt eis schnee neige",
        find=(
            r"\b(?:ijzel|spekglad|spiegelglad|ijsplek\w*|ijsplaat|ijspiste|bevroren|aangevroren|gladheid|verglas|black ice|icy|glatteis)\b",
            r"\bglad\b.{0,40}\b(?:vorst|ijs|sneeuw|rijm)\b",
        ),
        category="gladheid",
        why="Gladheid: kans op vallen en slippen.",
    ),
    Rule(
        "voorrangsbord",
        value=HIGH,
        needs="stopbord voorrang eenrichting verboden stop",
        find=(
            r"\b(?:stopbord|voorrangsbord|eenrichtingsbord|bord (?:voorrang|verboden|eenrichting)\w*|stop sign|panneau stop|stoppschild)\b.{0,80}\b(?:weg|verdwenen|omver|grond|gestolen|ontbreekt|verdraaid|ligt|missing|disparu|fehlt)\b",
        ),
        why="Zonder dit bord weet niemand wie voorrang heeft.",
    ),
    Rule(
        "paal-omver",
        value=HIGH,
        needs="paal mast lantaarn pole poteau",
        find=(
            r"\b(?:verlichtingspaal|lantaarnpaal|lichtpaal|lamppaal|paal met lamp|verlichtingsmast|lamp post|lampadaire)\b.{0,60}\b(?:scheef|omver\w*|aangereden|hangt over|doorgerot|leunt|leaning|penche)\b",
        ),
        why="De paal kan verder omvallen.",
    ),
    Rule(
        "vluchtweg",
        value=HIGH,
        needs="nooduitgang vluchtweg brandweg hydrant brandkraan brandweer hulpdiensten evacuatie issue exit notausgang brandgang",
        find=(
            r"\b(?:nooduitgang|vluchtweg|evacuatieweg|brandweg|brandgang|hydrant|brandkraan|issue de secours|emergency exit|notausgang|borne d'incendie|fire hydrant)\b",
            r"\b(?:brandweer|hulpdiensten|ambulance|ziekenwagen)\b.{0,30}\b(?:kan|kunnen|geraakt|geraken) (?:\w+ ){0,3}niet (?:door|voorbij|binnen)\b",
        ),
        why="Bij brand telt elke minuut.",
    ),
    Rule(
        "bijtende-hond",
        value=HIGH,
        needs="bijt gebeten aanval valt grom bite mordu gebissen",
        find=(
            r"\b(?:gebeten|bijt|bijten|bit|bitten|mordu|gebissen)\b",
            r"\bhond\w*\b.{0,60}\b(?:valt|vallen|aangevallen|grommen|gromt)\b",
        ),
        category="dieren",
        why="Een dier dat mensen of dieren aanvalt.",
    ),
    Rule(
        "rupsen-school",
        value=HIGH,
        needs="rups hoorn wespen chenille frelon caterpillar hornet",
        find=(
            r"\b(?:\w*rups\w*|\w*hoornaar\w*|wespennest\w*|hornet|caterpillar\w*|chenilles|frelons?)\b.{0,80}\b(?:school|speelplein|speeltuin|kinderen|creche|jeuk|uitslag|gestoken|sportveld\w*|ecole|playground)\b",
        ),
        why="Kinderen of voorbijgangers kunnen gestoken worden of uitslag krijgen.",
    ),
    Rule(
        "gevallen-of-gewond",
        value=HIGH,
        needs="gevallen gestruikeld gewond verstuikt gebroken bijna ongeval aangereden valpartij fell injured blesse tombe tripped gesturzt gestolpert verletzt",
        find=(
            r"\b(?:ben|is|zijn|was|heb|bijna|al) (?:\w+ ){0,6}(?:gevallen|gestruikeld|uitgegleden|ten val gekomen|gewond|gekwetst|aangereden)\b|\b(?:gewond|gestruikeld|verstuikt|gekwetst|valpartij\w*|uitgegleden|(?:arm|been|heup|pols|enkel|voet) gebroken)\b",
            r"\bbijna\b.{0,30}\b(?:aangereden|ongeval\w*|gevallen|omvergereden|verongelukt)\b|\b(?:al|elke week|regelmatig)\b.{0,30}\bongeval\w*\b",
            r"\b(?:tripped|fell over|injured|got hurt|est tombee?|s'est blesse\w*|gesturzt|gestolpert|verletzt)\b",
        ),
        unless=rf"{_NO_DANGER}|boom (?:is )?gevallen|tak (?:is )?gevallen|paal (?:is )?gevallen|bord\w* (?:is )?gevallen|(?:van|uit) (?:de|zijn|het) (?:gevel|paal|muur|hengsels) gevallen",
        why="Er is al iemand gevallen, gewond of bijna aangereden.",
    ),
    Rule(
        "gevaarlijk",
        value=HIGH,
        needs="gevaar onveilig dangereu danger dangerous unsafe gefahrlich gefahr",
        find=(
            r"\b(?:levensgevaarlijk\w*|gevaarlijk\w*|heel gevaar\w*|in gevaar|onveilig\w*|dangereu\w+|dangerous\w*|unsafe|gefahrlich\w*)\b",
        ),
        unless=_NO_DANGER,
        score=0.6,
        why="De melder beschrijft gevaar.",
    ),
)

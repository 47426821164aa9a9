"""Rules that recognise danger to life or a crime going on. They run without the model, while someone types, so that the notice
"bel 112" is there at once. A rule that fires too often is as bad as one that stays silent: each says what it is not."""

# ruff: noqa: E501  (a regular expression reads better unbroken)
from __future__ import annotations

from .matching import Rule, text_of

#: What makes a sentence about another moment than now, in the folded spelling of `text.fold`.
PAST = (
    r"\b(?:gisteren\w*|eergisteren|vorige?|verleden|geleden|destijds|toen|onlangs|afgelopen|laatst|vroeger|ooit|vannacht (?:is|zijn|hebben|heeft)|"
    r"deze nacht (?:is|zijn|hebben|heeft)|in (?:19|20)\d\d|sinds de brand|na de brand|yesterday|ago|last (?:week|month|year|night)|la semaine derniere|"
    r"le mois dernier|il y a \w+ (?:jours|semaines|mois|ans)|gestern|letzte\w*|vor \w+ (?:tagen|wochen|monaten|jahren)|was al|werd|werden)\b"
)
#: What makes it a habit instead of something that happens now.
HABIT = (
    r"\b(?:altijd|vaak|regelmatig|soms|elke|elk|iedere|ieder|wekelijks|dagelijks|maandelijks|al (?:meerdere|veel|verschillende|twee|drie|vier|\d+) ?\w*|"
    r"often|always|every|regularly|souvent|toujours|chaque|immer|oft|jede\w*)\b"
)
#: What makes it a fear, a near miss or a wish.
MAYBE = (
    r"\b(?:kan|kunnen|kon|konden|zou|zouden|zal|zullen|gaat|gaan)\b (?:\w+ ){0,8}(?:vallen|gebeuren|krijgen|ontstaan|ontploffen|vliegen|verdrinken|worden|"
    r"in het water|verongelukken|aangereden|vatten|schieten|voordoen)\b|"
    r"\b(?:bijna|risico|gevaar voor|gevaar op|kans op|straks|wachten tot|eerst een|moet er eerst|stel dat|preventie|oefening|almost|could|might|presque|pourrait|fast|konnte)\b"
)
NOT_NOW = rf"{HABIT}|{MAYBE}"
ANIMAL = (
    r"\b(?:hond\w*|kat|katten|poes\w*|dier\w*|egel\w*|vogel\w*|zwa?an\w*|zwanen|eend\w*|ree|reeen|duif|duiven|vos|das|paard\w*|koe|koeien|schaap|schapen|"
    r"konijn\w*|vis|vissen|kip|kippen|dog|dogs|cat|chien|chat|tier|katze|vogel)\b"
)
PERSON = (
    r"\b(?:iemand|man|mannen|vrouw\w*|kind|kinderen|kindje|baby|meisje\w*|jongen\w*|peuter|kleuter|persoon|personen|mens|mensen|mens|fietser\w*|voetganger\w*|"
    r"bejaarde\w*|dame|heer|meneer|mevrouw|buurman|buurvrouw|gebuur|motorrijder|bromfietser|bestuurder|chauffeur|zoon\w*|dochter\w*|moeder|vader|oma|opa|bomma|"
    r"bompa|slachtoffer\w*|arbeider|werkman|someone|somebody|person|woman|child|girl|boy|cyclist|quelqu'un|homme|femme|enfant|personne|jemand|mann|frau|kinder|mensch)\b"
)
NOW = (
    r"\b(?:nu|net|zonet|zopas|zojuist|daarnet|daarjuist|juist|momenteel|op dit moment|op dit ogenblik|bezig|aan het|aan 't|nog altijd bezig|right now|just|"
    r"in progress|en cours|en ce moment|gerade|jetzt)\b"
)
FIRE_112, POLICE_101 = "112", "101"

EMERGENCIES: tuple[Rule, ...] = (
    Rule(
        "brand",
        value=FIRE_112,
        needs="brand vlam fik lichterlaaie vuur incendie feu brul fire burn brenn flamm",
        find=(
            r"\b(?:staat|staan|vliegt|vat|vatte|schoot|schiet|vloog) (?:er )?(?:\w+ ){0,5}in (?:brand|de fik|vuur|lichterlaaie|vlammen)\b",
            r"\bin (?:brand|vlammen|lichterlaaie|de fik) (?:staat|staan|gevlogen|geschoten)\b",
            r"\bin lichterlaaie\b",
            r"\b(?:huis|woning|gebouw|dak|auto|wagen|loods|schuur|keuken|container|vuilbak|vuilnisbak|glasbol|haag|boom|caravan|bus) in (?:brand|de fik)\b(?! (?:gestoken|gezet|gestaan))",
            r"\b(?:er is|is er|er woedt|woedt|hevige|zware|uitslaande|felle|grote|beginnende) (?:\w+ ){0,3}(?:\w{3,12})?brand\b",
            r"^(?:help )?(?:brand )*(?:woning|auto|keuken|dak|bos|schouw|schoorsteen|container|kelder)?brand(?: brand)*(?: (?:in|bij|op|aan|achter|naast)\b|$)",
            r"\b(?:huis|woning|gebouw|dak|auto|wagen|loods|schuur|keuken|appartement|container|vuilbak|vuilnisbak|glasbol|bos|veld|schouw|schoorsteen|school|garage|fabriek|"
            r"caravan|stal|haag|kelder|bus|vrachtwagen|camion) (?:hier |hiernaast )?(?:brandt|branden|is aan het branden|is aan 't branden|staat te branden)\b",
            r"\bbrandende? (?:auto|wagen|woning|huis|container|vuilbak|vuilnisbak|loods|schuur|haag|boom|stal|caravan)\b",
            r"\bvlammen (?:uit|slaan|komen|schieten)\b|\b(?:zie|zien|hoge|grote|rook en) vlammen\b",
            r"\b(?:steken|steekt) (?:nu|momenteel|op dit moment|juist|net) (?:\w+ ){0,6}in brand\b",
            r"\b(?:il y a (?:un|le) (?:incendie|feu)|un incendie|est en feu|en flammes|(?:maison|voiture|toit|immeuble|poubelle) brule)\b",
            r"\b(?:is|are) on fire\b|\bthere(?: is|'s) a fire\b|\bcaught fire\b|\bhouse fire\b|\b(?:house|car|building|roof|bin|shed|flat) is burning\b",
            r"\bes brennt\b|\bin flammen\b|\b(?:haus|auto|dach|wald|wohnung|mulltonne) brennt\b",
        ),
        unless=rf"{PAST}|lamp|verlicht|lantaarn|\blicht(?:en|je|jes)?\b|barbecue|geen brand|brandoefening|brandgevaar|danger d'incendie|fire hazard|{NOT_NOW}",
        why="De tekst zegt dat er nu iets brandt.",
    ),
    Rule(
        "gas",
        value=FIRE_112,
        needs="gas gaz",
        find=(
            r"\bgas(?:lek\w*|geur\w*|lucht|reuk|ontploffing|explosie|geruch|leck)\b",
            r"\b(?:ruik|ruikt|ruiken|stinkt|geur|reuk|smells?|smell|riecht|odeur|sent)\b.{0,50}\b(?:naar|van|of|like|nach|de|le) (?:het )?(?:\w+ )?(?:aard|stads)?ga[sz]\b",
            r"\b(?:ruik|ruikt|ruiken|rook|smell|smells|riechen?|riecht|sens|sent) (?:\w+ ){0,3}(?:aard|stads)?ga[sz]\b",
            r"\bgas(?:leiding|buis|kraan)\b.{0,40}\b(?:lekt?|geraakt|gebroken|kapot|gesprongen|doorboord|open)\b|\bgas ontsnapt\b",
            r"\bfuite de gaz\b|\bgas leak\b",
        ),
        unless=rf"uitlaat|lachgas|{PAST}",
        why="De tekst wijst op een gaslek.",
    ),
    Rule(
        "co",
        value=FIRE_112,
        needs="vergiftiging monoxide monoxyde co-",
        find=(r"\bco[ -]?(?:vergiftiging|intoxicatie|alarm|melder)\b", r"monoxi?yd|monoxide|intoxication au co\b"),
        unless=PAST,
        why="De tekst wijst op CO-vergiftiging.",
    ),
    Rule(
        "stroom",
        value=FIRE_112,
        needs="vonk spanning elektr knetter hoogspanning spark cable kabel cable funken etincelle",
        find=(
            r"\b(?:\w*kabels?|\w*dra(?:ad|den)|\w*leiding|\w*kast|\w*paal|\w*mast|lijn|stroom\w*)\b.{0,80}\b(?:vonk\w*|vonken|onder spanning|knetter\w*|spettert)\b",
            r"\b(?:vonk\w*|knetter\w*)\b.{0,50}\b(?:\w*kabels?|\w*dra(?:ad|den)|\w*kast|elektr\w*)\b",
            r"\b(?:elektriciteits|hoogspannings|stroom)(?:kabels?|dra(?:ad|den)|lijn|leiding)\b.{0,40}\b(?:gevallen|naar beneden|afgeknapt|geknapt|op de grond|afgebroken|losgerukt)\b",
            r"geelektrocuteerd|elektrocutie|\b(?:live|sparking) (?:wire|cable)\b|\bcables?\b.{0,40}\bsparking\b|\bkabel\b.{0,40}\bfunken\b|\bcable\b.{0,40}\betincelles\b",
        ),
        unless=rf"{PAST}|zonder spanning",
        why="Er lijkt een kabel of kast onder spanning bloot te liggen.",
    ),
    Rule(
        "persoon-in-nood",
        value=FIRE_112,
        needs="zegt praat antwoordt bijkomt bewust reanim hart beroerte adem lucht reageert beweegt bloed gewond grond roerloos unconscious breath inconscient bewusstlos respire atmet bleed verletzt bless heart stikt",
        find=(
            r"\b(?:bewusteloo?[sz]e?|buiten bewustzijn|reanim\w+|hartaanval|hartstilstand|beroerte|unconscious|inconsciente?|bewusstlos)\b",
            r"\b(?:ademt niet|geen adem|ademt nauwelijks|krijgt geen lucht|stikt|not breathing|ne respire (?:plus|pas)|atmet nicht|heart attack|crise cardiaque)\b",
            rf"{PERSON}.{{0,90}}\b(?:reageert niet|beweegt niet|zegt nik?s meer|zegt niets meer|praat niet meer|antwoordt niet meer|komt niet meer bij|roerloos|te bloeden|bloedt|doodbloeden|zwaargewond|zwaar gewond|verletzt auf|is bleeding|saigne)\b",
            rf"\b(?:ligt|liggen|lag)\b.{{0,40}}{PERSON}.{{0,50}}\b(?:gewond|op de grond|op straat|op het voetpad|op de stoep|op de rijweg)\b",
            rf"{PERSON} (?:\w+ ){{0,4}}(?:ligt|liggen) (?:\w+ ){{0,4}}(?:gewond|op de grond|bewegingloos)\b",
            r"\b(?:lying|liegt|allonge)\b.{0,40}\b(?:ground|floor|boden|sol|par terre)\b",
        ),
        unless=rf"{ANIMAL}|{PAST}|{NOT_NOW}|slap|slaap",
        why="Iemand lijkt gewond of buiten bewustzijn.",
    ),
    Rule(
        "ongeval",
        value=FIRE_112,
        needs="ongeval ongeluk aanrijding botsing aangereden accident unfall crash",
        find=(
            r"\b(?:zwaar|ernstig|dodelijk) (?:verkeers)?(?:ongeval|ongeluk)\b",
            r"\b(?:er is|is er|er heeft|er gebeurde|gebeurd) (?:\w+ ){0,4}(?:een )?(?:\w+ )?(?:verkeers)?(?:ongeval|ongeluk|aanrijding|botsing)\b",
            rf"\b(?:ongeval|ongeluk|aanrijding|botsing|aangereden)\b.{{0,80}}(?:\b(?:gewond\w*|slachtoffer\w*|bloed\w*|gekneld|ambulance)\b|{NOW})",
            rf"(?:\b(?:gewond\w*|slachtoffer\w*|bloed\w*)\b|{NOW}).{{0,60}}\b(?:ongeval|ongeluk|aanrijding|botsing|aangereden)\b",
            r"\baccident (?:grave|de la route)\b|\bun accident vient\b|\b(?:serious|car|road) (?:accident|crash)\b|\bschwerer unfall\b|\bunfall mit\b",
        ),
        unless=rf"{ANIMAL}|{PAST}|{NOT_NOW}|ongevallen|accidents\b|door (?:een|het|dat) (?:ongeval|ongeluk|aanrijding|botsing)|na (?:een|het|de|dat) (?:\w+ )?(?:ongeval|ongeluk|aanrijding|botsing)|"
        r"\b(?:paal|bord|hek|vangrail|lantaarn\w*|verlichtingspaal|boom|paaltje|gevel|muur|lamp)\b.{0,40}(?:aangereden|aanrijding)|aangereden (?:paal|bord|hek|boom|lamp)",
        why="De tekst zegt dat er net een ongeval is gebeurd.",
    ),
    Rule(
        "te-water",
        value=FIRE_112,
        needs="water vaart vijver gracht kanaal kanal rivier beek sluis verdrink drenkeling canal eau noie drown ertrink wasser noye",
        find=(
            rf"{PERSON}.{{0,60}}\b(?:in het water|in 't water|in de (?:vaart|vijver|gracht|beek|leie|schelde|rivier|sluis)|in het kanaal|te water)\b.{{0,20}}(?:\b(?:gevallen|gesukkeld|gesprongen|beland|geduwd|gereden|geraakt|gezakt|roept|ligt)\b|$)",
            rf"\b(?:gevallen|gesprongen|ligt|drijft)\b.{{0,30}}{PERSON}.{{0,30}}\bin (?:het|de) (?:water|vaart|vijver|kanaal|beek|gracht|rivier)\b",
            r"\b(?:verdrinkt|aan het verdrinken|drenkeling|is drowning|fell into the (?:water|canal|river|pond)|se noie|tombee? (?:a|dans) l'eau|tombee? dans le canal|ertrinkt|ins wasser gefallen)\b",
            r"\b(?:auto|wagen|fietser|kind) te water\b",
        ),
        unless=rf"{ANIMAL}|{PAST}|{NOT_NOW}|gooi|gegooid|smijt|loost|gesmeten",
        why="Er lijkt iemand in het water te liggen.",
    ),
    Rule(
        "levensmoe",
        value=FIRE_112,
        needs="zelfmoord zelfdoding springen leven suicid suizid kill leben",
        find=(
            r"\b(?:zelfmoord|zelfdoding|suicide|me suicider|suizid)\b",
            r"\b(?:wil|gaat|dreigt|staat) (?:\w+ ){0,8}(?:springen|te springen)\b",
            r"\b(?:wil|kan) (?:ik )?(?:echt )?niet meer (?:verder )?leven\b|\beinde (?:maken )?aan (?:mijn|zijn|haar) leven\b|\b(?:kill myself|end my life|mich umbringen|nicht mehr leben)\b",
        ),
        unless=rf"{PAST}|zwembad|trampoline|op groen|springt op|speel",
        why="De tekst wijst op zelfdoding. De Zelfmoordlijn is dag en nacht bereikbaar op 1813.",
    ),
    Rule(
        "ontploffing",
        value=FIRE_112,
        needs="ontplof explosie explosion granaat obus munitie bom bomb pakket bombe colis package",
        find=(
            r"\b(?:ontploffing|ontploft|explosie|explosion)\b",
            r"\b(?:granaat|obus|obussen|munitie|landmijn)\b.{0,60}\b(?:gevonden|ligt|liggen|opgegraven|boven gekomen|ontdekt|zien liggen)\b|\b(?:gevonden|ligt|liggen|vond)\b.{0,60}\b(?:granaat|obus|munitie)\b",
            r"\b(?:bommelding|bomalarm|verdacht (?:pakket|pakje|koffer)|suspicious (?:package|bag)|colis suspect|verdachtiges paket)\b",
            r"\b(?:een|'n|de|a|une) (?:bom|bomb|bombe)\b",
        ),
        unless=rf"{PAST}|{NOT_NOW}|vuurwerk|firework|\bbom(?:en)?\b.{{0,60}}\b(?:omgevallen|tak|takken|bladeren|snoei\w*|gesnoeid|geveld|wortels|kappen|dood|dode|gewaaid|scheef)\b|\b(?:dode|zieke|omgevallen|oude|hoge|dikke) bom\b",
        why="De tekst wijst op een ontploffing of gevaarlijk tuig. Raak niets aan.",
    ),
    Rule(
        "bekneld",
        value=FIRE_112,
        needs="bekneld gekneld geklemd vast opgesloten bedolven onder trapped coince eingeklemmt",
        find=(
            r"\b(?:bekneld|gekneld|vastgeklemd|bedolven|eingeklemmt)\b",
            rf"{PERSON}.{{0,60}}\b(?:zit|zitten) (?:\w+ ){{0,2}}vast (?:in|onder)\b|\bvast in de lift\b|\bopgesloten in (?:de|een) (?:lift|auto|wagen)\b",
            rf"\b(?:ingestort|instorting|ingevallen)\b.{{0,40}}{PERSON}.{{0,20}}\bonder\b",
            r"\b(?:trapped (?:in|under)|coincee? (?:dans|sous))\b",
        ),
        unless=rf"{ANIMAL}|{PAST}|{NOT_NOW}|zit vast in (?:de )?(?:modder|file|sneeuw)",
        why="Iemand zit bekneld of opgesloten.",
    ),
    Rule(
        "ziekenwagen",
        value=FIRE_112,
        needs="ambulance ziekenwagen hulpdiensten krankenwagen mug",
        find=(
            r"\b(?:stuur|bel|roep|we hebben|ik heb|snel|dringend|send|call|appelez|schicken sie)\b.{0,40}\b(?:een |an |une )?(?:ambulance|ziekenwagen|hulpdiensten|krankenwagen)\b",
        ),
        unless=rf"{PAST}|{NOT_NOW}|niet door|geraakt|vond|vindt",
        why="De tekst vraagt om een ziekenwagen.",
    ),
    Rule(
        "inbraak-bezig",
        value=POLICE_101,
        needs="glas iemand binnen inbra inbre breken dringen overval dief dieven insluip bestolen cambriol burglar einbr robbery",
        find=(
            r"\baan het inbreken\b|\b(?:probeer\w*|proberen) (?:\w+ ){0,6}(?:open te breken|binnen te (?:breken|dringen|geraken)|in te breken)\b",
            r"\b(?:loopt|lopen|zit|zitten|sluipt|zie|zien|is) (?:er )?(?:nu )?(?:iemand|mensen|mannen|twee mannen|een man) (?:rond )?(?:in|binnen in) (?:het|hun|mijn|ons) (?:leeg |donker\w* )?(?:huis|woning|appartement)\b",
            rf"\b(?:inbraak|inbreker\w*|inbreken|overval\w*|dief|dieven|insluiper\w*)\b.{{0,60}}(?:{NOW}|\b(?:binnen|in huis)\b)",
            rf"{NOW}.{{0,60}}\b(?:inbraak|inbreker\w*|ingebroken|inbreken|overval|dief|dieven|insluiper\w*)\b",
            r"\b(?:cambriolage|burglary|robbery|einbruch)\b.{0,30}\b(?:en cours|in progress|gerade|now|jetzt)\b|\b(?:breaking in|breaking into|bricht ein)\b",
        ),
        unless=rf"{PAST}|{NOT_NOW}|preventie|niet bezig",
        why="Er lijkt nu een inbraak of overval bezig. Bel 101, bij direct gevaar 112.",
    ),
    Rule(
        "geweld",
        value=POLICE_101,
        needs="vecht steekpartij gestoken schiet schoten geschoten geslagen aangevallen bedreig verkracht beroofd gewurgd mishandel gijzel aangerand fight attack beats battu agress schlag shoot shots",
        find=(
            r"\baan het vechten\b|\b(?:vechtpartij|steekpartij|schietpartij|gijzeling|gegijzeld)\b|\b(?:zwaar|hevig) gevecht\b",
            r"\ber wordt (?:\w+ ){0,3}(?:geschoten|gevochten)\b|\bschoten (?:gehoord|gelost)\b|\b(?:hoor|horen|hoorde|hoorden) (?:\w+ ){0,3}(?:geweer)?schoten\b",
            rf"{PERSON}.{{0,40}}\b(?:wordt|worden|word) (?:\w+ ){{0,6}}(?:geslagen|aangevallen|bedreigd|gewurgd|verkracht|beroofd|geschopt|mishandeld|aangerand|neergestoken)\b",
            r"\b(?:wordt|word) ik (?:\w+ ){0,3}(?:aangevallen|bedreigd|geslagen)\b|\bneergestoken\b",
            r"\b(?:people|men) (?:are )?fighting\b|\bis being attacked\b|\bshots fired\b|\bse battent\b|\bon agresse\b|\bwird (?:angegriffen|geschlagen)\b",
        ),
        unless=rf"{ANIMAL}|{PAST}|{NOT_NOW}",
        why="De tekst wijst op geweld dat nu bezig is. Bel 101, bij direct gevaar 112.",
    ),
    Rule(
        "wapen",
        value=POLICE_101,
        needs="mes machete pistool geweer vuurwapen revolver wapen bijl bivakmuts knife gun couteau arme messer waffe",
        find=(
            r"\b(?:man|mannen|iemand|vrouw|persoon|gast|gasten|kerel|jongere|jongeren|jongen|jongens|hij|zij|ze|groep)\b.{0,70}\b(?:mes|messen|machete|machetes|pistool|geweer|vuurwapen|revolver|bijl|wapens?|kalasjnikov|bivakmuts)\b",
            rf"{PERSON}.{{0,50}}\b(?:heeft|trekt|haalt|dreigt|zwaait|steekt)\b.{{0,30}}\b(?:mes|machete|pistool|geweer|vuurwapen|revolver|bijl|wapen)\b",
            r"\b(?:bedreig\w*|zwaait|zwaaien|rondloop\w*|loopt rond|gewapend\w*) (?:\w+ ){0,4}(?:mes|messen|pistool|geweer|machete|bijl|wapen|vuurwapen)\b|\bgewapende? (?:man|mannen|overval\w*|persoon)\b",
            r"\b(?:man|woman|someone|person|people)\b.{0,40}\b(?:knife|gun|machete)\b|\b(?:homme|quelqu'un|personne)\b.{0,40}\b(?:couteau|fusil|pistolet)\b|\b(?:mann|jemand)\b.{0,40}\b(?:messer|pistole|gewehr|waffe)\b",
        ),
        unless=rf"{PAST}|{NOT_NOW}|gevonden|(?:ligt|lag) (?:er )?een mes|speelgoed|carnaval|jager|jacht|found|trouve|gefunden",
        why="De tekst zegt dat iemand een wapen heeft. Bel 101, bij direct gevaar 112.",
    ),
    Rule(
        "vermist",
        value=POLICE_101,
        needs="vermist verdwenen weggelopen ontvoer missing disparu vermisst kidnap",
        find=(
            r"\b(?:kind\w*|dochter\w*|zoon\w*|meisje|jongen|peuter|kleuter|moeder|vader|oma|opa|bomma|man|vrouw|persoon|bejaarde|dementerende?)\b.{0,60}\b(?:vermist|spoorloos|ontvoerd|weggelopen|verdwenen)\b",
            r"\b(?:ontvoering|vermiste persoon|missing (?:child|person)|enfant disparu|vermisstes kind|kidnapp\w*)\b",
        ),
        unless=rf"{ANIMAL}|{PAST}|fiets|graf|foto",
        why="Er is iemand vermist. Bel 101.",
    ),
    Rule(
        "kind-in-auto",
        value=FIRE_112,
        needs="baby kind child enfant",
        find=(
            r"\b(?:kind|kindje|baby|peuter)\b.{0,60}\b(?:alleen|opgesloten|achtergelaten)\b.{0,30}\b(?:auto|wagen)\b",
            r"\b(?:child|baby) (?:locked|left|alone) in (?:a|the) car\b",
        ),
        unless=rf"{PAST}|{NOT_NOW}",
        why="Er zit een kind alleen of opgesloten in een auto.",
    ),
    Rule(
        "spookrijder",
        value=FIRE_112,
        needs="spookrijder geisterfahrer contresens wrong-way",
        find=(r"\bspookrijder\b.{0,60}(?:" + NOW + r"|\bop de\b|\brijdt\b)", r"\bgeisterfahrer\b|\bwrong-way driver\b"),
        unless=rf"{PAST}|{NOT_NOW}|spookrijders",
        why="Er lijkt een spookrijder te zijn.",
    ),
)


def emergency_in(text: str) -> tuple[Rule, tuple[str, ...]] | None:
    """The first rule that fits a sentence of the text (raw, as typed), with the words. No model, no waiting."""
    from .matching import first_match

    return first_match(EMERGENCIES, text_of(text))

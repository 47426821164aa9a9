"""Rules for what is not (simply) admissible and for how soon somebody must look: words of the field and of the street, each
with the reason that the handler reads. The model proposes too; a rule that fits goes first, because it can be checked."""

# ruff: noqa: E501  (a regular expression reads better unbroken)
from __future__ import annotations

from .matching import Rule

AWV = "Agentschap Wegen en Verkeer"
_STAFF = (
    r"(?:bediende\w*|ambtena\w+|medewerk\w+|loketbediende|loket|balie|onthaal|personeel|receptionist\w*|parkeerwachter\w*|gemeenschapswacht\w*|wijkagent|"
    r"vuilnismann\w*|vuilnisophaler\w*|werkmann\w*|gemeentearbeider\w*|arbeiders? van (?:de|'t|het) (?:gemeente|stad)|poetsploeg|"
    r"(?:mannen|man|mensen|gasten|vrouw|dame|heer) (?:van|aan|op|in) (?:de |het |'t |uw |jullie )?(?:gemeente|stad|loket|balie|vuilkar|vuilniswagen|containerpark|recyclagepark|onthaal|groendienst|dienst\w*|telefoon)|"
    r"burgemeester|schepen\w*|ocmw|(?:chauffeur|bestuurder) van (?:de|uw|jullie|een) (?:gemeente\w*|veegwagen|vuilkar|vuilniswagen|stad|maaier)|gemeentewagen|juffrouw van (?:de|het) \w+|jullie dienst\w*|uw dienst\w*|uw personeel|jullie mensen|"
    r"employe\w*|guichet|fonctionnaire\w*|clerk|staff|employee|council worker\w*|mitarbeiter\w*|schalter|angestellte\w*|beamte\w*)"
)
_RUDE = (
    r"(?:onbeleefd\w*|onvriendelijk\w*|onbeschoft\w*|arrogant\w*|brutaa?l\w*|grof|grove|lomp\w*|snauw\w*|afgesnauwd|uitgelachen|uitgescholden|scholden|schold|"
    r"riepen? naar|afgeblaft|blafte|vernederd|gediscrimineerd|discrimineer\w*|racistisch|agressief|intimiderend|middenvinger|rolde met (?:haar|zijn) ogen|uit de hoogte|behandelt men geen mensen|als een hond behandeld|uitgekafferd|kaffer\w*|legde (?:\w+ ){0,3}neer|"
    r"weiger\w* (?:mij |ons )?(?:te helpen|verder te helpen)|onaanvaardbaar gedrag|houding|gedrag|onprofessioneel|lachte\w*|impoli\w*|rude|unfriendly|unhoflich\w*|frech\w*)"
)

REASONS: tuple[Rule, ...] = (
    Rule(
        "klacht-personeel",
        value="complaint",
        needs="rolde ogen hoogte kaffer behandel onbele onvrien onbesch arrogant bruta grof grove lomp snauw lach schold riep blaf verneder discrimin racis agress intimid vinger legde weiger onaanvaard houding gedrag onprof impoli rude unfriendly unhof frech",
        find=(rf"\b{_STAFF}\b.{{0,120}}\b{_RUDE}\b", rf"\b{_RUDE}\b.{{0,80}}\b{_STAFF}\b"),
        unless=r"\b(?:de|hun) buren\b",
        why="De melder klaagt over het gedrag van personeel of mandatarissen van de gemeente.",
    ),
    Rule(
        "klacht-formeel",
        value="complaint",
        needs="klacht plainte complaint beschwer",
        find=(
            r"\b(?:formele|officiele|schriftelijke) klacht\b",
            r"\bklacht\b.{0,40}\b(?:over|tegen|tav|tegenover)\b.{0,30}\b(?:gemeente|stad|dienst\w*|ambtena\w+|medewerk\w+|bediende|loket|administratie|personeel|burgemeester|schepen|werking|dienstverlening|behandeling|ocmw)\b",
            r"\bklacht (?:in te dienen|indienen|neer ?(?:te )?leggen)\b.{0,80}\b(?:gemeente|dienst\w*|ambtena\w+|medewerk\w+|bediende|loket|administratie|personeel|burgemeester|schepen|antwoord)\b",
            r"\b(?:hierover|daarover|tegen u|tegen jullie)\b.{0,30}\bklacht\b",
            r"\bplainte\b.{0,40}\b(?:commune|employe\w*|service|guichet)\b|\bcomplaint\b.{0,40}\b(?:staff|employee|council|service|clerk)\b|\bbeschwer\w+\b.{0,60}\b(?:mitarbeiter\w*|gemeinde|amt|beamt\w*)\b",
        ),
        unless=r"klacht(?:en)? (?:over|van|wegens|i\.?v\.?m\.?) (?:\w+ ){0,2}(?:lawaai|geluid\w*|geur\w*|stank|rook|buren|hond\w*|afval|parke\w+|verkeer|muziek)",
        why="De melder wil een klacht over de gemeente indienen.",
    ),
    Rule(
        "klacht-geen-antwoord",
        value="complaint",
        needs="antwoord reactie reageert belt gebeld gemaild terugbel reponse repond answers reply antwort",
        find=(
            r"\b(?:nooit|geen|nog steeds geen|nog altijd geen|krijg geen|geen enkel\w*) (?:\w+ ){0,2}(?:antwoord|reactie)\b.{0,80}\b(?:gemeente|dienst\w*|mail\w*|brief|brieven|vraag|vragen|melding\w*|aanvraag|dossier|jullie|u)\b",
            r"\b(?:gemaild|gebeld|geschreven|mails?|brieven|melding\w*)\b.{0,80}\b(?:nooit|geen|zonder|nog altijd geen|nog steeds geen) (?:\w+ ){0,3}(?:antwoord|reactie)\b",
            r"\bniemand\b.{0,40}\b(?:belt|neemt|antwoordt)\b.{0,30}\b(?:terug|telefoon|op|ooit)\b",
            r"\b(?:mails?|brieven|oproepen|telefoons)\b.{0,30}\b(?:reageert|antwoordt)\b.{0,20}\b(?:niemand|geen kat|geen mens|men niet)\b",
            r"\b(?:nobody|no one)\b.{0,40}\b(?:answers|replies)\b|\bjamais (?:recu de |eu de )?reponse\b|\bkeine antwort\b",
        ),
        score=0.75,
        why="De melder klaagt dat de gemeente niet antwoordt.",
    ),
    Rule(
        "klacht-behandeling",
        value="complaint",
        needs="opgelost afgehandeld geklasseerd behandeld dienstverlening service wachttijd dossier informatie afgesloten",
        find=(
            r"\b(?:slecht|oneerlijk|onheus|niet correct|onrechtvaardig) behandeld\b.{0,60}\b(?:gemeente|dienst\w*|loket|ocmw)\b|\b(?:melding|dossier|aanvraag)\b.{0,40}\b(?:afgesloten|op opgelost gezet|op afgehandeld gezet|geklasseerd)\b.{0,40}\b(?:zonder|terwijl|maar)\b",
            r"\b(?:ontevreden|teleurgesteld|schandalige|belabberde|slechte)\b.{0,40}\b(?:dienstverlening|service|behandeling|melding behandeld)\b",
            r"\bwachttijden?\b.{0,40}\b(?:loket|onthaal|balie|dienst\w*|telefoon)\b",
            r"\b(?:foute|verkeerde) informatie\b.{0,40}\b(?:gekregen|gegeven)\b|\bdossier\b.{0,30}\b(?:kwijt\w*|verloren\w*|zoek)\b",
        ),
        score=0.75,
        why="De melder is ontevreden over hoe de gemeente iets behandelde.",
    ),
    Rule(
        "gewestweg",
        value="other_authority",
        needs="n0 n1 n2 n3 n4 n5 n6 n7 n8 n9 r0 r1 r2 r3 r4 r6 r8 e1 e2 e3 e4 gewestweg snelweg expres autobahn autoroute motorway nationale",
        find=(
            r"(?<![\w°.])(?:n ?\d{2,3}[a-z]?|n[1-9]|r[0-48]|r4[0-3]|r2[0-3]|e ?(?:17|19|25|34|40|42|313|314|403|411|429)|a(?:1[0-9]|2|3|4|8|1[0-9]))(?![\w°])",
            r"\b(?:gewestweg\w*|autosnelweg\w*|autostrade|expres(?:s)?weg|snelwegberm|autoroute|motorway|autobahn|route (?:regionale|nationale))\b",
            r"(?<!fiets)\bsnelweg\b",
        ),
        unless=r"\bnr\b|\bnummer n|\bbus n|fietssnelweg",
        score=0.8,
        why="De plaats lijkt een gewestweg of autosnelweg.",
        refer=AWV,
    ),
    Rule(
        "spoor",
        value="other_authority",
        needs="spoor overweg slagbo trein perron nmbs infrabel train passage railway bahn zug",
        find=(
            r"\b(?:infrabel|nmbs|spoorweg\w*|spoorwegberm|spoorlijn|treinsporen|treinspoor|overweg(?:en)?|slagbomen|spoorbrug)\b",
            r"\b(?:de|onze|mijn|een|elke) trein(?:en)?\b.{0,60}\b(?:vertraging|te laat|rijdt niet|afgeschaft|geschrapt|uitgevallen|vuil|lawaai|toeter\w*|overvol)\b",
            r"\b(?:perron|perrons|treinstation)\b",
            r"\b(?:passage a niveau|gare sncb|level crossing|railway|train station|bahnubergang|bahnsteig|zug)\b",
        ),
        unless=r"bushalte|perron van de bus|tunnel|brug|onder de spoorweg|nabij|naast de spoorweg|aan de overweg (?:ligt|staat|hangt)|achter de overweg",
        score=0.8,
        why="Spoorwegen, overwegen en perrons zijn van Infrabel of de NMBS.",
        refer="Infrabel / NMBS",
    ),
    Rule(
        "bus-tram",
        value="other_authority",
        needs="bus tram lijn",
        find=(
            r"\b(?:de lijn|lijn \d+|lijnbus|bus(?:sen)?|tram)(?: (?:\w+ ){0,9}| )(?:te laat|niet op tijd|nooit op tijd|vertraging|niet (?:komen )?op(?:ge)?daagd|niet komen opdagen|niet gekomen|komt niet|(?:rijdt|reed) (?:\w+ ){0,3}voorbij|stopt(?:e)? niet|afgeschaft|overvol|zit vol|geschrapt)\b",
            r"\b(?:bus|tram)\s?chauffeur\w*\b|\bchauffeur van (?:de |lijn)?(?:bus|tram)\b|\b(?:dienstregeling|busabonnement|buzzy pazz|belbus|flexbus)\b",
            r"\bbus(?:sen)? (?:\w+ ){0,3}(?:nooit op tijd|te laat)\b|\bbus (?:is )?(?:always |never )(?:late|on time|arrives)\b|\bbus\b.{0,30}\b(?:en retard|never arrives|verspatung)\b",
        ),
        unless=r"kastje|halte\w* (?:is )?(?:kapot|stuk|vuil)|schuil|bushokje",
        why="Bussen, trams en hun dienstregeling zijn van De Lijn.",
        refer="De Lijn",
    ),
    Rule(
        "waterweg",
        value="other_authority",
        needs="kanaal leie schelde dender dijle demer jaagpad sluis waterweg rupel durme nete boot schip canal kanal",
        find=(
            r"\b(?:vlaamse waterweg|jaagpad\w*|bevaarbare (?:waterweg|waterloop)|albertkanaal|sluis|sluizen|sluisdeur\w*|binnenschip\w*)\b",
            r"\b(?:in|op|van|langs) (?:de|het) (?:kanaal|leie|schelde|dender|dijle|demer|rupel|durme|nete|ringvaart)\b(?!straat|weg)",
            r"\bhet kanaal ligt\b",
        ),
        unless=r"\b(?:bank|bankje|zitbank|vuilbak|sluikstort|gedumpt|gestort|meubels|lamp|verlichting|leuning|hond\w*|boom|muziek|feest)\b",
        score=0.7,
        why="Kanalen, rivieren en jaagpaden zijn van De Vlaamse Waterweg.",
        refer="De Vlaamse Waterweg",
    ),
    Rule(
        "energie",
        value="other_authority",
        needs="fluvius stroom elektriciteit gasmeter meter electricite power strom",
        find=(
            r"\b(?:stroompanne|stroomonderbreking|stroomuitval|stroomstoring|elektriciteitspanne|power (?:cut|outage)|panne d'electricite|panne de courant|stromausfall)\b",
            r"\b(?:zonder|geen|valt de|valt onze) (?:stroom|elektriciteit)\b(?! (?:aan|voor) de lamp)|\belektriciteit valt\b",
            r"\b(?:gasmeter|elektriciteitsmeter|digitale meter|meterkast)\b|\bkast(?:je)? van fluvius\b|\bfluvius\b.{0,40}\b(?:kast\w*|cabine|meter|lek|panne|aansluiting)\b",
            r"\b(?:elektriciteitskast|elektriciteitscabine|hoogspanningscabine|elektriciteitspaal)\b.{0,40}\b(?:open|kapot|stuk|scheef|omver|aangereden|beschadigd)\b",
        ),
        unless=r"graffiti|beklad|gespoten|stickers?|tags?\b|geplakt|sleuf|werken van fluvius|nutswerken|naast de elektriciteits\w+|lamp|verlichting|woont|wonen|huis zonder|krot",
        score=0.85,
        why="Stroom, gas en hun kasten zijn van de netbeheerder.",
        refer="Fluvius",
    ),
    Rule(
        "drinkwater",
        value="other_authority",
        needs="waterlei kraan water drinkwater watergroep farys pidpa watermeter aquaduin wasserleitung",
        find=(
            r"\b(?:watergroep|farys|pidpa|aquaduin|agso|watermeter|waterleiding\w*|hoofdwaterleiding|water main|wasserleitung|conduite d'eau)\b",
            r"\bgeen (?:drink)?water (?:meer )?(?:uit|in) (?:de|het|onze|mijn) (?:kraan|kranen|huis|leiding)\b|\b(?:drinkwater|kraantjeswater|leidingwater)\b.{0,40}\b(?:bruin|troebel|ruikt|geen|druk|niks|slecht)\b|\bgeen drinkwater\b|\bkra(?:an|nen)\b.{0,40}\b(?:bruin\w*|geel|troebel)\b|\bwater uit (?:de|onze|mijn) kraan\b",
        ),
        unless=r"drinkfontein|drinkwaterfontein|fontein|openbare drinkwater|kraan op|begraafplaats|kerkhof|bevries\w*|bevroren|ijs\b|sporthal|gemeentehuis",
        score=0.85,
        why="Waterleidingen en drinkwater zijn van de drinkwatermaatschappij.",
        refer="de drinkwatermaatschappij",
    ),
    Rule(
        "telecom",
        value="other_authority",
        needs="proximus telenet orange wyre telefoon internet telecom glasvezel digi",
        find=(
            r"\b(?:kast|kabels?|draad|draden|paal|put|deksel|box|verdeelkast|aansluiting)\b.{0,30}\b(?:van )?(?:proximus|telenet|orange|wyre|fiberklaar|digi)\b",
            r"\b(?:proximus|telenet|wyre|fiberklaar)\b.{0,40}\b(?:kast\w*|kabels?|draad|draden|paal|put|deksel|internet|verbinding)\b",
            r"\b(?:telefoonkabel|telefoondraad|telefoonpaal|tv-kabel|telecomkast|distributiekabel)\w*\b|\b(?:mijn|ons|het) internet\b.{0,30}\b(?:valt|werkt niet|traag|ligt plat|uit)\b|\binternet valt\b",
        ),
        unless=r"graffiti|beklad|gespoten|stoep (?:is )?(?:niet|slecht)|tegels|voetpad|sleuf|werken",
        score=0.85,
        why="Telefoon, kabel en internet zijn van de telecombedrijven.",
        refer="het telecombedrijf",
    ),
    Rule(
        "post",
        value="other_authority",
        needs="bpost post pakje postbode brievenbus",
        find=(
            r"\bbpost\b",
            r"\b(?:rode brievenbus|postbus)\b.{0,40}\b(?:kapot|vol|open\w*|stuk|beschadigd)\b",
            r"\b(?:pakje|pakket)\b.{0,40}\bniet (?:geleverd|aangekomen|gekregen)\b",
        ),
        score=0.8,
        why="De post is van bpost of de pakjesdienst.",
        refer="bpost",
    ),
    Rule(
        "politie-aangifte",
        value="other_authority",
        needs="gestolen diefstal aangifte ingebroken inbraak inbraken boete vluchtmisdrijf vole stolen gestohlen",
        find=(
            r"\b(?:mijn|onze|men|mijnen|m'n|ons)\b (?:\w+ ){0,2}(?:\w*fiets|velo|auto|wagen|scooter|portefeuille|gsm|step|aanhangwagen|remork|nummerplaat)\b.{0,40}\b(?:gestolen|gepikt)\b|\b(?:fiets|auto|wagen|velo) gestolen\b",
            r"\baangifte (?:doen|van)\b|\bvluchtmisdrijf\b|\b(?:werd|is|zijn|hebben|heeft|was) (?:er )?(?:\w+ ){0,6}ingebroken\b|\bbij (?:mij|ons) ingebroken\b",
            r"\b(?:parkeerboete|boete|gas-boete|retributie)\b.{0,60}\b(?:betwist\w*|onterecht|niet akkoord|aanvechten|bezwaar)\b",
            r"\bmon velo a ete vole\b|\bmy (?:bike|car) (?:was|has been) stolen\b|\bmein (?:fahrrad|auto) wurde gestohlen\b",
        ),
        unless=r"gevonden|bord|kraan|rooster|deksel|bloemen|graf",
        score=0.8,
        why="Diefstal, inbraak in het verleden en boetes horen bij de politie of de boetedienst.",
        refer="de lokale politie",
    ),
    Rule(
        "andere-gemeente",
        value="other_authority",
        needs="gemeente buurgemeente nachbargemeinde commune voisine",
        find=(
            r"\b(?:in|op|van) (?:de|een) (?:buurgemeente|andere gemeente|gemeente hiernaast|naburige gemeente|aangrenzende gemeente)\b|\bgrondgebied van (?:de |een )?(?:andere gemeente|buurgemeente)\b",
            r"\bnachbargemeinde\b|\bcommune voisine\b|\bneighbouring (?:council|municipality)\b",
        ),
        score=0.8,
        why="De plaats ligt volgens de tekst in een andere gemeente.",
        refer="de andere gemeente",
    ),
    Rule(
        "buren-tuin",
        value="private_matter",
        needs="hiernaast buur buren gebu overbuur bovenbuur voisin neighbour nachbar",
        find=(
            r"\b(?:buur\w*|buren|gebu\w+|voisin\w*|neighbour\w*|nachbar\w*)\b.{0,120}\b(?:haag|hagen|tak|takken|boom|bomen|wortels?|conifeer\w*|klimop|bladeren|schutting|afsluiting|draad|muur\w*|bamboe)\b.{0,80}\b(?:mijn|mijnen|onze|ons|m'n|mij)\b.{0,20}\b(?:tuin|hof|terras|perceel|erf|grond|eigendom|dak|moestuin|kant|schutting|afsluiting|gazon)\b",
            r"\b(?:haag|tak|takken|boom|bomen|conife\w+|bladeren|kat|katten|water|dakgoot)\b.{0,40}\bvan (?:de |mijn |onze )?(?:buur\w*|buren|gebu\w+)\b.{0,60}\b(?:mijn|mijnen|onze|ons)\b.{0,20}\b(?:tuin|hof|terras|perceel|erf|dak|moestuin|gazon)\b",
            r"\b(?:haag|tak|takken|boom|bomen|berk|conife\w+|wortels|klimop|bladeren|schutting)\b.{0,60}\b(?:hiernaast|de buur\w*|gebuur)\b.{0,60}\b(?:mijn|mijnen|onze|ons) (?:tuin|hof|terras|oprit|gazon|dak)\b",
            r"\b(?:perceelsgrens|erfgrens|scheidingsmuur|gemene muur|gemeenschappelijke muur|mur mitoyen|erfdienstbaarheid|recht van (?:overgang|uitweg))\b",
            r"\b(?:ruzie|conflict|discussie|geschil|streit|dispute|conflit)\b.{0,30}\b(?:buur\w*|buren|gebu\w+|voisin\w*|neighbour\w*|nachbar\w*)\b",
            r"\b(?:buur\w*|gebu\w+|buren)\b.{0,80}\bcamera\b.{0,60}\b(?:gericht|mijn|ons|onze)\b",
        ),
        unless=r"voetpad|stoep|trottoir|openbare? |fietspad|vergunning|bouwt|bouwen|openbaar domein|straatkant|rijweg|op straat",
        score=0.8,
        why="Een geschil tussen buren over tuin, haag of grens is burgerlijk recht; de vrederechter of een bemiddelaar helpt.",
        refer="buurtbemiddeling of vrederechter",
    ),
    Rule(
        "huur-en-schuld",
        value="private_matter",
        needs="huur huis waarborg verhuurder syndicus schuld alimentatie geleend loyer proprio landlord deposit vermieter kaution verzekering aannemer dakwerker loodgieter vakman",
        find=(
            r"\b(?:huurwaarborg|waarborg)\b.{0,50}\b(?:terug\w*|niet|weiger\w*)\b|\b(?:huisbaas|verhuurder|eigenaar|landlord|vermieter|proprietaire)\b.{0,60}\b(?:waarborg|huur\w*|herstel\w*|garantie|deposit|kaution)\b",
            r"\bhuurder\b.{0,40}\b(?:betaalt|weigert|huur)\b|\b(?:betaalt|betalen) (?:\w+ ){0,3}(?:huur|alimentatie|syndicus)\b|\balimentatie\b|\bsyndicus\b|\bmede-?eigenaars?\b",
            r"\b(?:schuldig|geleend)\b.{0,40}\b(?:euro|geld|terug)\b|\b(?:euro|geld)\b.{0,30}\b(?:schuldig|geleend)\b|\bverborgen gebreken\b",
            r"\b(?:aannemer|garage|garagist|loodgieter|schilder|dakwerker|vakman)\b.{0,80}\b(?:slecht afgewerkt|wil niet terug\w*|voorschot|factuur|opgelicht)\b|\bverzekering (?:wil|betaalt)\b",
        ),
        unless=r"schimmel|vocht|onbewoonbaar|krot|onveilig|riolering|straat|voetpad",
        score=0.8,
        why="Huur, schulden en overeenkomsten zijn een zaak tussen burgers.",
        refer="vrederechter of juridisch advies",
    ),
    Rule(
        "vraag-om-informatie",
        value="information_request",
        needs="opening uren open hoe waar wanneer welke wat hoeveel informatie inlichtingen afspraak formulier attest paspoort identiteitskaart eid rijbewijs premie subsidie heures comment ou how what where wie wo ausweis vacature contact telefoonnummer mag",
        find=(
            r"\b(?:openingsuren|sluitingsuren|heures d'ouverture|opening hours|offnungszeiten)\b",
            r"\b(?:hoe|waar|wanneer|kan ik|welke|wat|hoeveel|moet ik|tot hoe laat|wil ik|comment|ou|how|where|what|wie|wo|kann ich|nodig)\b.{0,80}\b(?:identiteitskaart|eid|kids-?id|paspoort|reispas|rijbewijs|uittreksel|attest|akte|geboorteakte|adreswijziging|adres wijzigen|trouwen|huwelijk|parkeerkaart|bewonerskaart|premies?|subsidies?|ophaalkalender|afvalkalender|belasting|tarief|inschrijven|inschrijving|kinderopvang|vacatures?|zaal huren|feestzaal|passport|identity card|driving licence|resident permit|parking permit|carte d'identite|carte de stationnement|passeport|personalausweis|reisepass|parkausweis|documenten|formulier|gemeenteraad)\b",
            r"\b(?:is|zijn|hoe laat|tot hoe laat|wanneer)\b.{0,30}\b(?:containerpark|recyclagepark|bib|bibliotheek|gemeentehuis|zwembad|loket|sporthal)\b.{0,20}\b(?:open|toe|gesloten|dicht|toegankelijk)\b.{0,40}(?:\?|$|\bop\b)",
            r"\b(?:heb ik|moet ik|brauche ich|do i need)\b.{0,40}\b(?:vergunning|toelating|genehmigung|permit|permission)\b|\bmag ik\b.{0,60}$",
            r"\b(?:graag|had graag|ik zoek|vraag) (?:\w+ ){0,2}(?:informatie|info|inlichtingen)\b|\binlichtingen over\b|\bwie is de (?:schepen|burgemeester|wijkagent)\b|\b(?:telefoonnummer|e-?mailadres|mailadres|contactgegevens) van (?:de|het)\b",
        ),
        unless=r"kapot|stuk\b|defect|gaat niet open|klemt|overlast|niet opgehaald|gevaar|staat open|verkeerd",
        score=0.8,
        why="Dit is een vraag om informatie, geen probleem op een plaats.",
        refer="het onthaal",
    ),
    Rule(
        "dreiging",
        value="abusive",
        needs="schop klop kapot dood schiet steek brand kogel kopje geweer sla slag weet vermoord afmaken eraan tuer kill bring creve moordenaar tanden",
        find=(
            r"\bik (?:maak|sla|schiet|steek|vermoord|kom) (?:u|uw|je|jullie|jou|hem|haar|de|den|dat|die|eens) ?(?:\w+ ){0,6}(?:kapot|dood|neer|af|in brand|kapotmaken|verrot|tanden|in elkaar)\b|\bik (?:maak|sla) (?:u|jullie|je|hem|haar) (?:kapot|dood|af)\b|\b(?:sla|schop|klop|steek|schiet) ik (?:hem|haar|u|je|jullie|ze|iemand)\b",
            r"\b(?:kopje kleiner|kogel (?:door|in|verdien\w*)|verdien\w* een kogel|gij gaat eraan|ge gaat eraan|jullie gaan eraan|ik weet waar (?:\w+ ){1,3}woont|met (?:een|mijn) geweer|ga (?:je|u|jullie) vermoorden)\b",
            r"\bje vais (?:vous|te) tuer\b|\bi(?:'ll| will) kill you\b|\bich bringe (?:euch|dich|sie) um\b",
        ),
        unless=r"hond|kat\b|ratten|onkruid",
        score=0.95,
        why="De tekst bevat een bedreiging. Bekijk ze met twee en denk aan aangifte.",
    ),
    Rule(
        "scheldwoorden",
        value="abusive",
        needs="klootzak kanker tering hoer fuck debiel mongo idiot achterlijk sukkel klojo crapuul smeerlap val loop trut wijf lamzak zakkenvul creveer crepeer connard encul arsch bastard hurensohn imbecile dikzak profiteur parasi lul eikel rot",
        find=(
            r"\b(?:klootza\w+|kankerlijer\w*|kanker(?:hoer|wijf|gemeente)\w*|teringlijer\w*|hoerenjong\w*|hoerenzoon|fuck (?:you|off|de|jullie)|val dood|valt dood|krijg de (?:tering|kanker|pest|tyfus)|kutgemeente|kutambtena\w+|loop (?:\w+ )?naar de (?:hel|maan|pomp)|rot op|creveer\w*|crepeer\w*)\b",
            r"\b(?:jullie|gij|u|ge|gulle|gullie|gemeente\w*|burgemeester|schepen\w*|ambtena\w+|stelletje|bende|allemaal)\b.{0,50}\b(?:debiel\w*|mongool|mongolen|idiot\w*|achterlijk\w*|sukkels?|klojo\w*|crapuul|smeerlap\w*|hoer\w*|trut|wijf|lamzak\w*|zakkenvuller\w*|dikzak\w*|profiteurs|parasieten|lul\w*|eikels?|nietsnut\w*|dieven|onnozelaars)\b",
            r"\b(?:achterlijke|luie|domme|vuile|stomme) (?:idioten|klootzakken|wijf|wijven|trut|hoer|ambtenaren|profiteurs|honden van|zeveraars)\b",
            r"\b(?:connards?|encules?|allez vous faire foutre|fils de pute|arschlocher|arschloch|hurensohn\w*|fucking idiots|bastards|verdammte idioten|bande d'imbeciles)\b",
        ),
        unless=r"parkeren|parkeert|sluikstort|hondenpoep|rijden|dumpen|smijten",
        score=0.85,
        why="De tekst scheldt. Een mens beslist of er toch een melding in zit.",
    ),
    Rule(
        "reclame",
        value="not_understandable",
        needs="casino bitcoin crypto seo pillen viagra webshop korting lening klik loans geld click leningen investeer bonus gagner",
        find=(
            r"\b(?:casino|viagra|bitcoin|crypto\w*|seo|backlinks?|goedkope (?:pillen|leningen|sneakers)|online (?:casino|geld verdienen)|verdien (?:snel |veel )?geld|snel geld|cheap loans|make money|gagner de l'argent|geld verdienen)\b",
            r"\b(?:klik (?:hier|snel|nu)|click here|cliquez ici|bezoek onze (?:web(?:site|shop)|site)|visit our (?:site|shop|website)|\d+ ?% (?:korting|discount))\b",
        ),
        score=0.85,
        why="Dit lijkt reclame.",
    ),
    Rule(
        "test",
        value="not_understandable",
        needs="test essai probeer lorem",
        find=(
            r"^(?:dit is (?:een|maar een|gewoon een) |just (?:a )?|ceci est un |nur ein |een |a )?(?:test(?:je|en|ing|melding|bericht|123)?|essai|probeer(?:sel|ke)?)(?: (?:test\w*|\d+|melding|negeren|aub|hoor|maar|even|graag))*$",
            r"\blorem ipsum\b",
            r"\btestmelding\b",
        ),
        score=0.85,
        why="Dit lijkt een test.",
    ),
)

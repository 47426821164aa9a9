"""Names for the side streets of Lindekerke, by quarter: the kind of names that a Flemish town gives, own list."""

from __future__ import annotations

NAMES: dict[str, tuple[str, ...]] = {
    "centre": (
        "Nieuwstraat", "Kapellestraat", "Begijnhofstraat", "Schoolstraat", "Kloosterstraat", "Botermarkt",
        "Pastorijstraat", "Brouwerijstraat", "Kattestraat", "Ridderstraat", "Gasthuisstraat", "Vlasmarkt",
        "Bakkerstraat", "Korte Nieuwstraat", "Wijngaardstraat", "Sint-Rochusstraat", "Achterstraat", "Kuipersgang",
        "Torenstraat", "Zilverstraat", "Lange Munt", "Smedenstraat", "Raadhuisstraat", "Koperstraat",
    ),
    "ring": (
        "Academiestraat", "Burgemeester De Backerlaan", "Vredestraat", "Leopoldstraat", "Ooievaarstraat",
        "Gildestraat", "Weverijstraat", "Spinnerijstraat", "Tuinwijklaan", "Oudstrijderslaan", "Zonnestraat",
        "Fabriekstraat", "Zusters Maricolenstraat", "Gezellestraat", "Albert I-laan", "Kouterlaan", "Parkstraat",
        "Dokter Verhaeghestraat", "Conscienceplein", "Vondelstraat", "Kantstraat", "Blekerijstraat",
    ),
    "molenwijk": (
        "Mulderstraat", "Korenbloemstraat", "Wiekenstraat", "Graanstraat", "Haverstraat", "Roggestraat",
        "Tarwelaan", "Zeisstraat", "Maalderijstraat", "Molenwal", "Klaprooslaan", "Ploegstraat", "Gerststraat",
        "Boekweitstraat", "Sikkelstraat", "Dorsvlegelstraat", "Kouterslag", "Meulebroek", "Hooistraat", "Schovenlaan",
        "Bloemmolenstraat", "Eggestraat",
    ),
    "haven": (
        "Scheepswerfstraat", "Ankerstraat", "Sluisstraat", "Kraanstraat", "Binnenvaartstraat", "Zeilstraat",
        "Schippersstraat", "Kompasstraat", "Veerstraat", "Touwslagersstraat", "Roerstraat", "Meerpaalstraat",
        "Pakhuisstraat", "Loodsenlaan", "Netestraat", "Aalscholverstraat", "Baggerstraat", "Tolhuisstraat",
        "Visserstraat", "Dokstraat", "Wimpelstraat", "Boeistraat",
    ),
    "station": (
        "Spoorwegstraat", "Locomotiefstraat", "Wisselstraat", "Seinhuisstraat", "Perronstraat", "Statiewijk",
        "Reizigersstraat", "Goederenkaai", "Kolenstraat", "Overwegstraat", "Machinistenlaan", "Halteplein",
        "Biezenstraat", "Rietstraat", "Lisdoddelaan", "Zeggestraat",
    ),
    "berkenveld": (
        "Beukenlaan", "Eikenlaan", "Kastanjelaan", "Esdoornlaan", "Elzenlaan", "Populierenlaan", "Wilgenlaan",
        "Notelaarstraat", "Hazelaarstraat", "Meidoornlaan", "Vlierstraat", "Lijsterbeslaan", "Olmenlaan", "Acacialaan",
        "Sparrenlaan", "Dennenlaan", "Haagbeukstraat", "Taxuslaan", "Magnoliastraat", "Ginkgolaan",
    ),
    "zandhoek": (
        "Duinstraat", "Zandstraat", "Heidelaan", "Konijnenbergstraat", "Bremstraat", "Witzandstraat", "Vossenhol",
        "Dreefstraat", "Plaatsstraat", "Zandhoekplein", "Kleine Heide", "Stuifzandstraat",
    ),
}  # fmt: skip

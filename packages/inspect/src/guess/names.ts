/** What a column may be to interactions. */
export type Role = 'user' | 'item' | 'query' | 'time' | 'position' | 'rating' | 'weight' | 'kind';

const words = (text: string) => new Set(text.trim().split(/\s+/));

/** Words that columns of a role are called by, in the languages of many exports. */
const ROLE_WORDS: Readonly<Record<Role, ReadonlySet<string>>> = {
  user: words(
    `user usr users uid userid username customer customers cust client clients member members visitor visitorid household reader
     account person people subscriber buyer shopper patient student learner listener player viewer reviewer rater patron guest
     session sessionid kunde kunden kundennr kundennummer nutzer benutzer cliente clientes usuario utilisateur utente lecteur leser
     acheteur besteller who msno cookie device socio abonado abonnent mitglied lettore klant gebruiker lid bruker anvandare kund
     kundenkarte karte card cardholder passenger actor profile comprador assinante leitor aluno alumno etudiant`,
  ),
  item: words(
    `item items itemid product products productid prod sku article articles movie movies movieid film films book books isbn asin
     track trackid song songs artist artists venue venueid place places poi business restaurant game games app apps course courses recipe
     recipes dish video videos news page url offer listing property hotel artikel artikelnr artikelnummer produkt produkte producto
     productos articulo produit prodotto livre libro buch titel stockcode material content resource goods merchandise anime show
     episode podcast beer wine joke job ad creative asset what loc location ean gtin upc barcode ouvrage livres libros libri prodotti produtos
     produto artikkel vare boek lied cancion chanson pelicula serie lieu lugar curso cours kurs receta rezept object post`,
  ),
  query: words('query queries keyword keywords search searchterm question suchbegriff requete consulta term'),
  time: words(
    `time timestamp ts date datetime at when day datum zeit zeitpunkt zeitstempel fecha hora data heure horodatage created
     createdat ordered visited watched bought updated minute hour week month epoch unixtime utc bestelldatum kaufdatum jour dia giorno dag datahora tijd tid verkaufsdatum mois mes mese monat maand semester occurred`,
  ),
  position: words('position pos rank seq sequence step order index idx nr number'),
  rating: words(
    'rating ratings stars star score relevance bewertung note sterne calificacion puntuacion valoracion grade vote rate preference voto avaliacao nota valutazione punteggio beoordeling punkte',
  ),
  weight: words(
    `weight quantity qty count counts plays playcount amount menge anzahl cantidad quantite duration minutes seconds listens
     views clicks units purchases frequency watchtime hours stueck number quantita quantidade aantal antal uds unidades stk`,
  ),
  kind: words(
    'event events action type kind behavior behaviour interaction eventtype activity ereignis aktion accion evento verb art tipo azione acao actie',
  ),
};

/** Words of columns that say something of a user or an item, and are not who or what it is. */
const ATTRIBUTE = words(
  `age gender sex country city region state zip zipcode plz type category categories brand price title description rating size color
   colour group segment channel language lang date birth income occupation genre genres year image img status images photo photos picture pictures thumb thumbnail lat lon latitude
   longitude email phone text review summary comment amount total value currency discount count counts len length area avg mean sum percent ratio max min width height ort land kategorie preis marke kategorie`,
);

/** The words of a column's name, in lower case. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}

/** Words that stand beside the one that matters. */
const IDS = words('id ids code no nr num number key uuid uid hash ref index idx iid name nummer');

/**
 * How much a column's name says for a role: 4 where it says nothing else, 3 with other words, -3 for the name of an
 * attribute, 0 where it says nothing of it.
 */
export function nameScore(name: string, role: Role): number {
  const all = wordsOf(name);
  if (all.length === 0) return 0;
  const said = all.map((word) => matches(word, role));
  const entity = role === 'user' || role === 'item' || role === 'query';
  if (entity && all.some((word) => ATTRIBUTE.has(word)) && !all.some((word) => word === 'id')) return -3;
  if (!said.includes(true)) return 0;
  const others = all.filter((word, i) => !said[i] && !IDS.has(word));
  return others.length === 0 ? (entity && all.includes('name') ? 3 : 4) : 3;
}

function matches(word: string, role: Role): boolean {
  const own = ROLE_WORDS[role];
  if (own.has(word)) return true;
  const stem = word.replace(/(_?id|nr|no|code|key|ids|s)$/, '');
  return stem.length > 2 && stem !== word && own.has(stem);
}

/** Words of kinds of interactions. */
const KIND_VALUES = words(
  `view views viewed pageview page_view click clicks clicked impression detail open purchase purchased buy bought order ordered
   transaction checkout cart addtocart add_to_cart basket add remove remove_from_cart removefromcart like liked dislike love favorite
   favourite fav save saved bookmark share shared play played listen skip watch watched complete completed follow subscribe download
   install rate rated review reviewed comment search hide return refund wishlist pv fav visit read rental loan kauf ansicht warenkorb`,
);

/** Share of a column's values that are words of kinds of interactions. */
export const kindShare = (values: readonly string[]): number =>
  values.filter((value) => {
    const plain = value.toLowerCase().trim();
    return KIND_VALUES.has(plain) || wordsOf(plain).some((word) => KIND_VALUES.has(word));
  }).length / Math.max(values.length, 1);

const ITEM_SIDE = words(
  `title price brand category categories genre genres isbn sku author artist album director publisher description image img poster
   product item movie film book year release color colour size material manufacturer department stock cuisine ingredients latitude lat
   venue place restaurant runtime pages artikel preis marke kategorie titel platform`,
);
const USER_SIDE = words(
  `age gender sex occupation income household birth birthday birthdate married marital email kids children signup joined registered
   membership member user customer profession education job segment newsletter alter geschlecht kunde edad sexo genero`,
);

/** What a table with one row for each id tells of, by the names of its columns: above 0 items, below 0 users. */
export function sideOf(columns: readonly string[]): number {
  let sum = 0;
  for (const name of columns) {
    const all = wordsOf(name);
    if (all.some((word) => ITEM_SIDE.has(word))) sum += 1;
    if (all.some((word) => USER_SIDE.has(word))) sum -= 1;
  }
  return Math.max(-3, Math.min(3, sum));
}

const ITEM_FILE = words(
  'items item products product movies movie films books book places place venues catalog catalogue articles artikel produkte songs tracks games recipes courses pois metadata meta',
);
const USER_FILE = words(
  'users user customers customer people persons members demographics households household kunden profiles accounts students readers',
);

/** The same by the name of its file. */
export function fileSide(name: string): number {
  const all = wordsOf(name.replace(/\.(gz|csv|tsv|txt|jsonl?|parquet|dat)/g, ' '));
  return (
    (all.some((word) => ITEM_FILE.has(word)) ? 2 : 0) - (all.some((word) => USER_FILE.has(word)) ? 2 : 0)
  );
}

// The map of the helicopter view: points that cluster, heat, or areas (web/insight/places.py). The table beside it says the
// same by area, and the link below it lists what the map shows: that is the way for keyboard and screen reader.
//
// <div data-insight-map data-url="…" (numbers; gets soort, kaart, zoom, binnen)  data-behind="…" (list; gets wat, binnen)
//   data-bounds="south,west,north,east" data-latitude data-longitude data-tiles data-attribution data-boundary-url>
// Around it one [data-map-frame] with [data-map-choice] (the form), [data-map-status], [data-map-legend], [data-map-list].

import { afterPause, element } from "./common.js";
import { leaflet } from "./leaflet.js";
import { boundary, tiles } from "./map.js";

const STEPS = [0.15, 0.35, 0.55, 0.75, 0.95]; // how strong a colour is, from few to many
const whole = new Intl.NumberFormat("nl-BE");
const short = new Intl.NumberFormat("nl-BE", { notation: "compact", maximumFractionDigits: 1 });
const reports = (count) => `${whole.format(count)} ${count === 1 ? "melding" : "meldingen"}`;
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function start() {
  for (const box of document.querySelectorAll("[data-insight-map]")) make(box);
}

async function make(box) {
  const frame = box.closest("[data-map-frame]");
  const find = (name) => frame.querySelector(`[data-map-${name}]`);
  const [status, form] = [find("status"), find("choice")];
  let L;
  try {
    L = await leaflet();
  } catch {
    box.hidden = true;
    status.textContent = "De kaart laadt niet. De tabel toont dezelfde cijfers.";
    return;
  }
  const map = begin(L, box);
  const layers = L.layerGroup().addTo(map);
  let asked;

  async function show() {
    const [kind, which] = ["soort", "kaart"].map((name) => new FormData(form).get(name));
    const url = new URL(box.dataset.url, location.href);
    const within = corners(map.getBounds());
    for (const [name, value] of Object.entries({ soort: kind, kaart: which, zoom: Math.round(map.getZoom()), binnen: within })) {
      url.searchParams.set(name, value);
    }
    asked?.abort();
    const mine = (asked = new AbortController());
    try {
      const answer = await fetch(url, { signal: mine.signal });
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.problem);
      layers.clearLayers();
      const legend = DRAW[kind](L, map, layers, found, listOf(box, which));
      find("legend").replaceChildren(...legend);
      status.textContent = inWords(kind, found);
      follow(find("list"), kind, found.count, listOf(box, which)(within));
    } catch (problem) {
      if (mine.signal.aborted) return;
      status.textContent = "De kaart kon niet bijgewerkt worden. De tabel toont dezelfde cijfers.";
    }
  }

  form.addEventListener("change", () => {
    const url = new URL(location.href);
    for (const name of ["soort", "kaart"]) url.searchParams.set(name, new FormData(form).get(name));
    history.replaceState(history.state, "", url);
    show();
  });
  map.on("moveend", afterPause(show, 120));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

/** The map itself, on the part that the page asked for. */
function begin(L, box) {
  const data = box.dataset;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    minZoom: 9,
    maxZoom: 19,
    zoomControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
  });
  const edges = data.bounds.split(",").map(Number);
  if (edges.length === 4) map.fitBounds([edges.slice(0, 2), edges.slice(2)], { animate: false });
  else map.setView([Number(data.latitude) || 51.05, Number(data.longitude) || 3.55], 13, { animate: false });
  L.control.zoom({ zoomInTitle: "Inzoomen", zoomOutTitle: "Uitzoomen" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.attributionControl.setPrefix(false);
  map.createPane("heat");
  // Hundreds of numbers in no order say nothing when read aloud; the table does.
  map.getPane("markerPane").setAttribute("aria-hidden", "true");
  tiles(L, map, data, box);
  boundary(L, map, data.boundaryUrl);
  return map;
}

/** "south,west,north,east" of a part of the map, in millionths of a degree. */
function corners(bounds) {
  const keep = (value, most) => Math.max(-most, Math.min(most, value)).toFixed(6);
  return [keep(bounds.getSouth(), 90), keep(bounds.getWest(), 180), keep(bounds.getNorth(), 90), keep(bounds.getEast(), 180)].join();
}

/** Gives the address of the list of what lies within a box. */
const listOf = (box, which) => (within) => {
  const url = new URL(box.dataset.behind, location.href);
  url.searchParams.set("wat", which);
  url.searchParams.set("binnen", within);
  return url.pathname + url.search;
};

function inWords(kind, found) {
  const here = kind === "wijken" ? "op de kaart" : "op dit deel van de kaart";
  const lost = found.without ? ` ${whole.format(found.without)} van de ${whole.format(found.total)} hebben geen plaats op de kaart.` : "";
  return `${reports(found.count)} ${here}.${lost}`;
}

/** The link below the map; of areas the table has them. */
function follow(link, kind, count, url) {
  link.hidden = kind === "wijken" || !count;
  link.href = url;
  link.textContent = `Toon ${count === 1 ? "deze melding" : `deze ${reports(count)}`} in een lijst`;
}

/** On the map itself: what moves the map draws the points anew, and would take away a popup of theirs. */
function say(L, map, place, ...lines) {
  L.popup({ offset: [0, -6] }).setLatLng(place).setContent(element("div", {}, ...lines)).openOn(map);
}

function points(L, map, layers, found, list) {
  for (const row of found.points) {
    const size = row.count === 1 ? 20 : Math.min(64, 26 + 9 * Math.log10(row.count) * 1.4);
    const sign = element("span", { class: `ml-cluster${row.count === 1 ? " ml-cluster--one" : ""}${row.late ? " ml-cluster--late" : ""}` });
    if (row.count > 1) sign.textContent = row.count < 100000 ? whole.format(row.count) : short.format(row.count);
    const icon = L.divIcon({ html: sign, className: "ml-cluster-box", iconSize: [size, size] });
    const marker = L.marker(row.place, { icon, keyboard: false, riseOnHover: true }).addTo(layers);
    const [south, west, north, east] = row.box;
    const state = `${whole.format(row.open)} open, ${whole.format(row.late)} over tijd`;
    const behind = element("a", { href: list(row.box.map((edge) => edge.toFixed(6)).join()) }, "Toon in een lijst");
    const words = row.url
      ? [element("a", { href: row.url }, row.reference), element("br"), row.title]
      : [`${reports(row.count)}: ${state}`, element("br"), behind];
    marker.on("click", () => {
      const now = map.getZoom();
      const closer = map.getBoundsZoom([[south, west], [north, east]]) - 1;
      if (row.count > 1 && now < map.getMaxZoom()) map.setView(row.place, Math.min(map.getMaxZoom(), Math.max(now + 1, closer)));
      else say(L, map, row.place, ...words);
    });
    if (row.count > 1) marker.bindTooltip(`${reports(row.count)}: ${state}. Klik om in te zoomen.`, { direction: "top" });
  }
  return found.points.some((row) => row.late) ? [element("li", {}, sample("ml-cluster ml-cluster--late"), "waarvan er over tijd zijn")] : [];
}

const sample = (name, opacity) => {
  const made = element("span", { class: `ml-legend__sample ${name}`, "aria-hidden": "true" });
  if (opacity) made.style.opacity = opacity;
  return made;
};

/** The highest count of each step, so that every step has about as many cells; none twice. */
function steps(counts) {
  const ordered = counts.filter(Boolean).sort((one, other) => one - other);
  const edges = STEPS.map((_, place) => ordered[Math.ceil((ordered.length * (place + 1)) / STEPS.length) - 1]);
  return [...new Set(edges.filter(Boolean))];
}

const strength = (edges, count) => STEPS[STEPS.length - edges.length + edges.findIndex((edge) => count <= edge)];

function legendOf(edges, what) {
  return edges.map((edge, place) => {
    const from = place ? edges[place - 1] + 1 : 1;
    const range = from === edge ? whole.format(edge) : `${whole.format(from)} tot ${whole.format(edge)}`;
    return element("li", {}, sample("ml-legend__sample--fill", strength(edges, edge)), `${range} ${what}`);
  });
}

function heat(L, map, layers, found) {
  const edges = steps(found.cells.map((cell) => cell[2]));
  const renderer = L.canvas({ pane: "heat" });
  const colour = style("--ml-chart-late");
  for (const [south, west, count] of found.cells) {
    L.rectangle([[south, west], [south + found.height, west + found.width]], {
      renderer,
      interactive: false,
      stroke: false,
      fillColor: colour,
      fillOpacity: strength(edges, count) * 0.8,
    }).addTo(layers);
  }
  return legendOf(edges, "per vakje");
}

function areas(L, map, layers, found) {
  const edges = steps(found.areas.map((area) => area.count));
  const [fill, line] = [style("--ml-chart-1"), style("--ml-ink")];
  for (const area of found.areas) {
    const opacity = area.count ? strength(edges, area.count) * 0.8 : 0;
    const shape = L.geoJSON(area.geometry, { style: { color: line, weight: 1.5, fillColor: fill, fillOpacity: opacity } }).addTo(layers);
    shape.bindTooltip(element("span", {}, area.name, element("br"), element("strong", {}, whole.format(area.count))), {
      permanent: true,
      direction: "center",
      className: "ml-area-name",
    });
    shape.on("click", (event) => {
      const link = element("a", { href: area.url }, `Toon ${reports(area.count)} in een lijst`);
      say(L, map, event.latlng, area.name, element("br"), area.count ? link : "Geen meldingen");
    });
  }
  return legendOf(edges, "meldingen");
}

const DRAW = { punten: points, warmte: heat, wijken: areas };

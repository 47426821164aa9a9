// Maps: choosing a place (click, keyboard, address, own position), showing one, or showing a list of reports.
//
// <div data-map data-tiles="…{z}/{x}/{y}…" data-attribution="…" data-latitude data-longitude data-zoom
//   data-lat-input="#id" data-lon-input="#id" data-address-input="#id"   choosing: where the answer goes
//   data-lookup-url   POST latitude, longitude → {label, outside, competent}
//   data-search-url   GET q → {results: [{label}]}, q + kies=1 → [{label, latitude, longitude, …}]
//   data-boundary-url GET → {boundary: GeoJSON}
//   data-points-url   GET → {points: [{reference, title, status, latitude, longitude, url}], more}
//   data-squares-url  GET → GeoJSON polygons with count and metres
//   data-marker       a pin at data-latitude, data-longitude       data-static   only to look at>
// What happened is said in the next [data-map-status].

import { addressSuggest } from "./address-suggest.js";
import { element, icon, post, word } from "./common.js";
import { leaflet } from "./leaflet.js";
import { showPoints } from "./map-points.js";
import { showSquares } from "./map-squares.js";

export function start() {
  for (const box of document.querySelectorAll("[data-map]")) make(box);
}

async function make(box) {
  const data = box.dataset;
  let L;
  try {
    L = await leaflet();
  } catch {
    box.replaceChildren(element("p", { class: "ml-map-error", role: "status" }, word("mapNoTiles")));
    return;
  }
  const inputs = data.latInput ? chosenInputs(data) : null;
  const kept = inputs && point(inputs.latitude.value, inputs.longitude.value);
  const centre = kept ?? point(data.latitude, data.longitude) ?? [51.05, 3.55];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    center: centre,
    zoom: Number(data.zoom) || (kept ? 17 : 14),
    minZoom: 11,
    maxZoom: 19,
    zoomControl: false,
    preferCanvas: Boolean(data.pointsUrl),
    scrollWheelZoom: "static" in data ? false : true,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
  });
  L.control.zoom({ zoomInTitle: word("zoomIn"), zoomOutTitle: word("zoomOut") }).addTo(map);
  map.attributionControl.setPrefix(false);
  tiles(L, map, data, box);
  boundary(L, map, data.boundaryUrl);
  if ("marker" in data) pin(L, centre).addTo(map);
  if (data.pointsUrl) showPoints(L, map, data.pointsUrl, statusOf(box));
  if (data.squaresUrl) showSquares(L, map, data.squaresUrl, statusOf(box));
  if (inputs) choose(L, map, box, inputs, kept);
}

export function tiles(L, map, data, box) {
  if (!data.tiles) return;
  const layer = L.tileLayer(data.tiles, { attribution: data.attribution ?? "", maxZoom: 19, crossOrigin: false });
  let wrong = 0;
  let right = 0;
  layer.on("tileload", () => {
    right += 1;
    box.querySelector(".ml-map-error")?.remove();
  });
  layer.on("tileerror", () => {
    wrong += 1;
    if (wrong < 3 || right > 0 || box.querySelector(".ml-map-error")) return;
    box.append(element("p", { class: "ml-map-error", role: "status" }, word("mapNoTiles")));
  });
  layer.addTo(map);
}

export async function boundary(L, map, url) {
  if (!url) return;
  try {
    const answer = await fetch(url);
    const shape = (await answer.json()).boundary;
    if (!shape?.type) return;
    L.geoJSON(shape, {
      interactive: false,
      style: { color: "#0c5460", weight: 3, opacity: 0.7, dashArray: "8 6", fill: false },
    }).addTo(map);
  } catch {
    // The line is a help, not a need.
  }
}

const point = (latitude, longitude) => {
  const found = [Number.parseFloat(String(latitude).replace(",", ".")), Number.parseFloat(String(longitude).replace(",", "."))];
  return found.every(Number.isFinite) ? found : null;
};

function pin(L, place) {
  const sign = element("span", { class: "ml-pin" }, icon("pin"));
  return L.marker(place, {
    icon: L.divIcon({ html: sign, className: "ml-pin-box", iconSize: [40, 44], iconAnchor: [20, 42] }),
    keyboard: false,
    interactive: false,
    alt: word("mapPoint"),
  });
}

function chosenInputs(data) {
  const find = (selector) => (selector ? document.querySelector(selector) : null);
  return { latitude: find(data.latInput), longitude: find(data.lonInput), address: find(data.addressInput) };
}

/** The status line after the map. */
function statusOf(box) {
  let next = box.nextElementSibling;
  while (next && !next.matches("[data-map-status]")) next = next.nextElementSibling;
  return next ?? box.parentElement.querySelector("[data-map-status]") ?? element("p");
}

function choose(L, map, box, inputs, kept) {
  const status = statusOf(box);
  let marker = kept ? pin(L, kept).addTo(map) : null;
  let asked = 0;

  crosshair(box);
  if (!box.getAttribute("aria-description")) box.setAttribute("aria-description", word("mapKeys"));

  function mark(place) {
    if (marker) marker.setLatLng(place);
    else marker = pin(L, place).addTo(map);
    inputs.latitude.value = place[0].toFixed(7);
    inputs.longitude.value = place[1].toFixed(7);
  }

  function forget() {
    marker?.remove();
    marker = null;
    inputs.latitude.value = "";
    inputs.longitude.value = "";
    status.textContent = "";
  }

  function tell(found) {
    const parts = [`${word("mapChosen")} ${found.label || word("mapUnknown")}.`];
    if (found.outside) parts.push(word("mapOutside"));
    if (found.competent) parts.push(`${word("mapCompetent")} ${found.competent}.`);
    status.textContent = parts.join(" ");
    status.classList.toggle("ml-error", Boolean(found.outside));
    if (inputs.address && found.label) inputs.address.value = found.label;
  }

  async function take(place) {
    mark(place);
    const turn = ++asked;
    if (!box.dataset.lookupUrl) return tell({});
    status.textContent = word("mapLooking");
    const body = new FormData();
    body.set("latitude", place[0].toFixed(7));
    body.set("longitude", place[1].toFixed(7));
    try {
      const answer = await post(box.dataset.lookupUrl, body, { timeout: 10000 });
      if (turn !== asked) return undefined;
      if (!answer.ok) throw new Error("look-up refused");
      tell(await answer.json());
    } catch {
      if (turn === asked) status.textContent = word("mapDown");
    }
    return undefined;
  }

  map.on("click", (event) => take([event.latlng.lat, event.latlng.lng]));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== box) return;
    event.preventDefault();
    const middle = map.getCenter();
    take([middle.lat, middle.lng]);
  });
  whereAmI(map, box, status, take);
  if (inputs.address) {
    inputs.address.addEventListener("input", forget);
    if (box.dataset.searchUrl) {
      addressSuggest(inputs.address, box.dataset.searchUrl, (found) => {
        if (!Number.isFinite(found.latitude)) return;
        const place = [found.latitude, found.longitude];
        map.setView(place, 18, { animate: false });
        mark(place);
        tell(found);
      });
    }
  }
}

/** The cross in the middle shows as soon as the map is used by keyboard, and goes with the mouse. */
function crosshair(box) {
  const cross = element("div", { class: "ml-map-cross" });
  box.append(cross);
  box.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow") || event.key === "+" || event.key === "-") cross.classList.add("ml-map-cross--on");
  });
  for (const kind of ["pointerdown", "blur"]) box.addEventListener(kind, () => cross.classList.remove("ml-map-cross--on"));
}

/** The button "use my position", above the map. Shown only where the browser can tell one. */
function whereAmI(map, box, status, take) {
  if (!navigator.geolocation || !window.isSecureContext) return;
  const button = element("button", { type: "button", class: "ml-button" }, icon("target"), word("mapHere"));
  box.before(element("div", { class: "ml-map-tools" }, button));
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.disabled = false;
        map.setView([coords.latitude, coords.longitude], 18, { animate: false });
        take([coords.latitude, coords.longitude]);
      },
      () => {
        button.disabled = false;
        status.textContent = word("mapNoPlace");
      },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 },
    );
  });
}

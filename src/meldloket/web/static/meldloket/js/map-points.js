// The office's list on the map: one dot per report, on canvas so that two thousand stay quick. The list beside it is the
// way for the keyboard.

import { element, word } from "./common.js";

const COLOURS = {
  submitted: "#2f6fae",
  screening: "#2f6fae",
  admissible: "#2f8a46",
  handled: "#6b7a7d",
  evaluated: "#6b7a7d",
  inadmissible: "#6b7a7d",
  withdrawn: "#6b7a7d",
};

export async function showPoints(L, map, url, status) {
  let found;
  try {
    found = await (await fetch(url)).json();
  } catch {
    status.textContent = word("mapNoTiles");
    return;
  }
  const places = [];
  for (const row of found.points) {
    const place = [row.latitude, row.longitude];
    places.push(place);
    const content = element(
      "div",
      {},
      element("a", { href: row.url }, row.reference),
      element("br"),
      row.title,
    );
    L.circleMarker(place, { radius: 8, color: "#ffffff", weight: 2, fillColor: COLOURS[row.status] ?? "#b3470b", fillOpacity: 0.95 })
      .bindPopup(content)
      .addTo(map);
  }
  if (places.length) map.fitBounds(places, { padding: [24, 24], maxZoom: 17, animate: false });
  status.textContent = `${places.length} ${word("mapCount")}.${found.more ? ` ${word("mapMore")}` : ""}`;
}

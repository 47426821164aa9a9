// Squares on the map that are darker where more was reported. The table beside the map is the way for the keyboard.

import { element, word } from "./common.js";

const STEPS = [5, 10, 25, 50, 100];
const SHADES = ["#cfe6ea", "#9ccdd5", "#63aebb", "#2f8795", "#0c5f6d", "#083f49"];

const shade = (count) => SHADES[STEPS.filter((step) => count > step).length];

export async function showSquares(L, map, url, status) {
  let found;
  try {
    found = await (await fetch(url)).json();
  } catch {
    status.textContent = word("mapNoTiles");
    return;
  }
  // Large squares first, so that small ones lie on top.
  found.features.sort((one, other) => other.properties.metres - one.properties.metres);
  const layer = L.geoJSON(found, {
    style: ({ properties }) => ({ color: "#083f49", weight: 1, fillColor: shade(properties.count), fillOpacity: 0.65 }),
    onEachFeature: ({ properties }, drawn) => {
      const words = element("span", {}, `${properties.count.toLocaleString(document.documentElement.lang)} ${word("mapReports")}`);
      drawn.bindTooltip(words, { sticky: true });
    },
  }).addTo(map);
  if (found.features.length) map.fitBounds(layer.getBounds(), { padding: [16, 16], animate: false });
}

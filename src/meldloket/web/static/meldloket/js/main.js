// Switches on what a page asks for by its data- attributes. Every page works without it.

const whenPresent = [
  ["[data-map]", "./map.js"],
  ["[data-suggest]", "./suggest.js"],
  ["[data-address-suggest]", "./address-suggest.js"],
  ["[data-autosave]", "./autosave.js"],
  ["[data-session-seconds]", "./session.js"],
  ["[data-upload]", "./upload.js"],
  ["[data-office]", "./keys.js"],
  ["[data-offline]", "./offline.js"],
  ["[data-several]", "./several.js"],
  ["[data-preview], [data-fills]", "./preview.js"],
  ["[data-conditions]", "./conditions.js"],
  ["[data-chart]", "./charts.js"],
  ["[data-export]", "./export.js"],
  ["[data-insight-map]", "./insight-map.js"],
];

for (const [selector, module] of whenPresent) {
  if (document.querySelector(selector)) import(module).then((loaded) => loaded.start());
}
import("./page.js").then((loaded) => loaded.start());

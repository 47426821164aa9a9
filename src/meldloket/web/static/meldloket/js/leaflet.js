// Fetches Leaflet when a page really has a map; its global stays out of our modules.

let loading;

/** Leaflet's `L`. Rejects when the files are not there. */
export function leaflet() {
  loading ??= new Promise((resolve, reject) => {
    const base = new URL("../../vendor/leaflet/", import.meta.url).pathname;
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = `${base}leaflet.css`;
    // Before our own sheets, so that these win.
    document.head.querySelector("link[rel=stylesheet]").before(style);
    const script = document.createElement("script");
    script.src = `${base}leaflet.js`;
    script.onload = () => resolve(window.L);
    script.onerror = () => reject(new Error("Leaflet did not load"));
    document.head.append(script);
  });
  return loading;
}

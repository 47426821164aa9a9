// Uploads: what was chosen with size and a small picture, limits said before sending, progress while it goes.

import { csrfToken, element, word } from "./common.js";

const KINDS = /^(image\/(jpeg|png|webp|heic|heif)|application\/pdf)$/;
const ENDINGS = /\.(jpe?g|png|webp|heic|heif|pdf)$/i;

export function start() {
  for (const form of document.querySelectorAll("form[data-upload]")) uploads(form);
}

function uploads(form) {
  const input = form.querySelector("input[type=file]");
  if (!input) return;
  const most = Number(input.dataset.maxFiles ?? 5);
  const largest = Number(input.dataset.maxMb ?? 15) * 1024 * 1024;
  const list = element("ul", { class: "ml-upload__list", "aria-live": "polite" });
  input.after(list);

  const problem = (file) => {
    if (file.size > largest) return word("fileLarge");
    if (!KINDS.test(file.type) && !ENDINGS.test(file.name)) return word("fileKind");
    return "";
  };

  function show() {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    const rows = [...input.files].map((file) => {
      const wrong = problem(file);
      const row = element("li", { class: `ml-upload__item${wrong ? " ml-upload__item--wrong" : ""}` });
      if (!wrong && /^image\/(jpeg|png|webp)$/.test(file.type)) row.append(preview(file));
      row.append(`${file.name} (${size(file.size)})${wrong ? `: ${wrong}` : ""}`);
      return row;
    });
    if (input.files.length > most) rows.unshift(element("li", { class: "ml-upload__item ml-upload__item--wrong" }, word("fileMany")));
    list.replaceChildren(...rows);
  }

  input.addEventListener("change", show);
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    if ([...input.files].some(problem)) list.querySelector(".ml-upload__item--wrong")?.scrollIntoView({ block: "center" });
    else send(form, list);
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.toggle("ml-upload--over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        show();
      }
    });
  }
}

/** The picture shows only once the browser can draw it; a blob: address is refused by our policy, so it is read as data. */
function preview(file) {
  const image = element("img", { alt: "" });
  const reader = new FileReader();
  reader.onload = () => {
    image.src = reader.result;
  };
  reader.readAsDataURL(file);
  return image;
}

/** Sends with progress; XMLHttpRequest because fetch can't tell how much has gone. The answer is the page after the upload,
 * with its messages: its main part is put in place, because fetching it again would lose the messages. */
function send(form, list) {
  const bar = element("progress", { max: "100", value: "0", "aria-label": word("sending") });
  const status = element("p", { role: "status" }, word("sending"));
  list.after(bar, status);
  form.setAttribute("aria-busy", "true");
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;

  const request = new XMLHttpRequest();
  request.open("POST", form.action || location.href);
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  };
  request.onload = () => {
    const fresh = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
    if (request.status < 400 && fresh) showAnswer(fresh, request.responseURL);
    else failed();
  };
  request.onerror = failed;
  function failed() {
    form.removeAttribute("aria-busy");
    for (const button of buttons) button.disabled = false;
    bar.remove();
    status.textContent = word("sendFailed");
  }
  request.send(new FormData(form));
}

function showAnswer(fresh, address) {
  const main = document.querySelector("main");
  main.replaceChildren(...fresh.childNodes);
  if (address && new URL(address).origin === location.origin) history.replaceState(null, "", address);
  start();
  main.focus({ preventScroll: true });
  (main.querySelector(".ml-messages, .ml-files") ?? main).scrollIntoView({ block: "nearest" });
}

function size(bytes) {
  const megabytes = bytes / 1048576;
  if (megabytes < 0.1) return `${Math.max(1, Math.round(bytes / 1024))} kB`;
  return `${megabytes.toFixed(1).replace(".", ",")} MB`;
}

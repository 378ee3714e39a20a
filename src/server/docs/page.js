"use strict";
const root = document.documentElement;
const wanted = () => { try { return localStorage.getItem("stele-theme"); } catch { return null; } };
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => { root.dataset.theme = wanted() || (dark.matches ? "dark" : "light"); };
paint();
dark.addEventListener("change", paint);
document.getElementById("theme").onclick = () => {
  const next = root.dataset.theme === "dark" ? "light" : "dark";
  try { localStorage.setItem("stele-theme", next); } catch { /* a page from a file may not */ }
  root.dataset.theme = next;
};

// Which URL and body a form stands for now.
function request(form) {
  const path = form.dataset.path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(form.querySelector(`[data-in=path][name="${name}"]`).value));
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-in=query]")) if (field.value) query.append(field.name, field.value);
  const text = query.toString(), area = form.querySelector("textarea");
  return { url: path + (text ? "?" + text : ""), method: form.dataset.method, body: area ? area.value : null };
}

const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

function curl(form) {
  const r = request(form);
  const parts = ["curl", ...(r.method === "GET" ? [] : ["-X", r.method]), quoted(location.origin + r.url)];
  if (r.body !== null) parts.push("-H", quoted("Content-Type: application/json"), "-d", quoted(r.body.replace(/\s*\n\s*/g, " ")));
  form.querySelector(".curl").textContent = parts.join(" ");
}

async function send(form) {
  const r = request(form), result = form.querySelector(".result"), status = result.querySelector(".status");
  const headers = r.body === null ? {} : { "Content-Type": "application/json" };
  const began = performance.now();
  try {
    const answer = await fetch(r.url, { method: r.method, headers, body: r.body === null ? undefined : r.body });
    const took = performance.now() - began, type = answer.headers.get("Content-Type") || "";
    let text = /json|text|html/.test(type) ? await answer.text() : `${(await answer.blob()).size} bytes of ${type}`;
    if (type.includes("json")) try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* as it came */ }
    status.textContent = `${answer.status} ${answer.statusText} in ${took.toFixed(1)} ms`;
    status.className = "status " + (answer.ok ? "ok" : "bad");
    result.querySelector("pre").textContent = text || "no content";
  } catch (error) {
    status.textContent = "no answer";
    status.className = "status bad";
    result.querySelector("pre").textContent = String(error);
  }
  result.hidden = false;
}

for (const form of document.forms) {
  curl(form);
  form.addEventListener("input", () => curl(form));
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
}

document.getElementById("find").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const route of document.querySelectorAll(".route")) {
    const text = route.querySelector("summary").textContent.toLowerCase();
    route.hidden = !words.every((word) => text.includes(word));
    shown += !route.hidden;
  }
  for (const title of document.querySelectorAll("main h2")) {
    let next = title.nextElementSibling, any = false;
    for (; next && next.classList.contains("route"); next = next.nextElementSibling) any ||= !next.hidden;
    title.hidden = !any;
  }
  document.getElementById("none").hidden = shown > 0;
});

if (location.hash.startsWith("#r")) document.querySelector(location.hash)?.setAttribute("open", "");

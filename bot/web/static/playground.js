// What HTML and htmx cannot say by themselves: drafts, focus, which chat a phone shows, and what did not arrive.
"use strict";

const byId = (id) => document.getElementById(id);
const panes = () => [...document.querySelectorAll(".pane")];
const on = (name, act) => document.body.addEventListener(name, act);
const sent = (event) => event.detail.requestConfig?.verb === "post";

// --- Notices

function notice(words) {
  byId("notice").firstElementChild.textContent = words;
  byId("notice").hidden = !words;
}

function tell(elt, words) {
  if (elt.closest("dialog")) byId("report").textContent = words;
  else notice(words);
}

function unanswered(elt) {
  if (elt.matches(".strides")) {
    return "No answer came. Once the page is connected, look at the clock before you let more time pass.";
  }
  return "No answer came, so this may not have arrived. Do it again once the page is connected: nothing happens twice.";
}

function away(isAway) {
  const banner = byId("away");
  banner.textContent = isAway ? banner.dataset.words : "";
}

on("htmx:sseError", () => away(true));
on("htmx:sseOpen", () => away(false));
window.addEventListener("pagehide", () => away(false));

on("htmx:sendError", (event) => {
  if (sent(event)) {
    tell(event.detail.elt, unanswered(event.detail.elt));
  } else if (event.detail.elt.matches("select")) {
    notice("Not connected, so the chat was not switched. Choose again once the page is connected.");
    byId("shown").reset();
  }
});
on("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  if (status < 500) tell(event.detail.elt, responseText);
  else if (sent(event)) tell(event.detail.elt, "The playground failed at this; its log says why.");
});
on("htmx:afterRequest", (event) => {
  if (sent(event) && event.detail.successful) notice("");
});

// --- Typing: drafts are kept per person in this tab; an event's id belongs to one text, so a second try changes nothing

const draftKey = (field) => `draft-${field.dataset.draft}`;
const UUID_LENGTH = 36;

function keepDraft(field) {
  const { event } = field.form.elements;
  event.value = crypto.randomUUID();
  if (field.value) sessionStorage.setItem(draftKey(field), event.value + field.value);
  else sessionStorage.removeItem(draftKey(field));
}

function restoreDrafts() {
  for (const field of document.querySelectorAll("[data-draft]")) {
    const kept = sessionStorage.getItem(draftKey(field));
    if (!kept || field.value) continue;
    field.form.elements.event.value = kept.slice(0, UUID_LENGTH);
    field.value = kept.slice(UUID_LENGTH);
  }
}

on("input", ({ target }) => {
  if (target.matches("[data-draft]")) keepDraft(target);
});
on("keydown", (event) => {
  if (!event.target.matches("[data-draft]") || event.key !== "Enter") return;
  if (event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (event.target.value.trim()) event.target.form.requestSubmit();
});
on("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful || !detail.elt.matches(".composer")) return;
  const field = detail.elt.querySelector("[data-draft]");
  if (field.value === detail.requestConfig.formData.get("text")) field.value = "";
  keepDraft(field);
});

// --- Sending a file: its name goes out and nothing else

on("change", ({ target }) => {
  if (!target.matches("[data-attach]") || !target.files.length) return;
  const name = target.files[0].name;
  if (target.dataset.tried !== name) Object.assign(target.dataset, { tried: name, event: crypto.randomUUID() });
  const values = { name, event: target.dataset.event };
  htmx.ajax("POST", target.dataset.attach, { source: target, swap: "none", values }).catch(() => {}); // said above
  target.value = "";
});
on("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && detail.elt.matches("[data-attach]")) delete detail.elt.dataset.tried;
});

// --- Pressing: the second half of a double click is not a press of whatever has come to stand there

document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest(".option")) event.stopImmediatePropagation();
}, true);

// --- A refreshed chat keeps the focus: where its button is gone, its newest message takes it

let focused = null;
on("htmx:beforeSwap", ({ detail }) => {
  focused = detail.target.contains(document.activeElement) ? detail.target : null;
});
on("htmx:afterSwap", () => {
  if (focused && document.activeElement === document.body) {
    [...focused.querySelectorAll(".bubble")].at(-1)?.focus();
  }
  focused = null;
});
on("htmx:afterSettle", () => {
  restoreDrafts();
  show(byId("panes").dataset.shown);
});

// --- Where there is room for one chat only: the tabs, and a dot on those with something new

const newest = (pane) => [...pane.querySelectorAll(".bubble")].at(-1)?.dataset.bubble ?? "";
const seen = new Map();

function show(slot) {
  byId("panes").dataset.shown = slot;
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.setAttribute("aria-current", String(tab.dataset.tab === slot));
  }
  lookForNews();
}

function lookForNews() {
  for (const pane of panes()) {
    const { slot, person } = pane.dataset;
    if (pane.checkVisibility() || !seen.has(slot + person)) seen.set(slot + person, newest(pane));
    byId(`tab-${slot}`).querySelector(".dot").hidden = seen.get(slot + person) === newest(pane);
  }
}

on("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (!tab) return;
  event.preventDefault();
  history.replaceState(history.state, "", tab.hash);
  show(tab.dataset.tab);
  byId(`pane-${tab.dataset.tab}`).focus({ preventScroll: true });
});
window.addEventListener("resize", lookForNews);

// --- Time passing, said once at its beginning and once at its end

on("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches(".strides")) byId("passing").textContent = "Time is passing…";
});
on("htmx:afterRequest", ({ detail }) => {
  if (detail.elt.matches(".strides")) byId("passing").textContent = "";
});

// --- Dialog and disclosure

on("click", ({ target }) => {
  const opens = target.closest("[data-opens]")?.dataset.opens;
  const closes = target.closest("[data-closes]")?.dataset.closes;
  if (opens) byId(opens).showModal();
  if (closes === "notice") notice("");
  else if (closes) byId(closes).close();
  if (!target.closest("#guide")) byId("guide")?.removeAttribute("open");
});
on("keydown", ({ key }) => {
  const guide = byId("guide");
  if (key !== "Escape" || !guide?.open) return;
  guide.open = false;
  guide.querySelector("summary").focus();
});

const asked = location.hash.replace("#pane-", "");
restoreDrafts();
show(byId(`pane-${asked}`) ? asked : "a");

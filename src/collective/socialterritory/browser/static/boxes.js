// Boxes of vendors: nothing is asked of them before the visitor says so. A module, which runs once however often a
// page names it. The event and what consent managers do with it: docs/reference/consent.md.
const EVENT = "social-territory:consent";
const boxes = [...document.querySelectorAll(".social-vendor[data-frame]")];
const choices = [...document.querySelectorAll("[data-always]")];
const names = new Map(boxes.map((box) => [box.dataset.service, box.dataset.name]));
for (const choice of choices) names.set(choice.dataset.always, choice.dataset.name);

// Where storage is forbidden, nothing is remembered.
const store = (use) => {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
};
const key = (service) => `social-box-${service}`;
const always = (service) => store((kept) => kept.getItem(key(service))) === "always";
const keep = (service) => store((kept) => kept.setItem(key(service), "always"));
const forget = (service) => store((kept) => kept.removeItem(key(service)));
const tell = (service, granted) =>
  document.dispatchEvent(new CustomEvent(EVENT, { detail: { service, granted } }));

function show(box) {
  const known = box.querySelector("iframe");
  if (known) return known;
  const stage = box.querySelector(".social-vendor-stage");
  const frame = document.createElement("iframe");
  const width = Math.min(500, Math.max(180, stage.clientWidth));
  frame.title = box.getAttribute("aria-label");
  frame.loading = "lazy";
  frame.allow = "fullscreen; picture-in-picture; encrypted-media";
  // Some vendors refuse who does not say where it is; the page's own address stays here.
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.src = box.dataset.frame.replace("{width}", width);
  stage.style.minHeight = `${stage.getBoundingClientRect().height}px`;
  stage.firstElementChild.hidden = true;
  stage.append(frame);
  return frame;
}

// Once more when the vendor's page is there: focus that was given before is not in it, and the next Tab would pass it by.
function focus(frame) {
  frame.focus();
  const again = () => {
    if (document.activeElement !== frame) return;
    frame.blur();
    frame.focus();
  };
  frame.addEventListener("load", again, { once: true });
}

function hide(box) {
  box.querySelector("iframe")?.remove();
  box.querySelector(".social-vendor-ask").hidden = false;
}

document.addEventListener(EVENT, ({ detail: { service, granted } }) => {
  if (!granted) forget(service);
  for (const box of boxes.filter((one) => one.dataset.service === service)) granted ? show(box) : hide(box);
  for (const choice of choices.filter((one) => one.dataset.always === service)) choice.checked = granted;
});

for (const box of boxes) {
  const { service } = box.dataset;
  box.querySelector(".social-vendor-acts").hidden = false;
  box.addEventListener("click", ({ target }) => {
    const how = target.closest("[data-show]")?.dataset.show;
    if (!how) return;
    if (how === "always") {
      keep(service);
      tell(service, true);
    }
    focus(show(box));
  });
  if (always(service)) show(box);
}

document.querySelector(".social-vendors-off")?.remove();
for (const choice of choices) {
  const service = choice.dataset.always;
  choice.checked = always(service);
  choice.parentElement.hidden = false;
  choice.addEventListener("change", () => {
    if (choice.checked) keep(service);
    tell(service, choice.checked);
  });
}

document.dispatchEvent(new CustomEvent("social-territory:ready", { detail: { services: [...names.keys()] } }));

// tarteaucitron.js, where the site has it: each service is one of its panel, and both know of the other's choice.
const tac = window.tarteaucitron;
if (tac) {
  for (const [service, name] of names) {
    const id = `social${service}`;
    const follow = () => {
      if (typeof tac.state[id] === "boolean") tell(service, tac.state[id]);
    };
    const uri = `${document.body.dataset.portalUrl}/@@social-privacy`;
    tac.services[id] = { key: id, type: "social", name, uri, needConsent: true, cookies: [], js() {}, fallback() {} };
    for (const what of ["added", "allowed", "disallowed"]) document.addEventListener(`${id}_${what}`, follow);
    document.addEventListener(EVENT, ({ detail }) => {
      const known = detail.service === service && document.getElementById(`${id}Allowed`);
      if (known && tac.state[id] !== detail.granted) tac.setConsent(id, detail.granted);
    });
    (tac.job ??= []).push(id);
  }
}

// Share bars: what only a browser can do, and the visitor's own server, which stays in the browser.
(() => {
  const HOST = /^([a-z0-9-]+\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/;
  const key = (network) => `social-share-${network}`;

  // Where storage is forbidden, nothing is remembered.
  const store = (use) => {
    try {
      return use(localStorage);
    } catch {
      return null;
    }
  };
  const known = (network) => {
    const host = store((kept) => kept.getItem(key(network)));
    return HOST.test(host) ? host : "";
  };

  async function copy(bar) {
    await navigator.clipboard.writeText(bar.querySelector("textarea")?.value ?? bar.dataset.url);
    const said = bar.querySelector("[role=status]");
    said.textContent = said.dataset.done;
    setTimeout(() => (said.textContent = ""), 4000);
  }
  const acts = {
    copy: navigator.clipboard && copy,
    print: window.print && (() => window.print()),
    sheet: navigator.share && (({ dataset: { title, url } }) => navigator.share({ title, url }).catch(() => {})),
  };

  for (const bar of document.querySelectorAll(".social-share")) {
    for (const button of bar.querySelectorAll("[data-act]")) {
      const act = acts[button.dataset.act];
      if (act) {
        button.parentElement.hidden = false;
        button.addEventListener("click", () => act(bar));
      }
    }
    for (const other of bar.querySelectorAll("[data-other]")) {
      const host = known(other.dataset.other);
      if (host) {
        const link = other.parentElement.previousElementSibling.querySelector("a");
        link.href = link.dataset.server.replace("{host}", host);
        other.parentElement.hidden = false;
      }
    }
  }

  const form = document.querySelector(".social-share-server");
  if (form) {
    const { network } = form.dataset;
    const { server } = form.elements;
    const forget = form.querySelector("[data-forget]");
    server.value ||= known(network);
    forget.hidden = !known(network);
    forget.addEventListener("click", () => {
      store((kept) => kept.removeItem(key(network)));
      server.value = "";
      forget.hidden = true;
      server.focus();
    });
    form.addEventListener("submit", () => {
      const host = server.value.trim().replace(/^https?:\/\/|^@?[^@/]*@|\/.*$/gi, "").toLowerCase();
      if (HOST.test(host)) {
        store((kept) => kept.setItem(key(network), host));
      }
    });
  }
})();

"use strict";
// What an endpoint said reaches the page as text only: nothing here makes markup of it.
(() => {
  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at("data").textContent);

  // Filters: rows of matrices and findings, by words and by state.
  const form = at("filters");
  const rows = [...document.querySelectorAll("table.matrix tbody tr")];
  const findings = [...document.querySelectorAll("details.finding")];
  const words = new Map();
  const wordsOf = (element) => {
    if (!words.has(element)) {
      const part = element.closest("[data-part]")?.querySelector("h3").textContent ?? "";
      words.set(element, `${part} ${element.dataset.words ?? ""} ${element.textContent}`.toLowerCase());
    }
    return words.get(element);
  };
  const statesOf = (element) => {
    if (element.dataset.tone) return [element.dataset.tone];
    const tones = [...element.cells].slice(1).map((cell) => cell.className.slice(2));
    const told = tones.filter((tone) => tone !== "none"); // cells in which nothing was run keep a row only when alone
    return told.length ? told : tones;
  };

  const filter = () => {
    const wanted = at("search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const states = new Set([...form.querySelectorAll("input[name=state]:checked")].map((one) => one.value));
    const shown = (element) =>
      statesOf(element).some((state) => states.has(state)) && wanted.every((word) => wordsOf(element).includes(word));
    const count = (elements) => {
      let visible = 0;
      for (const element of elements) {
        element.hidden = !shown(element);
        if (!element.hidden) visible += 1;
      }
      return `${visible} of ${elements.length}`;
    };
    at("count").textContent = `${count(rows)} rows, ${count(findings)} findings`;
    for (const table of document.querySelectorAll("table.matrix")) {
      const part = table.closest("[data-part]");
      if (part) part.hidden = ![...table.tBodies[0].rows].some((row) => !row.hidden);
    }
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    filter();
  }

  // What a cell opens.
  const make = (name, text) => {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  };
  const panel = at("cell");
  const titleOf = (link) => {
    const cell = link.closest("td");
    const row = cell.parentElement;
    const column = row.closest("table").tHead.rows[0].cells[cell.cellIndex];
    return `${row.cells[0].innerText.trim()} · ${column.innerText.trim().replace(/\s*\n\s*/g, " · ")}: ${link.innerText.trim()}`;
  };
  const linkTo = (id) => {
    const finding = at(id);
    const link = make("a", finding.querySelector("summary").innerText.trim().replace(/\s*\n\s*/g, " "));
    link.href = `#${id}`;
    const item = document.createElement("li");
    item.append(link);
    return item;
  };
  const fill = (told) => {
    const texts = (told.f ?? []).map((number) => data.texts[number]);
    const facts = at("cell-facts");
    facts.replaceChildren();
    for (let place = 0; place < texts.length; place += 2) {
      const same = place > 0 && texts[place] === texts[place - 2];
      facts.append(make("dt", same ? "" : texts[place]), make("dd", texts[place + 1]));
    }
    const links = (told.l ?? []).map((number) => data.texts[number]).filter(at);
    const list = document.createElement("ul");
    list.className = "plain";
    list.append(...links.map(linkTo));
    at("cell-links").replaceChildren(...(links.length ? [make("h3", "Findings"), list] : []));
    const tried = at("cell-tried");
    tried.hidden = !told.p;
    tried.open = false;
    const body = tried.querySelector("tbody");
    body.replaceChildren();
    if (told.p) {
      const [group, ...came] = told.p;
      tried.querySelector("summary").textContent = `${came.length} probes, and what came of each`;
      const names = data.groups[group];
      for (const [place, number] of came.entries()) {
        const row = body.insertRow();
        row.append(make("td", data.texts[names[place]]), make("td", data.texts[number]));
      }
    }
  };
  let opener = null;
  const close = () => {
    opener?.removeAttribute("aria-current");
    panel.hidden = true;
  };
  const open = (id) => {
    const link = document.querySelector(`td a[href="#${id}"]`);
    if (!link) return;
    close();
    opener = link;
    link.setAttribute("aria-current", "true");
    at("cell-title").textContent = titleOf(link);
    fill(data.cells[id]);
    panel.hidden = false;
    panel.scrollIntoView({ block: "start" });
    panel.focus({ preventScroll: true });
  };
  const follow = () => {
    const id = location.hash.slice(1); // our ids need no escapes, so that none are undone
    if (Object.hasOwn(data.cells, id)) return open(id);
    const target = at(id);
    if (target?.matches("details")) {
      target.hidden = false;
      target.open = true;
      target.scrollIntoView({ block: "start" });
      target.querySelector("summary").focus({ preventScroll: true });
    }
  };
  if (panel) {
    at("cell-close").addEventListener("click", () => {
      close();
      history.replaceState(null, "", location.pathname + location.search);
      opener?.focus();
    });
    panel.addEventListener("keydown", (event) => event.key === "Escape" && at("cell-close").click());
  }
  document.addEventListener("click", (event) => {
    // A second click on the same link changes no address, and opens all the same.
    const link = event.target.closest?.('a[href^="#"]');
    if (link && link.hash === location.hash) follow();
  });
  addEventListener("hashchange", follow);
  follow();

  // Copy buttons; from disk, the clipboard may be out of reach, and then the text is selected.
  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = at(button.dataset.copy);
      let told = "Copied";
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        select(text);
        told = document.execCommand("copy") ? "Copied" : "Selected: copy it by keyboard";
      }
      button.textContent = told;
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
  }

  // On paper nothing can be opened; what is known or a note would fill it.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll('details:not([open], [data-tone="known"], [data-tone="lenient"])')];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
})();

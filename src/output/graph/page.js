
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const by = (id) => document.getElementById(id);
  const boxes = all(".n"), lines = all(".e"), rows = all("tr[data-a]"), bands = all(".band");
  const fields = ["q", "ns", "kind", "state"].map(by);
  const form = document.querySelector("form"), said = by("said");
  const opened = new Map(bands.map((band) => [band, band.open]));
  const near = new Map(), drawn = new Map(), facts = new Map();
  const add = (map, key, value) => map.has(key) ? map.get(key).add(value) : map.set(key, new Set([value]));
  for (const box of boxes) {
    const node = box.dataset.n;
    add(drawn, node, box);
    const text = box.querySelector("title").textContent, band = box.closest(".band").dataset.ns;
    const home = !box.id.includes("-");
    if (home || !facts.has(node)) {
      const kind = ["ConfigMap or Secret"].find((k) => text.startsWith(k)) || text.split(" ")[0];
      facts.set(node, { text: (text + " " + band).toLowerCase(), label: text, kind, ns: band, cls: box.classList[1] });
    }
  }
  for (const line of lines) {
    const { a, b } = line.dataset;
    add(near, a, b);
    add(near, b, a);
  }
  const states = { "left alone": "left" };
  let root = null, steps = 1;

  const reached = () => {
    const found = new Set([root]);
    let edge = [root];
    for (let step = 0; step < steps && edge.length; step++) {
      const next = [];
      for (const node of edge) for (const other of near.get(node) || []) {
        if (!found.has(other)) { found.add(other); next.push(other); }
      }
      edge = next;
    }
    return found;
  };
  const matching = () => {
    const [q, ns, kind, state] = fields.map((field) => field.value);
    if (!q && !ns && !kind && !state) return null;
    const words = q.toLowerCase().split(/\s+/), found = new Set();
    const wanted = states[state] || state;
    for (const [node, fact] of facts) {
      const is = wanted === "referrer" ? fact.cls === "workload" || fact.cls === "other" : !wanted || fact.cls === wanted;
      if (is && (!ns || fact.ns === ns) && (!kind || fact.kind === kind) && words.every((word) => fact.text.includes(word))) found.add(node);
    }
    return found;
  };
  const show = (remember = true) => {
    const chosen = root !== null ? reached() : null, found = matching();
    const main = chosen || found;
    const around = new Set(main || []);
    if (!chosen && found) for (const node of found) for (const other of near.get(node) || []) around.add(other);
    const live = new Set();
    for (const box of boxes) {
      const on = !main || around.has(box.dataset.n);
      box.classList.toggle("off", !on);
      box.classList.toggle("root", box.dataset.n === root);
      if (main && main.has(box.dataset.n)) live.add(box.closest(".band"));
    }
    const holds = (a, b) => chosen ? chosen.has(a) && chosen.has(b) : found.has(a) || found.has(b);
    for (const line of lines) {
      const on = !main || holds(line.dataset.a, line.dataset.b);
      line.classList.toggle("off", !on);
      line.classList.toggle("on", !!main && on);
    }
    for (const row of rows) row.toggleAttribute("data-gone", !!main && !holds(row.dataset.a, row.dataset.b));
    for (const band of bands) {
      band.toggleAttribute("data-gone", !!main && !live.has(band));
      band.open = main ? live.has(band) && live.size <= 20 || opened.get(band) : opened.get(band);
    }
    said.textContent = chosen
      ? `${facts.get(root).label}: ${chosen.size - 1} objects within ${steps} step${steps > 1 ? "s" : ""}`
      : found ? `${found.size} of ${facts.size} objects match` : "";
    if (remember) {
      const state = new URLSearchParams(fields.filter((f) => f.value).map((f) => [f.id, f.value]));
      if (root !== null) { state.set("follow", root); state.set("steps", steps); }
      history.replaceState(null, "", "#" + state);
    }
  };
  let timer;
  const follow = (node) => {
    /* What was cleared just before must not end what is followed now. */
    clearTimeout(timer);
    if (node === root) steps++;
    else { root = node; steps = 1; }
    show();
  };
  const clear = () => { form.reset(); root = null; steps = 1; show(); };
  const restore = () => {
    const hash = location.hash.slice(1), plain = /^n(\d+)/.exec(hash), state = new URLSearchParams(hash);
    for (const field of fields) field.value = (!plain && state.get(field.id)) || "";
    const node = plain ? plain[1] : state.get("follow");
    root = facts.has(node) ? node : null;
    steps = Math.max(1, Math.min(99, parseInt(state.get("steps"), 10) || 1));
    show(false);
    if (root !== null) [...drawn.get(root)][0].scrollIntoView({ block: "center" });
  };
  const move = (box, key) => {
    const side = (one) => one.getBoundingClientRect();
    const band = box.closest("svg"), here = side(box);
    const up = key === "ArrowUp" || key === "ArrowDown";
    const wanted = all(".n", band).filter((one) => {
      const there = side(one);
      if (up) return Math.abs(there.left - here.left) < 9 && (key === "ArrowUp" ? there.top < here.top : there.top > here.top);
      return (near.get(box.dataset.n) || new Set()).has(one.dataset.n) && (key === "ArrowLeft" ? there.left < here.left : there.left > here.left);
    });
    wanted.sort((one, other) => Math.abs(side(one).top - here.top) - Math.abs(side(other).top - here.top));
    if (wanted[0]) wanted[0].focus();
  };
  form.hidden = false;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => { root = null; show(); }, 80); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { clearTimeout(timer); timer = setTimeout(() => { root = null; steps = 1; show(); }); });
  by("more").addEventListener("click", () => root === null ? said.textContent = "Click an object first" : follow(root));
  document.addEventListener("click", (event) => {
    const box = event.target.closest && event.target.closest(".n");
    if (box) { event.preventDefault(); box.focus(); follow(box.dataset.n); }
    const band = event.target.closest && event.target.closest(".band>summary");
    if (band) opened.set(band.parentNode, !band.parentNode.open);
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT)$/.test(event.target.tagName);
    if (event.key === "Escape") clear();
    else if (event.key === "/" && !typing) { event.preventDefault(); fields[0].focus(); }
    else if (event.key.startsWith("Arrow") && event.target.closest(".n")) { event.preventDefault(); move(event.target.closest(".n"), event.key); }
  });
  window.addEventListener("beforeprint", () => { for (const one of all("details")) { one.dataset.was = one.open; one.open = !one.hasAttribute("data-gone"); } });
  window.addEventListener("afterprint", () => { for (const one of all("details")) one.open = one.dataset.was === "true"; });
  window.addEventListener("hashchange", restore);
  if (location.hash.length > 1) restore();
})();

"use strict";
// What is known is in #data (docs/graph.md tells its format); the picture may draw groups of it.
(() => {
  const known = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const svg = document.querySelector("#picture svg");
  const nodes = new Map(known.nodes.map((node) => [node.id, node]));
  const drawnAs = new Map();
  for (const [group, members] of Object.entries(known.groups)) {
    for (const id of members) drawnAs.set(id, group);
  }
  const drawn = new Map([...svg.querySelectorAll(".node")].map((one) => [one.dataset.id, one]));
  const lines = [...svg.querySelectorAll(".edge[data-from]")];
  const out = new Map();
  const into = new Map();
  const put = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));
  for (const edge of known.edges) {
    put(out, edge.from, edge);
    put(into, edge.to, edge);
  }
  const FEW = 60;
  const PASSIVE = {
    uses: "used by", refers: "referred to by", reads: "its ports are read by", makes: "made by",
    waits: "awaited by", shares: "shared by", mounts: "mounted by", joins: "has in it", reaches: "reached from",
  };

  // Elements are made with text, never of it: what is in a name is shown as it is.
  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function shownAs(id) {
    return drawn.get(drawnAs.get(id) ?? id);
  }

  // Marks what is drawn of some things strongly, of others less, and lets all else fade.
  function mark(strong, weak, edges = () => false) {
    clear();
    if (!strong.length && !weak.length) return;
    svg.classList.add("marked");
    for (const id of weak) shownAs(id)?.classList.add("next");
    for (const id of strong) {
      shownAs(id)?.classList.remove("next");
      shownAs(id)?.classList.add("on");
    }
    for (const line of lines) if (edges(line.dataset.from, line.dataset.to)) line.classList.add("on");
  }

  function clear() {
    svg.classList.remove("marked");
    for (const one of svg.querySelectorAll(".on, .next")) one.classList.remove("on", "next");
    for (const one of drawn.values()) one.setAttribute("aria-pressed", "false");
  }

  function list(title, ids, notes = new Map()) {
    const found = [];
    if (!ids.length) return found;
    found.push(element("h3", `${title} (${ids.length})`));
    const made = element("ul");
    const add = (some) => {
      for (const id of some) {
        const node = nodes.get(id);
        const item = element("li");
        const button = element("button", node.name, { type: "button", "data-goes-to": id });
        const note = [node.kind, node.kind === "object" ? node.about : "", notes.get(id)].filter(Boolean);
        button.append(" ", element("span", note.join(", "), { class: "tag" }));
        item.append(button);
        made.append(item);
      }
    };
    add(ids.slice(0, FEW));
    found.push(made);
    if (ids.length > FEW) {
      const more = element("button", `Show ${ids.length - FEW} more`, { type: "button", class: "more" });
      more.addEventListener("click", () => {
        add(ids.slice(FEW));
        more.remove();
      });
      found.push(more);
    }
    return found;
  }

  function table(title, values) {
    const rows = Object.entries(values ?? {});
    if (!rows.length) return [];
    const made = element("table");
    for (const [key, value] of rows) {
      const row = element("tr");
      const text = typeof value === "string" ? value : JSON.stringify(value);
      row.append(element("th", key, { scope: "row" }), element("td", text));
      made.append(row);
    }
    return [element("h3", title), made];
  }

  function tell(...parts) {
    at("about").replaceChildren(...parts);
    at("details").scrollTop = 0;
  }

  // The lists of what a thing is connected with, by how.
  function connections(id) {
    const found = [];
    for (const [map, other, words] of [[out, "to", known.verbs], [into, "from", PASSIVE]]) {
      for (const kind of Object.keys(known.verbs)) {
        const edges = (map.get(id) ?? []).filter((edge) => edge.kind === kind);
        const notes = new Map(edges.map((edge) => [edge[other], edge.note]));
        found.push(...list(words[kind], [...notes.keys()], notes));
      }
    }
    return found;
  }

  function choose(id, isFollowed = true) {
    at("file").value = "";
    if (isFollowed) history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    if (known.groups[id]) return chooseGroup(id);
    const node = nodes.get(id);
    const edges = [...(out.get(id) ?? []), ...(into.get(id) ?? [])];
    const others = edges.map((edge) => (edge.from === id ? edge.to : edge.from));
    const own = drawnAs.get(id) ?? id;
    mark([id, ...others], [], (from, to) => from === own || to === own);
    shownAs(id)?.setAttribute("aria-pressed", "true");
    shownAs(id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { file, place, provisioner, containers, ports } = node;
    const facts = { id, file, provisioner, place, containers: containers?.join(", "), ports: ports?.join(", ") };
    const said = Object.fromEntries(Object.entries(facts).filter(([, value]) => value));
    tell(
      element("h2", node.name),
      element("div", node.about && node.about !== file && node.about !== provisioner
        ? `${node.kind}, ${node.about}` : node.kind, { class: "tag" }),
      ...table("Facts", said),
      ...table("Outputs", node.outputs),
      ...table("Params", node.params),
      ...connections(id),
    );
    at("status").textContent = `${node.kind} ${node.name}: connected with ${new Set(others).size}`;
  }

  function chooseGroup(id) {
    const members = known.groups[id];
    const ends = (line) => [line.dataset.from, line.dataset.to];
    const beside = lines.map(ends).filter((pair) => pair.includes(id)).flat();
    mark([id, ...beside], [], (from, to) => from === id || to === id);
    drawn.get(id).setAttribute("aria-pressed", "true");
    const first = nodes.get(members[0]);
    const title = first.type ? `${members.length} × ${first.type}` : `${members.length} ${first.kind}s`;
    tell(element("h2", title), element("div", first.provisioner ?? first.about ?? "", { class: "tag" }),
      ...list("members", members));
    at("status").textContent = `${title}: choose one of them for what is known of it`;
  }

  // What is made again when a file changes, and what is if that comes out otherwise.
  function touched(file) {
    const first = new Set(file.touches);
    const seen = new Set(first);
    const left = [...first];
    while (left.length) {
      const id = left.pop();
      const kind = nodes.get(id).kind;
      const next = (out.get(id) ?? []).filter((edge) => edge.kind === "makes").map((edge) => edge.to);
      for (const edge of into.get(id) ?? []) {
        if (edge.kind === "uses" && kind === "resource") next.push(edge.from);
        if (edge.kind === "refers") next.push(edge.from);
        if (edge.kind === "reads" && first.has(id)) next.push(edge.from);
      }
      for (const other of next) {
        if (!seen.has(other)) {
          seen.add(other);
          left.push(other);
        }
      }
    }
    const ordered = known.nodes.map((node) => node.id);
    return [ordered.filter((id) => first.has(id)), ordered.filter((id) => seen.has(id) && !first.has(id))];
  }

  function change(path) {
    const file = known.files.find((one) => one.path === path);
    if (!file) {
      clear();
      at("status").textContent = "";
      return;
    }
    const [first, then] = touched(file);
    const ids = new Set([...first, ...then].map((id) => drawnAs.get(id) ?? id));
    mark(first, then, (from, to) => ids.has(from) && ids.has(to));
    const whole = file.of_all ? [element("p", `It is about all of ${known.output}.`)] : [];
    tell(
      element("h2", path), element("div", `what a change of it would touch (${file.role})`, { class: "tag" }),
      ...whole, ...list("looked at again", first), ...list("made again if these come out otherwise", then),
    );
    at("status").textContent = `${path}: ${first.length} looked at again, ${then.length} that may follow`;
  }

  function found(words) {
    return known.nodes.filter((node) => {
      const text = [node.id, node.kind, node.name, node.about, node.provisioner, node.file, node.place];
      const where = text.filter(Boolean).join("\n").toLowerCase();
      return words.every((word) => where.includes(word));
    }).map((node) => node.id);
  }

  function search() {
    const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) {
      at("results").replaceChildren();
      at("status").textContent = "";
      clear();
      return;
    }
    const ids = found(words);
    at("results").replaceChildren(...list("found", ids));
    at("status").textContent = ids.length === 1 ? "1 found" : `${ids.length} found`;
    mark(ids, []);
    if (!ids.length) svg.classList.add("marked");
  }

  let scale = 1;
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  function zoom(to) {
    scale = Math.min(Math.max(to, 0.05), 4);
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
  }
  // Letters stay large enough to be read; what does not fit then is scrolled to.
  const fit = () => {
    const room = at("picture");
    zoom(Math.min(Math.max(Math.min(room.clientWidth / width, room.clientHeight / height), 0.8), 1.4));
  };

  for (const [id, one] of drawn) {
    one.setAttribute("tabindex", "0");
    one.setAttribute("role", "button");
    one.setAttribute("aria-pressed", "false");
    one.setAttribute("aria-label", one.querySelector("title").textContent);
    one.addEventListener("click", () => choose(id));
    one.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        choose(id);
      }
    });
  }
  for (const file of known.files) at("file").append(element("option", file.path, { value: file.path }));
  at("file").addEventListener("change", () => change(at("file").value));
  at("search").addEventListener("input", search);
  at("search").addEventListener("keydown", (event) => {
    const first = at("results").querySelector("[data-goes-to]");
    if (event.key === "Enter" && first) choose(first.dataset.goesTo);
    if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    }
  });
  at("details").addEventListener("click", (event) => {
    const id = event.target.closest("[data-goes-to]")?.dataset.goesTo;
    if (id) {
      choose(id);
      if (at("about").querySelector("h2")) at("about").focus();
    }
  });
  at("results").addEventListener("keydown", (event) => {
    const buttons = [...at("results").querySelectorAll("[data-goes-to]")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = buttons[buttons.indexOf(document.activeElement) + step];
    (next ?? at("search")).focus();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = ["INPUT", "SELECT"].includes(document.activeElement.tagName);
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      at("search").focus();
    } else if (event.key === "Escape") {
      at("search").value = "";
      at("file").value = "";
      search();
    }
  });
  at("smaller").addEventListener("click", () => zoom(scale / 1.25));
  at("larger").addEventListener("click", () => zoom(scale * 1.25));
  at("fit").addEventListener("click", fit);
  svg.setAttribute("role", "group");
  fit();
  const start = decodeURIComponent(location.hash.slice(1));
  if (nodes.has(start) || known.groups[start]) choose(start, false);
})();

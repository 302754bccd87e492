"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const { documents, pairs, words } = JSON.parse($("data").textContent);
  const GAP = 300, KEEP = 120, MOST_EDITS = 1200;
  const say = (word, values) => words[word].replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const count = (n) => n.toLocaleString("en-US");
  const make = (tag, name, text) => {
    const one = document.createElement(tag);
    if (name) one.className = name;
    if (text !== undefined) one.textContent = text;
    return one;
  };
  document.documentElement.classList.add("js");

  /* the list: filter, order, open */
  const table = $("table");
  const rows = table ? [...table.tBodies[0].rows] : [];
  const cell = (row, at) => row.cells[at].dataset.value;
  const values = {
    number: (row) => +row.dataset.number, passages: (row) => +row.dataset.passages,
    longest: (row) => +row.dataset.longest, left: (row) => cell(row, 1), right: (row) => cell(row, 3),
    leftshare: (row) => +cell(row, 2), rightshare: (row) => +cell(row, 4),
  };
  let inOrder = rows;
  const filter = () => {
    const wanted = $("wanted").value.trim().toLowerCase(), least = +$("least").value;
    let shown = 0;
    for (const row of rows) {
      const fits = Math.max(+cell(row, 2), +cell(row, 4)) >= least &&
        (!wanted || (cell(row, 1) + "\n" + cell(row, 3)).toLowerCase().includes(wanted));
      row.hidden = !fits;
      shown += fits;
    }
    $("shown").textContent = say("shown", { n: count(shown), all: count(rows.length) });
  };
  const sort = (heading) => {
    const by = values[heading.dataset.by], before = heading.getAttribute("aria-sort");
    const numeric = heading.classList.contains("num");
    const down = before ? before === "ascending" : numeric && heading.dataset.by !== "number";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    inOrder = rows.map((row, at) => [by(row), at, row]).sort((one, other) =>
      (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0) * (down ? -1 : 1) || one[1] - other[1]
    ).map((one) => one[2]);
    table.tBodies[0].append(...inOrder);
  };
  if (table) {
    $("tools").hidden = false;
    $("tools").addEventListener("submit", (event) => event.preventDefault());
    $("tools").addEventListener("input", filter);
    for (const heading of table.tHead.rows[0].cells) {
      const button = make("button", "", heading.textContent);
      heading.replaceChildren(button);
      button.addEventListener("click", () => sort(heading));
    }
    table.tBodies[0].addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row && !event.target.closest("a") && !getSelection().toString()) location.hash = "p" + row.dataset.number;
    });
    filter();
  }

  /* texts: read out of the page when they are first needed */
  const read = new Map();
  const textOf = (number) => {
    if (!read.has(number)) {
      const page = new DOMParser().parseFromString($("d" + number).textContent, "text/html");
      const body = page.querySelector(".x"), gaps = [];
      let characters = [];
      const take = (node) => {
        if (node.nodeType === 3) { for (const one of node.data) characters.push(one); }
        else if (node.tagName === "S") {
          const n = +node.dataset.n;
          gaps.push([characters.length, characters.length + n]);
          characters.length += n;
        } else if (!node.classList.contains("k")) node.childNodes.forEach(take);
      };
      body.childNodes.forEach(take);
      read.set(number, { characters, gaps });
      if (read.size > 40) read.delete(read.keys().next().value);
    }
    return read.get(number);
  };

  /* which letters of two stretches have no counterpart: Myers 1986 */
  const differences = (a, b) => {
    const n = a.length, m = b.length, trace = [];
    const v = new Map([[1, 0]]);
    for (let d = 0; d <= Math.min(n + m, MOST_EDITS); d++) {
      trace.push(new Map(v));
      for (let k = -d; k <= d; k += 2) {
        let x = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1)) ? v.get(k + 1) : v.get(k - 1) + 1;
        while (x < n && x - k < m && a[x] === b[x - k]) x++;
        v.set(k, x);
        if (x >= n && x - k >= m) return walked(trace, n, m);
      }
    }
    return null;
  };
  const walked = (trace, n, m) => {
    const left = new Set(), right = new Set();
    let x = n, y = m;
    for (let d = trace.length - 1; d > 0; d--) {
      const v = trace[d], k = x - y;
      const from = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1)) ? k + 1 : k - 1;
      const px = v.get(from), py = px - from;
      while (x > px && y > py) { x--; y--; }
      if (from < k) left.add(px); else right.add(py);
      x = px; y = py;
    }
    return [left, right];
  };
  const BLANK = /^[\s\p{P}\p{S}]$/u;

  /* one side of a pair */
  const fill = (pane, number, share, spans, differing) => {
    const [key, length, common, hidden] = documents[number];
    const { characters, gaps } = textOf(number);
    const head = pane.querySelector("header");
    head.replaceChildren(make("b", "", key), make("small", "",
      say("share", { n: share }) + " · " + say("letters", { n: count(length) })));
    if (hidden) head.append(make("p", "unseen", say("hidden", { what: hidden })));
    const body = pane.querySelector(".body");
    body.replaceChildren();
    body.scrollTop = 0;
    const edges = new Set([0, length]);
    for (const [start, end] of [...spans, ...common, ...gaps]) { edges.add(start); edges.add(end); }
    const places = [...edges].sort((one, other) => one - other);
    const text = (start, end) => characters.slice(start, end).join("");
    for (let at = 0; at + 1 < places.length; at++) {
      const start = places[at], end = places[at + 1];
      if (gaps.some((gap) => gap[0] <= start && end <= gap[1])) {
        if (gaps.some((gap) => gap[0] === start)) body.append(make("span", "gap", "⋯ " + say("left_out", { n: count(end - start) }) + " ⋯"));
        continue;
      }
      const of = spans.flatMap((span, n) => span[0] <= start && end <= span[1] ? [n] : []);
      const usual = common.filter((one) => one[0] <= start && end <= one[1]);
      for (const one of usual) if (one[0] === start) body.append(made_common(one[2]));
      if (of.length) body.append(made_passage(of, spans, start, end, text, differing));
      else if (usual.length) body.append(make("span", "w", text(start, end)));
      else append_plain(body, start, end, text);
    }
  };
  const made_common = (n) => {
    const link = make("a", "wn", "C" + n);
    link.href = "#c" + n;
    link.title = say("common", { n });
    return link;
  };
  const made_passage = (of, spans, start, end, text, differing) => {
    const one = make("span", "g h" + of[0] % 8);
    one.dataset.n = of.join(" ");
    for (const n of of) {
      if (spans[n][0] !== start) continue;
      const label = make("button", "n e" + n % 8, String(n + 1));
      label.dataset.n = n;
      label.setAttribute("aria-label", say("passage", { n: n + 1 }));
      one.append(label);
    }
    let from = start;
    for (let at = start; at <= end; at++) {
      if (at < end && differing.has(at) === differing.has(from)) continue;
      if (at === from) continue;
      if (differing.has(from)) { const u = make("u", "", text(from, at)); u.title = words.differs; one.append(u); }
      else one.append(text(from, at));
      from = at;
    }
    return one;
  };
  const append_plain = (body, start, end, text) => {
    if (end - start <= GAP) { body.append(text(start, end)); return; }
    const gap = make("button", "gap", "⋯ " + say("fold", { n: count(end - start - 2 * KEEP) }) + " ⋯");
    gap.addEventListener("click", () => gap.replaceWith(text(start + KEEP, end - KEEP)));
    body.append(text(start, start + KEEP), gap, text(end - KEEP, end));
  };

  /* the view of a pair */
  let open = 0, current = -1;
  const show = (number) => {
    const [left, right, leftShare, rightShare, passages] = pairs[number - 1];
    if (open !== number) {
      const differing = [new Set(), new Set()];
      const a = textOf(left).characters, b = textOf(right).characters;
      for (const [ls, le, rs, re] of passages) {
        const found = differences(a.slice(ls, le), b.slice(rs, re));
        if (!found) continue;
        for (const at of found[0]) if (!BLANK.test(a[ls + at])) differing[0].add(ls + at);
        for (const at of found[1]) if (!BLANK.test(b[rs + at])) differing[1].add(rs + at);
      }
      // Shown before it is filled: what is not shown cannot be scrolled.
      $("view").hidden = false;
      fill($("left"), left, leftShare, passages.map((one) => [one[0], one[1]]), differing[0]);
      fill($("right"), right, rightShare, passages.map((one) => [one[2], one[3]]), differing[1]);
      fillChips(passages);
      $("view-title").textContent = say("of", { n: count(number), all: count(pairs.length) });
      open = number;
    }
    $("list").hidden = true;
    $("view").hidden = false;
    document.documentElement.classList.add("viewing");
    const row = $("r" + number);
    if (row) row.classList.add("seen");
    const visible = inOrder.filter((one) => !one.hidden || one === row), at = visible.indexOf(row);
    link($("before"), visible[at - 1]);
    link($("after"), visible[at + 1]);
    $("view-title").focus({ preventScroll: true });
    go(0);
  };
  const link = (to, row) => row ? to.setAttribute("href", "#p" + row.dataset.number) : to.removeAttribute("href");
  const fillChips = (passages) => {
    $("chips").replaceChildren(...passages.map(([ls, le, _rs, _re, same, atLeft, atRight], n) => {
      const chip = make("button", "h" + n % 8);
      chip.append(make("i", "e" + n % 8, String(n + 1)), say("letters", { n: count(le - ls) }) + " · " + say("same", { n: same }));
      chip.title = atLeft + " ↔ " + atRight;
      chip.dataset.n = n;
      return chip;
    }));
  };
  const go = (n, from) => {
    const passages = pairs[open - 1][4];
    if (!passages.length) return;
    current = (n + passages.length) % passages.length;
    for (const chip of $("chips").children) {
      if (+chip.dataset.n === current) { chip.setAttribute("aria-current", "true"); chip.scrollIntoView({ block: "nearest", inline: "nearest" }); }
      else chip.removeAttribute("aria-current");
    }
    // The side that was clicked stays where it is; the other goes to the same height.
    const firsts = ["left", "right"].map((side) => {
      const body = $(side).querySelector(".body");
      body.querySelectorAll(".g.now").forEach((one) => one.classList.remove("now"));
      const mine = [...body.querySelectorAll(".g")].filter((one) => one.dataset.n.split(" ").includes(String(current)));
      mine.forEach((one) => one.classList.add("now"));
      return [body, mine[0]];
    });
    const height = (body, one) => one.getBoundingClientRect().top - body.getBoundingClientRect().top;
    for (const [body, one] of firsts) {
      if (!one || from === body) continue;
      const clicked = firsts.find((other) => other[0] === from);
      const wanted = clicked && clicked[1] ? Math.max(height(...clicked), 12) : Math.min(60, body.clientHeight / 4);
      body.scrollTop += height(body, one) - wanted;
    }
  };
  const close = () => {
    if ($("view").hidden) return;
    $("view").hidden = true;
    $("list").hidden = false;
    document.documentElement.classList.remove("viewing");
  };
  $("view").addEventListener("click", (event) => {
    const one = event.target.closest("[data-n]");
    if (!one || event.target.closest(".gap")) return;
    go(+one.dataset.n.split(" ")[0], event.target.closest(".body"));
  });
  document.addEventListener("keydown", (event) => {
    if ($("view").hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "n") go(current + 1);
    else if (key === "p") go(current - 1);
    else if (key === "j") $("after").click();
    else if (key === "k") $("before").click();
    else if (key === "escape") location.hash = "r" + open;
  });
  const follow = () => {
    const wanted = /^#p(\d+)$/.exec(location.hash);
    if (wanted && pairs[wanted[1] - 1]) { show(+wanted[1]); return; }
    close();
    const target = location.hash.length > 1 && $(location.hash.slice(1));
    if (target) { target.scrollIntoView({ block: /^#r/.test(location.hash) ? "center" : "start" }); const first = target.querySelector("a.open"); if (first) first.focus({ preventScroll: true }); }
  };
  addEventListener("hashchange", follow);
  $("back").addEventListener("click", () => { $("back").href = "#r" + open; });
  follow();
})();

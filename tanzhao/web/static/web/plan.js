// The picture of a plan: a visit is moved by dragging it or with the arrow keys. Without this, a
// visit is a link to its unit's page, where the round is chosen from a list.
(function () {
  "use strict";
  const boardOf = function () { return document.getElementById("board"); };
  const visitsIn = function (board) { return Array.from(board.querySelectorAll("td .visit")); };
  const moves = function (board) { return board.dataset.moving === "yes"; };
  // Cells that lie in the column of a round: all but the years and the drawing of the coverage.
  const IN_COLUMN = "tbody.visits td, tr.loads td, tr.numbers td";
  let held = null; // a visit that is being moved: {visit, from, next}
  let last = null; // the key of the visit that has, or had, the focus
  let waiting = null; // what to say when the server has answered

  // It stands at the foot of the window, and goes when it has been read and nothing is held.
  let silence = 0;
  function say(text) {
    const place = document.getElementById("board-said");
    if (!place) return;
    if (place.textContent !== text) place.textContent = text;
    clearTimeout(silence);
    silence = setTimeout(function () { if (!held) place.textContent = ""; }, 8000);
  }

  function words(board, name, visit, head) {
    const round = head ? head.dataset.name + " " + head.dataset.month : "";
    return board.dataset[name]
      .replace("{unit}", visit.dataset.name)
      .replace("{round}", round)
      .replace("{load}", head ? head.dataset.load : "");
  }

  // The heading of a column, and the cell of this row under it: the first cell names the row.
  function headAt(board, column) { return board.querySelectorAll("tr.rounds th")[column]; }
  function isOpen(head) { return head && head.dataset.round && !("closed" in head.dataset); }

  // One stop of the Tab key for the whole board, else hundreds.
  function prepare() {
    const board = boardOf();
    if (!board) return;
    held = null;
    const visits = visitsIn(board);
    const first = visits.find(function (v) { return v.dataset.visit === last; }) || visits[0];
    visits.forEach(function (v) {
      v.tabIndex = v === first ? 0 : -1;
      v.draggable = moves(board) && !("done" in v.dataset);
    });
  }

  function focusOn(board, visit) {
    visitsIn(board).forEach(function (v) { v.tabIndex = -1; });
    visit.tabIndex = 0;
    last = visit.dataset.visit;
    visit.focus();
  }

  function mark(board, column) {
    board.querySelectorAll("[data-target]").forEach(function (c) { delete c.dataset.target; });
    if (!column) return;
    headAt(board, column).dataset.target = "yes";
    // The whole column: its heading may be out of sight.
    board.querySelectorAll(IN_COLUMN).forEach(function (cell) {
      if (cell.cellIndex === column) cell.dataset.target = "yes";
    });
  }

  function take(visit) {
    held = { visit: visit, from: visit.parentElement, next: visit.nextSibling };
    visit.dataset.held = "yes";
  }

  function putBack(board) {
    if (!held) return;
    held.from.insertBefore(held.visit, held.next);
    delete held.visit.dataset.held;
    mark(board, 0);
    held = null;
  }

  function moveTo(board, column) {
    const visit = held.visit;
    visit.closest("tr").cells[column].append(visit);
    visit.focus();
    mark(board, column);
    say(words(board, "sayHeld", visit, headAt(board, column)));
  }

  // The next column in this direction whose round can still take visits.
  function neighbour(board, visit, step) {
    const count = board.querySelectorAll("tr.rounds th").length - 1;
    let column = visit.closest("td").cellIndex + step;
    while (column >= 1 && column <= count && !isOpen(headAt(board, column))) column += step;
    return column >= 1 && column <= count ? column : 0;
  }

  function pin(board, visit, head) {
    const form = document.getElementById("pin-form");
    const key = visit.dataset.visit.split(" ");
    form.elements.unit.value = key[0];
    form.elements.kind.value = key[1];
    form.elements.round.value = head.dataset.round;
    last = visit.dataset.visit;
    waiting = words(board, "sayPinned", visit, head);
    form.requestSubmit();
  }

  function step(board, visit, key) {
    const sideways = key === "ArrowLeft" ? -1 : 1;
    if (moves(board) && !("done" in visit.dataset)) {
      const column = neighbour(board, visit, sideways);
      if (!column) return;
      if (!held) take(visit);
      moveTo(board, column);
      return;
    }
    const cells = Array.from(visit.closest("tr").cells);
    for (let at = visit.closest("td").cellIndex + sideways; cells[at]; at += sideways) {
      const found = cells[at].querySelector(".visit");
      if (found) { focusOn(board, found); return; }
    }
  }

  document.addEventListener("keydown", function (event) {
    const board = boardOf();
    const visit = event.target.closest ? event.target.closest("#board td .visit") : null;
    if (!board || !visit) return;
    const visits = visitsIn(board);
    const at = visits.indexOf(visit);
    const ends = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: visits.length - 1 };
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      step(board, visit, event.key);
    } else if (event.key in ends) {
      putBack(board);
      if (visits[ends[event.key]]) focusOn(board, visits[ends[event.key]]);
    } else if (event.key === "Escape" && held) {
      putBack(board);
      visit.focus();
      say(words(board, "sayBack", visit, null));
    } else if (event.key === "Enter" && held) {
      pin(board, visit, headAt(board, visit.closest("td").cellIndex));
    } else {
      return;
    }
    event.preventDefault();
  });

  document.addEventListener("focusout", function (event) {
    const board = boardOf();
    // Moving the mark itself takes the focus away for a moment; leaving the board puts it back.
    if (board && held && event.relatedTarget && !board.contains(event.relatedTarget)) {
      putBack(board);
    }
  });

  document.addEventListener("dragstart", function (event) {
    const board = boardOf();
    const visit = event.target.closest ? event.target.closest("#board .visit") : null;
    if (!board || !visit || !visit.draggable) return;
    putBack(board);
    take(visit);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", visit.dataset.visit);
  });
  function columnUnder(board, event) {
    const cell = event.target.closest
      ? event.target.closest(IN_COLUMN + ", tr.rounds th") : null;
    return cell && board.contains(cell) && isOpen(headAt(board, cell.cellIndex)) ? cell.cellIndex : 0;
  }
  document.addEventListener("dragover", function (event) {
    const board = boardOf();
    if (!board || !held) return;
    const column = columnUnder(board, event);
    mark(board, column);
    // Where it cannot be let go, nothing is said of the round before.
    say(column ? words(board, "sayOver", held.visit, headAt(board, column)) : "");
    if (column) event.preventDefault();
  });
  document.addEventListener("drop", function (event) {
    const board = boardOf();
    if (!board || !held) return;
    const column = columnUnder(board, event);
    if (!column) return;
    event.preventDefault();
    // Let go where it was: the hand slipped, nothing was decided.
    if (column === held.from.cellIndex) return;
    pin(board, held.visit, headAt(board, column));
  });
  document.addEventListener("dragend", function () {
    const board = boardOf();
    if (!board || !held || waiting) return;
    const visit = held.visit;
    putBack(board);
    say(words(board, "sayBack", visit, null));
  });

  document.addEventListener("htmx:after:swap", function () {
    const board = boardOf();
    if (!board) return;
    prepare();
    if (!waiting) return;
    const refused = document.querySelector("#plan-area .refusal");
    say(refused ? refused.textContent.trim() : waiting);
    waiting = null;
    const visit = visitsIn(board).find(function (v) { return v.dataset.visit === last; });
    if (visit) focusOn(board, visit);
  });
  prepare();
})();

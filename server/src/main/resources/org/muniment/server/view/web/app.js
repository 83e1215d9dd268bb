// The page over the REST interface. What comes from mail is only ever put into text nodes.

const API = "api/v1";
const PAGE = 50;
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const FACETS = {
  month: "Month",
  sender: "Sender",
  domain: "Domain",
  account: "Account",
  mailbox: "Mailbox",
  type: "Files",
  language: "Language",
};
/** Values of a facet that are shown before one asks for more. */
const FACET_VALUES = 6;

const byId = (id) => document.getElementById(id);
const reader = byId("reader");
const wide = matchMedia("(min-width: 62.01rem)");

/** The Authorization header value; lives and dies with this page. */
let authorization = null;
/** The list that is shown: {title, load(cursor), row(item)}, and the cursor of its next page. */
let list = null;
let next = null;
let listAbort = new AbortController();
let messageAbort = new AbortController();
let mailboxAbort = new AbortController();
let shownMessage = null;

// --- elements ---------------------------------------------------------------------------------

/** An element with attributes and children, nested at will; strings become text nodes, null is left out. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

function setTitle(words) {
  document.title = words ? words + " · Muniment" : "Muniment";
}

function loading(what) {
  return el("p", { class: "loading", role: "status" }, what);
}

function notice(text) {
  return el("p", { class: "notice" }, text);
}

function problem(error, retry) {
  const box = el("div", { class: "problem", role: "alert" }, el("p", null, error.message));
  if (error.query !== undefined && error.column) {
    const before = [...error.query].slice(0, error.column - 1).join("");
    box.append(el("pre", { "aria-hidden": "true" }, error.query + "\n" + blank(before) + "^"));
  } else if (retry) {
    box.append(el("p", null, el("button", { type: "button", click: retry }, "Try again")));
  }
  return box;
}

/** As many columns of nothing as the text has characters. */
function blank(text) {
  return [...text].map((c) => (c === "\t" ? "\t" : " ")).join("");
}

const numbers = new Intl.NumberFormat();
const times = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

function count(n, one, many) {
  return numbers.format(n) + " " + (n === 1 ? one : many);
}

function octets(n) {
  const units = ["B", "KB", "MB", "GB"];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit++;
  }
  return (unit === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)) + " " + units[unit];
}

/** A moment for a list: the time for today, the day otherwise. */
function when(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    return el("time", null, iso);
  }
  const today = date.toDateString() === new Date().toDateString();
  return el("time", { datetime: iso, title: moments.format(date) }, (today ? times : days).format(date));
}

function moment(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : moments.format(date);
}

// --- the interface ----------------------------------------------------------------------------

/** An answer of the server, or an Error with the words of its problem details. */
async function get(path, signal, accept = "application/json", method = "GET") {
  let response;
  try {
    response = await fetch(API + path, {
      method,
      headers: { Authorization: authorization, "X-Requested-With": "muniment", Accept: accept },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal,
    });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Error("The server cannot be reached.");
  }
  if (response.ok) {
    return response;
  }
  const details = await response.json().catch(() => ({}));
  const error = new Error(details.detail || details.title || "The server answered " + response.status + ".");
  error.status = response.status;
  error.column = details.column;
  throw error;
}

const getJson = async (path, signal) => (await get(path, signal)).json();
const postJson = async (path, signal) => (await get(path, signal, "application/json", "POST")).json();
const segment = encodeURIComponent;

function plainSegment(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Runs a piece of work; an answer that nobody waits for any more is dropped. */
async function attempt(work, failed) {
  try {
    await work();
  } catch (error) {
    if (error.name === "AbortError") {
      return;
    }
    if (error.status === 401) {
      signOut("Your session has ended. Please sign in again.");
    } else {
      failed(error);
    }
  }
}

async function download(button, path, name) {
  button.disabled = true;
  await attempt(
    async () => {
      const blob = await (await get(path, undefined, "*/*")).blob();
      const url = URL.createObjectURL(blob);
      el("a", { href: url, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
    (error) => button.closest("li, .actions").after(problem(error)),
  );
  button.disabled = false;
}

// --- sign in and out --------------------------------------------------------------------------

function basic(name, password) {
  const octets = new TextEncoder().encode(name + ":" + password);
  return "Basic " + btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(""));
}

async function signIn(event) {
  event.preventDefault();
  const name = byId("name").value;
  const button = event.submitter ?? event.target.querySelector("button");
  authorization = basic(name, byId("password").value);
  button.disabled = true;
  try {
    const answer = await getJson("/accounts");
    const captures = await getJson("/captures?limit=1");
    byId("password").value = "";
    byId("sign-in").hidden = true;
    reader.hidden = false;
    byId("who").textContent = name;
    showAccounts(answer.accounts, captures.accounts);
    route();
    byId(reader.dataset.pane).focus();
  } catch (error) {
    authorization = null;
    showSignIn(error.status === 401 ? "The name or the password is wrong." : error.message);
  } finally {
    button.disabled = false;
  }
}

function showSignIn(words) {
  reader.hidden = true;
  byId("sign-in").hidden = false;
  setTitle("");
  byId("sign-in-problem").textContent = words ?? "";
  byId("sign-in-problem").hidden = !words;
  byId(words && byId("name").value ? "password" : "name").focus();
}

function signOut(words) {
  authorization = null;
  [listAbort, messageAbort, mailboxAbort].forEach((abort) => abort.abort());
  list = null;
  shownMessage = null;
  byId("mailboxes").replaceChildren();
  byId("rows").replaceChildren();
  byId("message").replaceChildren();
  byId("query").value = "";
  if (!words) {
    history.replaceState(null, "", "#/");
  }
  showSignIn(words);
}

// --- accounts and mailboxes -------------------------------------------------------------------

const RELATIONS = { primary: "", own: "", other: "granted to you" };

/** The accounts with their mailboxes; then those that are captured and have no mail to read here. */
function showAccounts(accounts, captured) {
  mailboxAbort.abort();
  mailboxAbort = new AbortController();
  const others = captured.filter((state) => accounts.every((account) => account.name !== state.account));
  if (accounts.length + others.length === 0) {
    byId("mailboxes").replaceChildren(notice("There is no account that you may read."));
    return;
  }
  byId("mailboxes").replaceChildren(...accounts.map(accountSection), ...others.map(capturedSection));
}

function capturedSection(state) {
  return el("section", { "aria-label": state.title }, accountHeading(state.title, state));
}

/** A heading that leads to how the capture fares, where there is one. */
function accountHeading(title, state) {
  if (!state) {
    return el("h2", null, title);
  }
  return [
    el("h2", null, el("a", { href: "#/account/" + segment(state.account) }, title)),
    el("p", { class: "relation muted small" }, state.running ? "being captured" : state.state),
  ];
}

function accountSection(account) {
  const tree = el("div", null, loading("Loading mailboxes …"));
  const words = RELATIONS[account.relation];
  const load = () =>
    attempt(
      async () => {
        const answer = await getJson("/accounts/" + segment(account.name) + "/mailboxes", mailboxAbort.signal);
        tree.replaceChildren(
          answer.mailboxes.length === 0
            ? el("p", { class: "level" }, "No mailboxes yet.")
            : branch(treeOf(answer.mailboxes)),
        );
        markMailbox();
      },
      (error) => tree.replaceChildren(problem(error, load)),
    );
  load();
  return el(
    "section",
    { "aria-label": account.title },
    accountHeading(account.title, account.capture),
    words ? el("p", { class: "relation muted small" }, words) : null,
    tree,
  );
}

/** The mailboxes as a tree: a level has a name, perhaps a mailbox, and levels below it. INBOX comes first. */
function treeOf(mailboxes) {
  const root = { below: new Map() };
  const inbox = (mailbox) => mailbox.path[0].toUpperCase() === "INBOX";
  for (const mailbox of [...mailboxes].sort((a, b) => inbox(b) - inbox(a))) {
    let level = root;
    for (const name of mailbox.path) {
      if (!level.below.has(name)) {
        level.below.set(name, { name, below: new Map() });
      }
      level = level.below.get(name);
    }
    level.mailbox = mailbox;
  }
  return root;
}

function branch(level) {
  return el("ul", null, [...level.below.values()].map(leaf));
}

function leaf(level) {
  const name = el("span", { class: "name", title: level.name, dir: "auto" }, level.name);
  const line = level.mailbox
    ? el(
        "a",
        { href: "#/mailbox/" + level.mailbox.id, "data-mailbox": level.mailbox.id },
        name,
        el(
          "span",
          { class: "count" },
          numbers.format(level.mailbox.messages),
          el("span", { class: "hidden" }, " messages"),
        ),
      )
    : el("span", { class: "level" }, name);
  return el("li", null, line, level.below.size > 0 ? branch(level) : null);
}

function markMailbox() {
  for (const link of byId("mailboxes").querySelectorAll("[data-mailbox]")) {
    if (list && link.dataset.mailbox === list.mailbox) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
}

// --- lists ------------------------------------------------------------------------------------

function mailboxList(id) {
  return {
    key: "mailbox " + id,
    mailbox: id,
    title: "Mailbox",
    empty: "This mailbox is empty.",
    load: async (cursor, signal) => {
      const answer = await getJson(
        "/mailboxes/" + segment(id) + "/messages?limit=" + PAGE + cursorParameter(cursor),
        signal,
      );
      return {
        title: answer.mailbox.path.join(" / "),
        about: answer.mailbox.account,
        total: answer.mailbox.messages,
        items: answer.messages,
        next: answer.next,
      };
    },
  };
}

function searchList(query, sort) {
  return {
    key: "search " + sort + " " + query,
    query,
    title: query ? "Search" : "All mail",
    empty: query ? "Nothing matches." : "There is no mail yet.",
    load: async (cursor, signal) => {
      const parameters = "?q=" + segment(query) + "&sort=" + segment(sort) + "&zone=" + segment(ZONE) + "&limit=" + PAGE;
      const counted = cursor ? "" : "&facets=" + Object.keys(FACETS).join(",");
      const answer = await getJson("/search" + parameters + counted + cursorParameter(cursor), signal);
      return {
        facets: answer.facets,
        title: query || "All mail",
        about: [
          answer.indexLag > 0 ? count(answer.indexLag, "entry", "entries") + " not yet searchable" : "",
          answer.attachmentsPending > 0 ? "attachments of " + count(answer.attachmentsPending, "message", "messages") + " not yet read" : "",
        ]
          .filter((words) => words)
          .join(" · "),
        total: answer.total,
        items: answer.hits,
        next: answer.next,
      };
    },
  };
}

function cursorParameter(cursor) {
  return cursor ? "&cursor=" + segment(cursor) : "";
}

function showList(wanted) {
  if (list && list.key === wanted.key && byId("rows").childElementCount > 0) {
    return;
  }
  list = wanted;
  next = null;
  listAbort.abort();
  listAbort = new AbortController();
  byId("list-title").textContent = wanted.title;
  byId("list-count").textContent = "";
  byId("rows").replaceChildren();
  byId("facets").hidden = true;
  byId("list").scrollTop = 0;
  markMailbox();
  loadPage();
}

function loadPage() {
  const wanted = list;
  const first = next === null;
  const more = byId("more");
  more.hidden = true;
  byId("list").setAttribute("aria-busy", "true");
  byId("list-state").replaceChildren(...(first ? [loading("Loading …")] : []));
  return attempt(
    async () => {
      const page = await wanted.load(next, listAbort.signal);
      const rows = byId("rows");
      next = page.next ?? null;
      rows.append(...page.items.map(row));
      if (page.facets) {
        showFacets(page.facets, wanted.query);
      }
      markMessage();
      byId("list-title").textContent = page.title;
      if (reader.dataset.pane !== "message") {
        setTitle(page.title);
      }
      const shown = rows.childElementCount;
      const total = count(page.total, "message", "messages");
      byId("list-count").textContent =
        (shown < page.total ? numbers.format(shown) + " of " : "") + total + (page.about ? " · " + page.about : "");
      byId("list-state").replaceChildren(...(shown === 0 ? [notice(wanted.empty)] : []));
      byId("list").removeAttribute("aria-busy");
      more.hidden = next === null;
    },
    (error) => {
      error.query = wanted.query;
      byId("list").removeAttribute("aria-busy");
      byId("list-state").replaceChildren(problem(error, loadPage));
    },
  );
}

/** What the hits are counted by; a click narrows the search. */
function showFacets(facets, query) {
  const told = facets.filter((facet) => facet.values.length > (facet.facet === "account" ? 1 : 0));
  byId("facet-list").replaceChildren(...told.map((facet) => facetSection(facet, query)));
  byId("facets").hidden = told.length === 0;
}

function facetSection(facet, query) {
  const values = facet.values.map((value) => facetValue(value, query));
  const rest = values.splice(FACET_VALUES);
  const more = el("button", { type: "button", class: "quiet small" }, numbers.format(rest.length) + " more");
  const lines = el("ul", null, values, rest.length > 0 ? el("li", null, more) : null);
  more.addEventListener("click", () => more.parentElement.replaceWith(...rest));
  return el("section", { "aria-label": FACETS[facet.facet] }, el("h2", null, FACETS[facet.facet]), lines);
}

/** The query that both find. */
function both(query, other) {
  return !query ? other : (/[()]|\bOR\b/.test(query) ? "(" + query + ")" : query) + " " + other;
}

function facetValue(value, query) {
  const q = both(query, value.query);
  const href = "#/search?" + new URLSearchParams({ q, sort: byId("sort").value }).toString();
  return el(
    "li",
    null,
    el("a", { href, title: value.query }, el("span", { class: "name", dir: "auto" }, value.label)),
    el("span", { class: "count" }, numbers.format(value.count)),
  );
}

function row(item) {
  const subject = item.subject || "(no subject)";
  const link = el(
    "a",
    { class: "row", href: "#/message/" + item.id, "data-message": item.id },
    el(
      "span",
      { class: "first" },
      el("span", { class: "from", dir: "auto", title: item.from }, withoutAddresses(item.from) || "(no sender)"),
      item.attachments ? el("span", { class: "tag" }, "attachment") : null,
      when(item.date ?? item.internalDate),
    ),
    el("div", { class: "subject", dir: "auto" }, subject),
    (item.snippets ?? []).map(snippet),
    item.mailboxes ? el("div", { class: "places", dir: "auto" }, item.mailboxes.map(placeName).join(", ")) : null,
  );
  return el("li", null, link);
}

/** The names alone where there are names: "Ann <ann@example.org>" becomes "Ann". */
function withoutAddresses(people) {
  return people.replace(/ <[^<>]*>/g, "");
}

function snippet(found) {
  const where = found.attachment ? el("span", { class: "tag" }, found.filename || "part " + found.part) : null;
  return el("div", { class: "snippet", dir: "auto" }, where, where ? " " : null, found.passages.map(passage));
}

function passage(piece) {
  return piece.match ? el("mark", null, piece.text) : piece.text;
}

function placeName(mailbox) {
  return mailbox.account + ": " + mailbox.path.join(" / ");
}

function markMessage() {
  for (const link of byId("rows").querySelectorAll(".row")) {
    if (link.dataset.message === shownMessage) {
      link.setAttribute("aria-current", "true");
    } else {
      link.removeAttribute("aria-current");
    }
  }
}

// --- one message ------------------------------------------------------------------------------

function showMessage(id) {
  shownMessage = id;
  messageAbort.abort();
  messageAbort = new AbortController();
  const signal = messageAbort.signal;
  const pane = byId("message");
  pane.replaceChildren(loading("Loading the message …"));
  pane.scrollTop = 0;
  markMessage();
  return attempt(
    async () => {
      const message = await getJson("/messages/" + segment(id), signal);
      setTitle(message.subject || "(no subject)");
      const text = el("div", null, loading("Loading the text …"));
      pane.replaceChildren(...messageParts(message, text));
      if (!wide.matches) {
        pane.focus();
      }
      loadText(id, text, signal);
      loadThread(id, signal);
    },
    (error) =>
      pane.replaceChildren(
        error.status === 404 ? notice("There is no such message.") : problem(error, () => showMessage(id)),
      ),
  );
}

function loadText(id, place, signal) {
  return attempt(
    async () => {
      const response = await get("/messages/" + segment(id) + "/text", signal, "text/plain");
      const text = (await response.text()).trimEnd();
      const body = text === "" ? notice("This message has no text.") : el("div", { class: "text", dir: "auto" }, text);
      place.replaceChildren(body);
    },
    (error) => place.replaceChildren(problem(error, () => loadText(id, place, signal))),
  );
}

/** The conversation, where there is more of it than the message itself. */
function loadThread(id, signal) {
  return attempt(
    async () => {
      const thread = await getJson("/messages/" + segment(id) + "/thread", signal);
      const place = byId("thread");
      if (place && thread.messages.length > 1) {
        place.replaceChildren(
          el("h2", null, "Conversation"),
          el("ol", { class: "thread" }, thread.messages.map((entry) => threadEntry(entry, id))),
          ...(thread.cut ? [notice("There are more messages than are shown here; these are the latest.")] : []),
        );
      }
    },
    (error) => byId("thread")?.replaceChildren(problem(error, () => loadThread(id, signal))),
  );
}

function threadEntry(entry, id) {
  const depth = { class: "depth-" + Math.min(entry.depth, 8) };
  const message = entry.message;
  if (!message) {
    return el("li", depth, el("span", { class: "muted" }, "a message that is not here"));
  }
  return el(
    "li",
    depth,
    el(
      "a",
      { href: "#/message/" + message.id, "aria-current": message.id === id ? "true" : null },
      el("span", { class: "from", dir: "auto" }, withoutAddresses(message.from) || "(no sender)"),
      " ",
      el("span", { class: "muted", dir: "auto" }, message.subject || "(no subject)"),
    ),
    when(message.date),
  );
}

/** Lists what is like a message. */
function similarList(id) {
  return {
    key: "similar " + id,
    title: "Similar messages",
    empty: "No message is like this one.",
    load: async (cursor, signal) => {
      const answer = await getJson("/messages/" + segment(id) + "/similar?limit=" + PAGE, signal);
      return { title: "Similar messages", total: answer.hits.length, items: answer.hits };
    },
  };
}

function messageParts(message, text) {
  const attachments = leaves(message.parts).filter((part) => part.path);
  return [
    el("p", { class: "narrow" }, el("button", { type: "button", class: "quiet", click: () => history.back() }, "← Back")),
    el("h1", { dir: "auto" }, message.subject || "(no subject)"),
    el(
      "dl",
      { class: "fields" },
      field("From", message.from.map(address).join(", ")),
      field("To", message.to.map(address).join(", ")),
      field("Cc", message.cc.map(address).join(", ")),
      field("Bcc", message.bcc.map(address).join(", ")),
      field("Date", message.date ? moment(message.date) : ""),
    ),
    message.defects.length > 0
      ? notice("This message is not well formed: " + [...new Set(message.defects.map((d) => d.kind.replaceAll("_", " ")))].join(", ") + ".")
      : null,
    el(
      "div",
      { class: "actions" },
      el(
        "button",
        {
          type: "button",
          click: (event) => download(event.target, "/messages/" + message.id + "/raw", message.id.slice(0, 16) + ".eml"),
        },
        "Download the original (" + octets(message.length) + ")",
      ),
      el("a", { class: "button", href: "#/similar/" + message.id }, "Similar messages"),
    ),
    text,
    el("div", { id: "thread" }),
    el("h2", null, "Parts"),
    el("ul", { class: "parts" }, attachments.map((part) => partRow(message, part))),
    provenance(message),
  ].filter((child) => child !== null);
}

function field(name, value) {
  return value ? [el("dt", null, name), el("dd", { dir: "auto" }, value)] : [];
}

function address(entry) {
  if (entry.members) {
    return entry.name + ": " + entry.members.map(address).join(", ") + ";";
  }
  return entry.name ? entry.name + " <" + entry.address + ">" : entry.address;
}

/** The parts that can be downloaded, in order: leaves, and messages with what is in them. */
function leaves(part) {
  const below = part.children.flatMap(leaves);
  return part.type.startsWith("multipart/") && below.length > 0 ? below : [part, ...below];
}

function partRow(message, part) {
  const name = part.filename || "Part " + part.path;
  return el(
    "li",
    null,
    el(
      "span",
      { class: "what" },
      el("span", { dir: "auto" }, name),
      el("span", { class: "muted small" }, part.type + " · " + octets(part.size) + (part.encoding === "base64" ? " encoded" : "")),
    ),
    el(
      "button",
      {
        type: "button",
        "aria-label": "Download " + name,
        click: (event) =>
          download(event.target, "/messages/" + message.id + "/parts/" + segment(part.path), fileName(part)),
      },
      "Download",
    ),
  );
}

function fileName(part) {
  const name = (part.filename || "").split(/[\/\\]/).pop().trim();
  return name || "part-" + part.path + (part.type === "message/rfc822" ? ".eml" : part.type === "text/plain" ? ".txt" : ".bin");
}

function provenance(message) {
  const places = message.places.map((place) => [
    el("dt", null, "Place"),
    el("dd", { dir: "auto" }, placeName(place.mailbox) + ", UID " + place.uid + (place.flags.length ? ", " + place.flags.join(" ") : "")),
    el("dt", null, "Captured"),
    el(
      "dd",
      null,
      moment(place.capturedAt) + " from " + place.provenance.protocol + " " + place.provenance.host + ", log entry " + place.leaf,
    ),
  ]);
  const journal = (message.journal || []).map((told) => [
    el("dt", null, "Journal"),
    el("dd", { dir: "auto" }, journalText(told)),
  ]);
  return el(
    "details",
    null,
    el("summary", null, "Evidence"),
    el(
      "dl",
      { class: "fields" },
      el("dt", null, "SHA-256"),
      el("dd", null, el("code", null, message.id)),
      message.messageId ? [el("dt", null, "Message-ID"), el("dd", null, el("code", null, message.messageId))] : [],
      places,
      journal,
    ),
  );
}

function journalText(told) {
  if (told.result === "ordinary") {
    return "came to a journal mailbox and is no journal report";
  }
  if (!told.sent) {
    return "a journal report that " + told.reason;
  }
  const named = told.sent.recipients.map((recipient) => (recipient.as === "unknown" ? "" : recipient.as + " ") + recipient.address);
  const more = told.sent.count > named.length ? ", and " + (told.sent.count - named.length) + " more" : "";
  const cut = told.sent.cut ? " (" + told.sent.cut + ")" : "";
  return "a report says: sent by " + (told.sent.sender || "<>") + " to " + named.join(", ") + more + cut;
}

// --- how the capture of an account fares --------------------------------------------------------

const PAUSES = {
  later: "The server asked to come again later: ",
  denied: "The server refused name and password: ",
  spent: "",
  closed: "",
};

function showAccount(name) {
  shownMessage = null;
  messageAbort.abort();
  messageAbort = new AbortController();
  const signal = messageAbort.signal;
  const pane = byId("message");
  const work = el("div", { role: "status" });
  pane.replaceChildren(loading("Loading the account …"));
  pane.scrollTop = 0;
  markMessage();
  const refresh = () =>
    attempt(
      async () => {
        const answer = await getJson("/captures?limit=1", signal);
        const state = answer.accounts.find((account) => account.account === name);
        setTitle(state ? state.title : "Account");
        pane.replaceChildren(
          ...(state ? accountParts(state, work, signal, refresh) : [notice("There is no such account.")]),
        );
      },
      (error) => pane.replaceChildren(problem(error, refresh)),
    );
  return refresh();
}

function accountParts(state, work, signal, refresh) {
  const run = state.running;
  const pause = state.pause;
  const buttons = state.startable
    ? el(
        "div",
        { class: "actions" },
        el("button", { type: "button", click: (event) => startJob(event, state, "captures", work, signal, refresh) }, "Capture now"),
        el("button", { type: "button", click: (event) => startJob(event, state, "checks", work, signal, refresh) }, "Check"),
      )
    : null;
  return [
    el("p", { class: "narrow" }, el("button", { type: "button", class: "quiet", click: () => history.back() }, "← Back")),
    el("h1", { dir: "auto" }, state.title),
    el(
      "dl",
      { class: "fields" },
      field("Account", state.account),
      field("State", state.state === "complete" ? "COMPLETE" : "INCOMPLETE"),
      field("Missing", state.missing),
      field("Last run", state.lastRun ? moment(state.lastRun) : "never"),
      field("Now", run ? "being captured" + (run.mailbox ? ": " + runWords(run) : "") : ""),
      field("Waits", pause ? (PAUSES[pause.kind] ?? "") + pause.reason : ""),
      field("Next run", state.nextRun ? moment(state.nextRun) : ""),
    ),
    buttons,
    work,
  ].filter((child) => child !== null);
}

function runWords(run) {
  return run.mailbox + ", " + numbers.format(run.done) + " of " + count(run.due, "new message", "new messages") + ", " + octets(run.octets);
}

/** Starts a job, and shows how it goes on until it is over or something else is shown. */
async function startJob(event, state, kind, work, signal, refresh) {
  const buttons = [...event.target.parentElement.querySelectorAll("button")];
  buttons.forEach((button) => (button.disabled = true));
  await attempt(
    async () => {
      let job = await postJson("/accounts/" + segment(state.account) + "/" + kind, signal);
      while (job.state === "running") {
        work.replaceChildren(...jobParts(job));
        await new Promise((resolve) => setTimeout(resolve, 1000));
        job = await getJson("/jobs/" + segment(job.id), signal);
      }
      work.replaceChildren(...jobParts(job));
      await refresh();
    },
    (error) => work.replaceChildren(problem(error)),
  );
  buttons.forEach((button) => (button.disabled = false));
}

function jobParts(job) {
  if (job.state === "failed") {
    return [problem(new Error(job.problem))];
  }
  const steps = (job.result ?? job.progress ?? {}).steps;
  if (steps) {
    return [el("ol", { class: "steps" }, steps.map(checkStep)), ...(job.state === "running" ? [loading("Checking …")] : [])];
  }
  if (job.state === "running") {
    return [loading(job.progress && job.progress.mailbox ? runWords(job.progress) : job.kind === "check" ? "Checking …" : "Capturing …")];
  }
  const result = job.result;
  if (result.until) {
    return [notice("Not now, but at " + moment(result.until) + ": " + result.missing)];
  }
  const words = (result.complete ? "Complete: " : "Incomplete: ") + count(result.messages, "new message", "new messages") + ".";
  return [notice(words + (result.missing ? " " + result.missing : ""))];
}

function checkStep(step) {
  return el(
    "li",
    null,
    el("strong", null, step.name + ": " + (step.ok ? "OK" : "FAILED")),
    " ",
    el("span", { dir: "auto" }, step.text),
    step.advice ? el("p", { class: "muted small" }, step.advice) : null,
  );
}

// --- where the page stands --------------------------------------------------------------------

function route() {
  if (!authorization) {
    return;
  }
  const [path, parameters] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const [kind, id] = path.split("/", 2);
  const asked = new URLSearchParams(parameters);
  if (kind === "message" && id) {
    reader.dataset.pane = "message";
    if (!list) {
      showList(searchList("", "date"));
    }
    showMessage(id);
    return;
  }
  if (kind === "account" && id) {
    reader.dataset.pane = "message";
    if (!list) {
      showList(searchList("", "date"));
    }
    showAccount(plainSegment(id));
    return;
  }
  reader.dataset.pane = "list";
  if (list) {
    setTitle(byId("list-title").textContent);
  }
  if (kind === "mailbox" && id) {
    byId("query").value = "";
    showList(mailboxList(id));
  } else if (kind === "similar" && id) {
    byId("query").value = "";
    showList(similarList(id));
  } else {
    byId("query").value = asked.get("q") ?? "";
    byId("sort").value = ["relevance", "oldest"].includes(asked.get("sort")) ? asked.get("sort") : "date";
    showList(searchList(byId("query").value, byId("sort").value));
  }
  if (!shownMessage) {
    byId("message").replaceChildren(el("p", { class: "blank" }, "Choose a message to read it here."));
  }
}

function search(event) {
  event?.preventDefault();
  const wanted =
    "#/search?" + new URLSearchParams({ q: byId("query").value.trim(), sort: byId("sort").value }).toString();
  if (wanted === location.hash) {
    list = null;
    route();
  } else {
    location.hash = wanted;
  }
}

function keys(event) {
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    byId("query").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    step(event);
  }
}

/** Arrow keys go through the rows of the list. */
function step(event) {
  const here = event.target.closest(".row");
  const there =
    here && (event.key === "ArrowDown" ? here.parentElement.nextElementSibling : here.parentElement.previousElementSibling);
  if (there) {
    event.preventDefault();
    there.firstElementChild.focus();
  }
}

byId("sign-in-form").addEventListener("submit", signIn);
byId("sign-out").addEventListener("click", () => signOut());
byId("search-form").addEventListener("submit", search);
byId("sort").addEventListener("change", search);
byId("more").addEventListener("click", loadPage);
byId("show-mailboxes").addEventListener("click", () => {
  reader.dataset.pane = reader.dataset.pane === "mailboxes" ? "list" : "mailboxes";
});
byId("mailboxes").addEventListener("click", (event) => {
  if (event.target.closest("a")) {
    reader.dataset.pane = "list";
  }
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("list").focus();
});
document.addEventListener("keydown", keys);
addEventListener("hashchange", route);
showSignIn();

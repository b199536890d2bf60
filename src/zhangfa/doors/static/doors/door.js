/* One file, two lives: in a worker it solves the puzzle, on a page it helps with the form. */
(function () {
  "use strict";
  var K = [], P = 2, i, H0 = [];
  function frac(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
  for (; K.length < 64; P++) {
    for (i = 2; i * i <= P && P % i; i++);
    if (i * i > P) { if (H0.length < 8) H0.push(frac(Math.sqrt(P))); K.push(frac(Math.cbrt(P))); }
  }
  /* SHA-256 of an ASCII string as hex. */
  function sha256(text) {
    var n = text.length, words = new Int32Array(((n + 8 >> 6) + 1) * 16), w = new Int32Array(64), h = H0.slice(), i, j;
    for (i = 0; i < n; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - i % 4 * 8);
    words[n >> 2] |= 128 << (24 - n % 4 * 8);
    words[words.length - 1] = n * 8;
    for (j = 0; j < words.length; j += 16) {
      var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
      for (i = 0; i < 64; i++) {
        if (i < 16) w[i] = words[j + i];
        else {
          var x = w[i - 15], y = w[i - 2];
          w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
        }
        var t = k + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + w[i] | 0;
        var u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
        k = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
      }
      h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
      for (i = 0; i < 8; i++) h[i] |= 0;
    }
    return h.map(function (v) { return ("0000000" + (v >>> 0).toString(16)).slice(-8); }).join("");
  }
  if (typeof document === "undefined") {
    self.onmessage = function (event) {
      var p = event.data, n = 0;
      while (n <= p.maxNumber && sha256(p.salt + n) !== p.challenge) n++;
      self.postMessage(n);
    };
    return;
  }

  var here = document.currentScript.src, form = document.querySelector("form[data-puzzle]");
  function all(what, root) { return Array.from((root || document).querySelectorAll(what)); }
  all("[data-js]").forEach(function (e) { e.hidden = false; });
  all("[data-print]").forEach(function (e) { e.onclick = function () { window.print(); }; });

  /* A link carries the code behind #, which reaches no log. */
  var code = document.querySelector("[data-code]");
  if (code && location.hash.length > 12) {
    code.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    code.form.submit();
  }

  /* Drafts stay on this phone until sent. */
  var store;
  try { store = window.localStorage; } catch (e) { store = null; }
  all("[data-sent]").forEach(function (e) { if (store) store.removeItem("door:" + e.dataset.sent); });
  if (!form) return;
  var name = "door:" + location.pathname;
  function kept(e) { return e.name && !/^(hidden|file|submit)$/.test(e.type); }
  function save() {
    var draft = {};
    all("input,textarea,select", form).forEach(function (e) {
      if (!kept(e) || (/radio|checkbox/.test(e.type) && !e.checked) || !e.value) return;
      (draft[e.name] = draft[e.name] || []).push(e.value);
    });
    try { store.setItem(name, JSON.stringify(draft)); } catch (e) {  }
  }
  if (store && !form.hasAttribute("data-typed")) {
    try {
      var draft = JSON.parse(store.getItem(name) || "{}");
      all("input,textarea,select", form).forEach(function (e) {
        var values = draft[e.name];
        if (!kept(e) || !values) return;
        if (/radio|checkbox/.test(e.type)) e.checked = values.indexOf(e.value) >= 0; else e.value = values[0];
      });
    } catch (e) { store.removeItem(name); }
  }

  var puzzle = JSON.parse(form.dataset.puzzle), worker, waiting = 0, busy = false;
  var answer = form.elements.work, button = form.querySelector("button[type=submit]");
  function solve() {
    if (worker || answer.value || !window.Worker) return;
    worker = new Worker(here);
    worker.onmessage = function (event) {
      puzzle.number = event.data;
      answer.value = btoa(JSON.stringify(puzzle));
      if (waiting) send();
    };
    worker.onerror = function () { if (waiting) send(); };
    worker.postMessage(puzzle);
  }
  function stale() { var m = /expires=(\d+)/.exec(puzzle.salt); return m && m[1] * 1000 < Date.now() + 60000; }
  function send() { waiting = 2; form.submit(); }
  form.addEventListener("input", function () { if (store) save(); solve(); });
  form.addEventListener("submit", function (event) {
    if (waiting) { event.preventDefault(); return; }
    if (answer.value && !busy && !stale()) { waiting = 2; return; }
    event.preventDefault();
    waiting = 1;
    button.disabled = true;
    button.textContent = button.dataset.wait;
    if (busy) return;
    ready();
  });
  function ready() {
    if (!stale()) { if (answer.value || !window.Worker) send(); else solve(); return; }
    answer.value = ""; worker = null;
    fetch(form.dataset.anew).then(function (r) { return r.json(); }).then(function (p) { puzzle = p; solve(); }, send);
  }
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { waiting = 0; button.disabled = false; button.textContent = button.dataset.send; }
  });

  /* Photos are drawn anew at 1600 px: small, and without the camera's notes. */
  function shrink(file) {
    return new Promise(function (done) {
      if (!/^image\//.test(file.type)) { done(file); return; }
      var picture = new Image(), address = URL.createObjectURL(file);
      picture.onerror = function () { done(file); };
      picture.onload = function () {
        var scale = Math.min(1, 1600 / Math.max(picture.width, picture.height)), canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.width * scale);
        canvas.height = Math.round(picture.height * scale);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(address);
        canvas.toBlob(function (blob) {
          done(blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file);
        }, "image/jpeg", 0.85);
      };
      picture.src = address;
    });
  }
  all("input[type=file][data-shrink]", form).forEach(function (input) {
    input.addEventListener("change", function () {
      if (!window.DataTransfer || !window.Promise) return;
      var shown = document.getElementById(input.id + "-shown"), files = Array.from(input.files);
      busy = true;
      Promise.all(files.map(shrink)).then(function (small) {
        var box = new DataTransfer();
        shown.textContent = "";
        small.forEach(function (file) {
          box.items.add(file);
          var picture = new Image();
          picture.src = URL.createObjectURL(file);
          picture.alt = file.name;
          shown.appendChild(picture);
        });
        input.files = box.files;
      }).catch(function () {  }).then(function () {
        busy = false;
        if (waiting === 1) ready();
      });
    });
  });

  /* The place is sent only if its button is pressed. */
  all("[data-place]", form).forEach(function (box) {
    var press = box.querySelector("button"), says = box.querySelector("p"), field = box.querySelector("input");
    if (!navigator.geolocation) { box.hidden = true; return; }
    if (field.value) { says.textContent = says.dataset.have; press.textContent = press.dataset.drop; }
    press.onclick = function () {
      if (field.value) { field.value = ""; says.textContent = ""; press.textContent = press.dataset.add; return; }
      says.textContent = says.dataset.wait;
      navigator.geolocation.getCurrentPosition(function (found) {
        field.value = found.coords.longitude.toFixed(6) + "," + found.coords.latitude.toFixed(6);
        says.textContent = says.dataset.have;
        press.textContent = press.dataset.drop;
        solve();
      }, function () { says.textContent = says.dataset.none; }, { timeout: 15000, enableHighAccuracy: true });
    };
  });
})();

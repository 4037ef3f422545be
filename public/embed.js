/* samepage: everyone who looks at this page is in the same chat room.
   <script async src="https://chat.example/embed.js"></script>
   This shows the bubble; the chat itself is loaded when somebody wants it. Options: docs/embedding.md */
(() => {
  'use strict';
  if (window.samepage) return;
  const tag = document.currentScript ?? document.querySelector('script[type=module][src*="embed.js"]');
  const base = new URL('.', tag.src);
  const style = `:host{all:initial!important;display:block!important;color-scheme:light dark!important;
--accent:var(--samepage-accent,#4a56d2);--on-accent:#fff}
/* white or black, by luminance */
@supports(color:color(from red xyz x y z)){:host{--on-accent:color(from var(--accent) xyz
clamp(0,(.179 - y)*999,.95) clamp(0,(.179 - y)*999,1) clamp(0,(.179 - y)*999,1.09))}}
:host([data-theme=light]){color-scheme:light!important}
:host([data-theme=dark]){color-scheme:dark!important}
@media print{:host{display:none!important}}
[hidden]{display:none!important}
.bubble{all:unset;position:fixed;z-index:2147483646;bottom:calc(20px + env(safe-area-inset-bottom));right:20px;
box-sizing:border-box;min-width:54px;height:54px;padding:0 14px;border:1px solid #0000;border-radius:27px;
display:flex;align-items:center;justify-content:center;gap:8px;cursor:pointer;
background:var(--accent);color:var(--on-accent);font:600 16px system-ui,sans-serif;
box-shadow:0 1px 2px #0003,0 6px 20px -4px #0006;transition:.2s}
:host([data-position=left]) .bubble{right:auto;left:20px}
.bubble:hover{box-shadow:0 2px 4px #0003,0 12px 28px -6px #0008}
.bubble:focus-visible{outline:3px solid var(--on-accent);outline-offset:-6px}
.bubble[aria-busy]{opacity:.7}
svg{width:24px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}`;

  let destroy;

  function create(options) {
    if (document.querySelector('samepage-chat')) return;
    const settings = { open: location.href.split('#samepage=')[1], ...tag.dataset, ...options };
    const stop = new AbortController();
    const { signal } = stop;
    const make = (parent, name, attributes, namespace = 'http://www.w3.org/1999/xhtml') => {
      const node = document.createElementNS(namespace, name);
      for (const key in attributes) node.setAttribute(key, attributes[key]);
      return parent.appendChild(node);
    };
    const host = make(document.body, 'samepage-chat', { lang: settings.lang ?? 'en' });
    for (const key of ['position', 'theme']) host.dataset[key] = settings[key] ?? '';
    if (CSS.supports('color', settings.color)) host.style.setProperty('--samepage-accent', settings.color);
    const root = host.attachShadow({ mode: 'open' });
    const dress = (text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets.push(sheet);
    };
    dress(style);
    const bubble = make(root, 'button', { type: 'button', class: 'bubble', part: 'bubble', 'data-sp': 'bubble', 'aria-haspopup': 'dialog', hidden: '' });
    const svg = 'http://www.w3.org/2000/svg';
    make(make(bubble, 'svg', { viewBox: '0 0 24 24', 'aria-hidden': true }, svg), 'path', {
      d: 'M12 3.5c5 0 9 3.4 9 7.7s-4 7.7-9 7.7q-1.5 0-3-.4l-4.5 2 .9-3.9C3.9 15.2 3 13.3 3 11.2c0-4.3 4-7.7 9-7.7z',
    }, svg);
    const count = make(bubble, 'span', { 'data-sp': 'count' });
    let place, chat, loading, dressed, address;
    const here = () => location.href.split('#')[0];

    /** Which room this page has, and how many are in it. */
    async function look() {
      const url = address = here();
      try {
        const query = new URLSearchParams({ url });
        const canonical = document.querySelector('link[rel=canonical]')?.href;
        if (canonical) query.append('url', canonical);
        if (settings.room) query.append('room', settings.room);
        const answer = await fetch(new URL('rooms?' + query, base), { signal });
        const { rooms, ...endpoint } = await answer.json();
        if (url !== address) return;
        const room = rooms[0].canonical && rooms[1]?.jid ? rooms[1] : rooms[0];
        if (!room.jid) {
          leave();
          throw Error(room.error);
        }
        const moved = place?.room.jid !== room.jid;
        place = { endpoint, room, assets: new URL(endpoint.assets ?? 'samepage/', base) };
        if (chat) return moved && (chat = chat.move(place));
        count.textContent = room.occupants || '';
        bubble.ariaLabel = `Chat about this page, ${room.occupants} here`;
        bubble.hidden = false;
      } catch (error) {
        if (signal.aborted) return;
        if (chat) address = ''; // once more in a minute
        console.info('No samepage chat here:', error.message);
      }
    }

    const follow = () => here() !== address && look();

    function leave() {
      chat?.destroy();
      chat = place = null;
      bubble.hidden = true;
    }

    const load = () => loading ??= Promise.all([
      import(new URL('chat.js', place.assets)),
      fetch(new URL('chat.css', place.assets)).then((answer) => answer.text()),
    ]);

    async function open(asked) {
      try {
        bubble.ariaBusy = true;
        const [module, css] = await load();
        if (signal.aborted) return;
        if (!chat) {
          if (!dressed) dress(css);
          dressed = true;
          chat = module.start({ ...place, root, bubble, count, settings });
        }
        chat.show(asked);
      } catch (error) {
        loading = null;
        console.error('samepage cannot be loaded. Reload the page.', error);
      }
      bubble.ariaBusy = null;
    }

    bubble.onclick = open;
    bubble.onpointerenter = () => load().catch(() => loading = null);
    const timers = [setInterval(() => document.hidden || (chat ? follow() : look()), 60_000)];
    // In a single-page application. Where nothing tells, we look: a patched history could not be undone.
    if (window.navigation) navigation.addEventListener('currententrychange', follow, { signal });
    else timers.push(setInterval(follow, 1_000));
    let was;
    try {
      was = sessionStorage['samepage:open'];
    } catch {}
    look().then(() => place && (settings.open ?? was) != null && open());

    destroy = () => {
      stop.abort();
      timers.forEach(clearInterval);
      leave();
      host.remove();
    };
  }

  window.samepage = { version: '0.1.0', create, destroy: () => destroy?.() };
  if (document.body) create();
  else addEventListener('DOMContentLoaded', () => create());
})();

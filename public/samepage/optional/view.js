/** What the optional parts show: views that cover the messages for a while, with the way back on top. */
import { button, icon, make } from '../dom.js';
import { words } from './words.js';

const BACK = 'M15 5l-7 7 7 7';
export const DOTS = 'M5 12h.01M12 12h.01M19 12h.01';

/** Styles of a part, made once and adopted where it is shown first. */
export function styles(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

const own = styles(`
.view { position: absolute; inset: 0; display: flex; flex-direction: column; background: var(--bg); }
.view > * { animation: fade .15s; }
@keyframes fade { from { opacity: 0; } }
.bar { display: flex; align-items: center; gap: 4px; padding: 8px 10px; font-weight: 600; }
.scroll { flex: 1; overflow: hidden auto; overscroll-behavior: contain; padding: 0 18px; outline-offset: -3px; }
.view h3 { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.quoted { margin: 0 0 12px; padding: 2px 12px; border-inline-start: 3px solid var(--line); white-space: pre-wrap; }
.view .small { color: var(--soft); font-size: 13px; }
:dir(rtl) > .directed { scale: -1 1; }
`);

/** `name` is the hook. The way back is the first that can have the focus. */
export function view(name, title, { back, backTitle }, ...content) {
  const arrow = icon(BACK);
  arrow.classList.add('directed');
  const node = make('section', { sp: name, 'aria-label': title },
    make('div', { class: 'bar' }, button({ class: 'tool', 'aria-label': backTitle, onclick: back }, arrow),
      make('h3', {}, title)),
    ...content);
  node.classList.add('view');
  return node;
}

/** Has a part look right that has just been put into the widget. */
export function wear(node, ...sheets) {
  const { adoptedStyleSheets } = node.getRootNode();
  for (const each of sheets) if (!adoptedStyleSheets.includes(each)) adoptedStyleSheets.push(each);
}

/** Covers what the panel shows with a view of its own, until it is closed; `anchor` has the focus then. */
export function cover(panel, name, title, anchor) {
  const body = make('div', { class: 'scroll' });
  const middle = panel.log.node.parentNode;
  const under = [...middle.children].filter((each) => !each.inert);
  const close = () => {
    if (!node.isConnected) return;
    node.remove();
    for (const each of under) each.inert = false;
    (anchor?.checkVisibility() && !anchor.closest('[inert]') ? anchor : panel.log.list).focus({ preventScroll: true });
  };
  const node = view(name, title, { back: close, backTitle: words.back }, body);
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  for (const each of under) each.inert = true;
  middle.append(node);
  show(node);
  return { node, body, close };
}

/** The same for a view, and gives it the focus. */
export function show(node, ...sheets) {
  wear(node, own, ...sheets);
  node.querySelector('button').focus();
}

/** What the optional parts show: views that cover the messages for a while, with the way back on top. */
import { button, icon, make } from '../dom.js';

const BACK = 'M15 5l-7 7 7 7';

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

/** The same for a view, and gives it the focus. */
export function show(node, sheet) {
  wear(node, own, sheet);
  node.querySelector('button').focus();
}

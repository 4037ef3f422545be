/** How to go on in an XMPP client of one's own: a code to scan, a link to open, an address to copy. */
import { button, icon, make } from '../dom.js';
import { qr } from './qr.js';
import { styles, view } from './view.js';
import { words } from './words.js';

const QUIET = 4; // modules of nothing around the code, without which it is not found

export const sheet = styles(`
.own-client > .scroll { display: flex; flex-direction: column; gap: 12px; padding-bottom: 14px; }
.code {
  flex: none; align-self: center; width: min(100%, max(var(--least, 168px), 3px * var(--modules)));
  border: 1px solid var(--line); border-radius: 14px; overflow: clip; background: #fff;
}
.code .icon { display: block; width: 100%; shape-rendering: crispedges; }
.code path { fill: #000; stroke: none; }
.open-app {
  padding: 10px 18px; border-radius: 22px; font-weight: 600; line-height: 24px; text-align: center;
  text-decoration: none;
}
.box { display: flex; align-items: center; gap: 6px; padding: 3px; border: 1px solid var(--line); border-radius: 14px; }
.address { flex: 1; min-width: 0; padding: 2px 10px; border-radius: 10px; font-size: 14px; line-height: 20px; }
.copy {
  min-height: 40px; padding-inline: 14px; border-radius: 10px; background: var(--fill); font-size: 14px;
  font-weight: 600;
}
.own-client [role=status] { min-height: 20px; }
@media (pointer: coarse) {
  .code { --least: 212px; order: 1; }
  .copy { min-height: 44px; }
  .address { font-size: 16px; line-height: 22px; }
}
`);

/** The view; `back` is called when it has done its service. */
export function ownClient({ jid, uri }, back) {
  const rows = qr(uri);
  const field = make('textarea', {
    sp: 'address', readonly: true, rows: '2', 'aria-label': words.address, dir: 'ltr', spellcheck: 'false',
  });
  field.value = jid;
  const said = make('p', { class: 'small', role: 'status' });
  const copy = async () => {
    said.textContent = await copied(field) ? words.copied : words.notCopied;
    said.scrollIntoView({ block: 'nearest' });
  };
  const link = make('a', { sp: 'open-app', href: uri, rel: 'noopener' }, words.openApp);
  link.classList.add('primary');
  const node = view('own-client', words.ownApp, { back, backTitle: words.toPeople },
    make('div', { class: 'scroll' },
      make('p', { class: 'small' }, words.ownAppHint),
      rows && drawing(rows),
      link,
      make('div', { class: 'box' }, field, button({ sp: 'copy', onclick: copy }, words.copy)),
      said));
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    event.preventDefault();
    back();
  });
  return node;
}

/** Dark on light in every theme, as readers expect it; a rectangle for each run of dark modules in a row. */
function drawing(rows) {
  const runs = rows.flatMap((row, y) => [...row.join('').matchAll(/1+/g)].map(
    ({ 0: { length }, index }) => `M${index} ${y}h${length}v1h-${length}z`));
  const size = rows.length + 2 * QUIET;
  const image = icon(runs.join(''));
  image.setAttribute('viewBox', `${-QUIET} ${-QUIET} ${size} ${size}`);
  const code = make('div', { class: 'code', role: 'img', 'aria-label': words.code }, image);
  code.style.setProperty('--modules', size);
  return code;
}

/** Whether the text of a field is on the clipboard now. Where it is not, it is at least selected. */
async function copied(field) {
  const focused = field.getRootNode().activeElement;
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    if (!document.execCommand('copy')) return false;
    focused?.focus();
    return true;
  }
}

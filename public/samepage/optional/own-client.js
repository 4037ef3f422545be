/** How to go on in an XMPP client of one's own: a code to scan, a link to open, an address to copy. */
import { button, icon, make } from '../dom.js';
import { qr } from './qr.js';
import { styles, view } from './view.js';
import { words } from './words.js';

const QUIET = 4; // modules of nothing around the code, without which it is not found

export const sheet = styles(`
.own-client > .scroll { display: flex; flex-direction: column; gap: 12px; padding-bottom: 18px; }
.code { align-self: center; width: min(100%, 212px); flex: none; border-radius: 14px; border: 1px solid var(--line); overflow: clip; background: #fff; }
.code .icon { display: block; width: 100%; shape-rendering: crispedges; }
.code path { fill: #000; stroke: none; }
.open-app { padding: 11px 18px; border-radius: 22px; font-weight: 600; line-height: 22px; text-align: center; text-decoration: none; }
.address { display: flex; align-items: center; gap: 6px; padding: 4px; border: 1px solid var(--line); border-radius: 14px; }
.address textarea { flex: 1; min-width: 0; padding: 6px 10px; border-radius: 10px; font-size: 14px; line-height: 20px; word-break: break-all; }
.address button { min-height: 36px; padding-inline: 14px; border-radius: 10px; background: var(--fill); font-size: 14px; font-weight: 600; }
@media (pointer: coarse) {
  .code { order: 1; }
  .address button { min-height: 44px; }
  .address textarea { font-size: 16px; }
}
`);

/** `back` is called when it has done its service. */
export function ownClient({ jid, uri }, back) {
  const rows = qr(uri);
  const field = make('textarea', { sp: 'address', readonly: true, rows: '2', 'aria-label': words.address, dir: 'ltr', spellcheck: 'false' });
  field.value = jid;
  const said = make('p', { class: 'small', role: 'status' });
  const copy = async () => { said.textContent = await copied(field) ? words.copied : words.notCopied; };
  const node = view('own-client', words.ownApp, { back, backTitle: words.toPeople },
    make('div', { class: 'scroll' },
      make('p', { class: 'small' }, words.ownAppHint),
      rows && make('div', { class: 'code', role: 'img', 'aria-label': words.code }, drawing(rows)),
      make('a', { sp: 'open-app', href: uri, rel: 'noopener' }, words.openApp),
      make('div', { class: 'address' }, field, button({ sp: 'copy', onclick: copy }, words.copy)),
      said));
  node.querySelector('.open-app').classList.add('primary');
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    event.preventDefault();
    back();
  });
  return node;
}

/** Dark modules as strokes of rectangles, a run of a row at a time. */
function drawing(rows) {
  const runs = rows.flatMap((row, y) => [...row.join('').matchAll(/1+/g)].map(
    ({ 0: { length }, index }) => `M${index} ${y}h${length}v1h-${length}z`));
  const image = icon(runs.join(''));
  const size = rows.length + 2 * QUIET;
  image.setAttribute('viewBox', `${-QUIET} ${-QUIET} ${size} ${size}`);
  return image;
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

/** A menu over the chat: beside what it is about, or at the bottom of a phone's screen. */
import { button, make } from '../dom.js';
import { styles, wear } from './view.js';
import { words } from './words.js';

const GAP = 4; // pixels between the menu and what it is about

const sheet = styles(`
.menu {
  position: absolute; z-index: 3; min-width: 190px; max-width: calc(100% - 16px); max-height: calc(100% - 16px); overflow: auto; padding: 5px;
  border: 1px solid var(--line); border-radius: 14px; background: var(--bg); box-shadow: 0 12px 36px -8px #0006;
  animation: fade .12s;
}
.about { padding: 6px 10px 4px; overflow: hidden; color: var(--soft); font-size: 13px; text-overflow: ellipsis; white-space: nowrap; }
.item {
  display: block; width: 100%; min-height: 36px; padding: 6px 10px; border-radius: 9px; outline-offset: -2px; font-size: 14px; line-height: 22px;
}
.item { -webkit-tap-highlight-color: #0000; }
.item:hover, .item:focus { background: var(--fill); }
.grave { color: var(--bad); }
@keyframes fade { from { opacity: 0; } }
@media (pointer: coarse) {
  .menu { inset: auto 0 0 !important; max-width: none; border-width: 1px 0 0; border-radius: 18px 18px 0 0; padding: 8px 8px calc(8px + env(safe-area-inset-bottom)); }
  .item { min-height: 48px; padding: 12px; font-size: 16px; }
}
`);

let close = null;

/**
 * Shows `items`, {name, text, run(), grave}, about `anchor`, which has the focus again afterwards; `host` is what it stays
 * inside of, `about` a line on top. One menu at a time.
 */
export function openMenu({ host, anchor, about, items }) {
  close?.();
  const buttons = items.map(({ name, text, run, grave }) => {
    const item = button({
      'data-sp': name, class: grave ? 'item grave' : 'item', role: 'menuitem', tabindex: '-1', dir: 'auto',
      onclick: () => {
        end(true);
        run();
      },
    }, text);
    return item;
  });
  const label = about || words.menu;
  const menu = make('div', {
    sp: 'menu', role: 'menu', 'aria-label': label, onkeydown: key,
  }, make('div', { class: 'about', dir: 'auto', 'aria-hidden': 'true' }, label), ...buttons);

  function end(returns) {
    close = null;
    menu.remove();
    removeEventListener('pointerdown', outside, true);
    anchor.ariaExpanded = null;
    if (returns && anchor.isConnected) anchor.focus({ preventScroll: true });
  }

  function outside(event) {
    if (!event.composedPath().includes(menu)) end(false);
  }

  function key(event) {
    const at = buttons.indexOf(menu.getRootNode().activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === 'Tab' || event.key === 'Escape') end(true);
    else if (to !== undefined) buttons.at(to % buttons.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  host.append(menu);
  wear(host, sheet);
  place(menu, host.getBoundingClientRect(), anchor.getBoundingClientRect());
  anchor.ariaExpanded = 'true';
  addEventListener('pointerdown', outside, true);
  close = () => end(false);
  buttons[0].focus({ preventScroll: true });
  return close;
}

/** Below what it is about or above it, and inside of the host. */
function place(menu, host, anchor) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = anchor.bottom - host.top + GAP;
  const top = below + height <= host.height - 8 ? below : anchor.top - host.top - height - GAP;
  const left = Math.min(anchor.left - host.left, host.width - width - 8);
  menu.style.top = `${Math.max(8, Math.min(top, host.height - height - 8))}px`;
  menu.style.left = `${Math.max(8, left)}px`;
}

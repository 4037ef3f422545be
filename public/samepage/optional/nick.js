/** Where one gives oneself another name. */
import { button, make } from '../dom.js';
import { tidy } from '../visitor.js';
import { styles, wear } from './view.js';
import { words } from './words.js';

const sheet = styles(`
.editor { display: flex; gap: 6px; padding-bottom: 6px; }
.editor > * { height: 36px; padding: 0 11px; border-radius: 10px; }
.editor input { flex: 1; min-width: 0; border: 1px solid var(--soft); }
.editor button { font-size: 14px; font-weight: 600; }
@media (pointer: coarse) { .editor > * { height: 44px; } }
`);

/** Takes the place of what is in `node`. `actions`: save(nick), cancel(), complain(text). */
export function edit(node, nick, { save, cancel, complain }) {
  const rename = () => {
    const name = tidy(input.value);
    if (name) save(name);
    else complain(words.noNick);
  };
  const input = make('input', {
    sp: 'nick-input', value: nick, 'aria-label': words.nickLabel, maxlength: '64', autocomplete: 'nickname',
    autocapitalize: 'words', spellcheck: 'false', enterkeyhint: 'done', dir: 'auto',
    onkeydown: (event) => {
      if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Enter') rename();
      else cancel();
    },
  });
  node.replaceChildren(make('div', { class: 'editor' }, input,
    button({ class: 'primary', onclick: rename }, words.save),
    button({ class: 'plain', onclick: cancel }, words.cancel)));
  wear(node, sheet);
  input.focus({ preventScroll: true });
  input.select();
}

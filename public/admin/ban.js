/** Banning somebody: first how many others it would hit, then the deed. */
import { button, make } from '/samepage/dom.js';
import { post } from './api.js';
import { acts, name } from './parts.js';

const TIMES = [['3600', 'An hour'], ['86400', 'A day'], ['604800', 'A week'], ['2592000', '30 days'], ['', 'For ever']];

/** Resolves with what to tell, or null when nothing was done. `who` is a nick or an address. */
export function ban({ room, who, nick, everywhere }) {
  const duration = make('select', { id: 'ban-time' }, ...TIMES.map(([value, label]) => make('option', { value }, label)));
  duration.value = '86400';
  const reason = make('input', { type: 'text', id: 'ban-reason', maxlength: '200', autocomplete: 'off' });
  const widen = make('input', { type: 'checkbox' });
  const wide = make('input', { type: 'checkbox' });
  const warning = make('p', { class: 'warn', role: 'alert', hidden: true });
  const go = make('button', { class: 'main' }, 'Go on');
  const dialog = make('dialog', { 'aria-labelledby': 'ban-title' });
  let others = null;

  const wanted = () => ({
    room, who, reason: reason.value.trim() || undefined, seconds: duration.value ? Number(duration.value) : undefined,
    widen: widen.checked, everywhere: wide.checked || undefined,
  });
  const changed = () => {
    others = null;
    warning.hidden = true;
    go.textContent = 'Go on';
  };
  const tell = (text) => {
    warning.textContent = text;
    warning.hidden = false;
  };

  return new Promise((resolve) => {
    const act = async (event) => {
      event.preventDefault();
      go.disabled = true;
      try {
        if (others === null) {
          const answer = await post('bans', { ...wanted(), dryRun: true });
          others = answer.others;
          tell(answer.note);
          go.textContent = others ? `Ban, and ${others} with them` : 'Ban';
        } else {
          resolve((await post('bans', { ...wanted(), others })).note);
          dialog.close();
        }
      } catch (error) {
        changed();
        tell(error.message);
      }
      go.disabled = false;
    };
    dialog.append(make('form', { onsubmit: act, onchange: changed },
      make('h2', { id: 'ban-title' }, 'Ban ', name(nick ?? who)),
      make('label', { for: 'ban-time' }, 'For how long'), duration,
      make('label', { for: 'ban-reason' }, 'Why (they are told)'), reason,
      make('label', { class: 'tick' }, widen, 'Also whoever else comes from the same network, members excepted'),
      everywhere && make('label', { class: 'tick' }, wide, everywhere),
      warning,
      acts(button({ onclick: () => dialog.close() }, 'Cancel'), go)));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** What shows all of a long message, and less of it again. */
import { button } from '../dom.js';
import { words } from './words.js';

export function unfolder(body) {
  const more = button({ class: 'link', onclick: () => {
    more.textContent = body.classList.toggle('folded') ? words.unfold : words.fold;
  } }, words.unfold);
  return more;
}

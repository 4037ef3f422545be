/** Web addresses in a text become links. */
import { make } from '../dom.js';

const LINK = /\b(?:https?:\/\/|mailto:|xmpp:)[^\s<>"]{1,1000}/giu;
const MAX_LINKS = 50;

/** The nodes for a text. */
export function linked(text) {
  const nodes = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    if (nodes.length > 2 * MAX_LINKS) break;
    const address = trimmed(found);
    if (!URL.canParse(address)) continue;
    const link = make('a', { href: address, target: '_blank', rel: 'noopener nofollow ugc' }, address);
    nodes.push(text.slice(at, index), link);
    at = index + address.length;
  }
  return [...nodes, text.slice(at)].filter(Boolean);
}

/** Without the punctuation and brackets of the sentence around it. */
function trimmed(address) {
  for (;;) {
    const last = address.at(-1);
    const opening = { ')': '(', ']': '[', '}': '{' }[last];
    const excess = opening && address.split(last).length > address.split(opening).length;
    if (!excess && !/[.,;:!?'’”»*_~]/u.test(last)) return address;
    address = address.slice(0, -1);
  }
}

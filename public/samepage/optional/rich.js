/**
 * Web addresses become links, and message styling (XEP-0393) is shown. The text stays what it is, character by
 * character, with the directives in it: it can be copied, and nothing can be said that others do not read.
 */
import { make } from '../dom.js';

const LINK = /\b(?:https?:\/\/|mailto:|xmpp:)[^\s<>"]{1,1000}/giu;
const MAX_LINKS = 50;
/** Preformatted to the closing line, or to the end (§5.1.2). */
const BLOCK = /^```.*\n(?:[^]*?\n```$|[^]*)/gm;
/** Opened after white space or another directive, closed after what is no white space, in one line (§5.2). */
const SPAN = /(?<![^\s*_~])([*_~`])(?<!\1\1)(?!\s|\1)(.*?\S)\1/u;
const NAMES = { '*': 'strong', '_': 'em', '~': 's', '`': 'code' };
/** Longer texts and lines are not looked at for spans, which would take time. */
const LONGEST_LINE = 2_000;
const MAX_SPANS = 200;
const DEEPEST = 4;

/** The nodes for a text. */
export function rich(text) {
  const left = { links: MAX_LINKS, spans: MAX_SPANS };
  const nodes = [];
  let at = 0;
  for (const { 0: block, index } of text.matchAll(BLOCK)) {
    nodes.push(...lines(text.slice(at, index), left), make('code', {}, block));
    at = index + block.length;
  }
  return [...nodes, ...lines(text.slice(at), left)].filter(Boolean);
}

const lines = (text, left) => text.split(/(\n)/).flatMap((line) => {
  const nodes = spans(line, left, 0);
  return line.startsWith('>') ? [quoted(nodes)] : nodes;
});

/** §5.1.3. The style of a node itself, since a page's policy may allow no style attributes, but does allow this. */
function quoted(nodes) {
  const quote = make('span', {}, ...nodes);
  Object.assign(quote.style, { borderInlineStart: '3px solid', paddingInlineStart: '8px' });
  return quote;
}

function spans(text, left, depth) {
  const nodes = [];
  let rest = text;
  while (left.spans > 0 && depth < DEEPEST && rest.length <= LONGEST_LINE) {
    const found = rest.match(SPAN);
    if (!found) break;
    const [whole, directive, inside] = found;
    left.spans -= 1;
    nodes.push(...linked(rest.slice(0, found.index), left), make(NAMES[directive], {}, directive,
      ...(directive === '`' ? [inside] : spans(inside, left, depth + 1)), directive));
    rest = rest.slice(found.index + whole.length);
  }
  return [...nodes, ...linked(rest, left)];
}

function linked(text, left) {
  const nodes = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    if (left.links === 0) break;
    const address = trimmed(found);
    if (!URL.canParse(address)) continue;
    left.links -= 1;
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

/** Elements of the page. Text only ever becomes text nodes; there is no way to give markup. */
const SVG = 'http://www.w3.org/2000/svg';

/** `make('ul', { onclick: … }, ...children)`; null and false are left out; `sp` is hook, part and class. */
export const make = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'sp') for (const name of ['data-sp', 'part', 'class']) node.setAttribute(name, value);
    else if (typeof value === 'function') node.addEventListener(key.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child));
  return node;
}

export const button = (attributes, ...children) => make('button', { type: 'button', ...attributes }, ...children);

export function icon(data) {
  const path = fill(document.createElementNS(SVG, 'path'), { d: data }, []);
  const svg = document.createElementNS(SVG, 'svg');
  return fill(svg, { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'icon' }, [path]);
}

export const icons = {
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M12 19V5M5.5 11.5L12 5l6.5 6.5',
  down: 'M12 5v14M5.5 12.5L12 19l6.5-6.5',
  edit: 'M4 20l1-4L16 5l3 3L8 19z',
  chevron: 'M9 6l6 6-6 6',
};

/** A name, isolated so that its writing direction disturbs nothing around it. */
export const named = (nick, attributes = {}) => make('bdi', attributes, nick);

const LINK = /\b(?:https?:\/\/|mailto:|xmpp:)[^\s<>"]{1,1000}/giu;
const MAX_LINKS = 50;

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

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

/**
 * XML in and out, as DOM nodes. Reading is our own: pages that require Trusted Types refuse DOMParser as a sink, and a
 * policy may not be ours to make.
 */
const document = globalThis.document.implementation.createDocument(null, null);

export const ns = {
  client: 'jabber:client',
  framing: 'urn:ietf:params:xml:ns:xmpp-framing',
  streams: 'http://etherx.jabber.org/streams',
  streamErrors: 'urn:ietf:params:xml:ns:xmpp-streams',
  stanzaErrors: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
  sasl2: 'urn:xmpp:sasl:2',
  bind2: 'urn:xmpp:bind:0',
  sm: 'urn:xmpp:sm:3',
  ping: 'urn:xmpp:ping',
  muc: 'http://jabber.org/protocol/muc',
  mucUser: 'http://jabber.org/protocol/muc#user',
  delay: 'urn:xmpp:delay',
  stanzaId: 'urn:xmpp:sid:0',
  occupantId: 'urn:xmpp:occupant-id:0',
  hats: 'urn:xmpp:hats:0',
  page: 'urn:samepage:page:0',
  token: 'urn:samepage:visitor:0',
  link: 'urn:samepage:link:0',
  lurk: 'urn:samepage:lurk:0',
  moderation: 'urn:samepage:moderation:0',
};

const MAX_FRAME = 1 << 20; // characters
const MAX_DEPTH = 64;

const XML = 'http://www.w3.org/XML/1998/namespace';
const ENTITIES = { __proto__: null, lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** A tag, a CDATA section, or text up to the next of them. */
const TOKEN =
  /<(\/?)([^\s<>\/=!?]+)((?:\s+[^\s<>\/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|<!\[CDATA\[([^]*?)]]>|[^<]+/gy;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Makes an element; children are elements or strings, what is null is left out. */
export function element(namespace, name, attributes = {}, ...children) {
  const made = document.createElementNS(namespace, name);
  for (const key in attributes) if (attributes[key] != null) made.setAttribute(key, clean(attributes[key]));
  made.append(...children.filter((child) => child != null).map((child) => child.nodeType ? child : clean(child)));
  return made;
}

export const serialize = (node) => new XMLSerializer().serializeToString(node);

/** An id that nobody guesses. */
export const freshId = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

export const child = (...what) => children(...what)[0];

/** None where there is no node. */
export const children = (node, name, namespace = node?.namespaceURI) =>
  [...node?.children ?? []].filter((each) => each.localName === name && each.namespaceURI === namespace);

/** Drops what XML 1.0 cannot carry: control characters, lone surrogates, non-characters. */
export const clean = (text) =>
  String(text).toWellFormed().replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, '');

/** Reads exactly one element, or throws. */
export function parse(text) {
  if (text.length > MAX_FRAME) throw malformed();
  const open = [];
  let root = null;
  let read = 0;
  for (const [token, closing, name, attributes, empty, cdata] of text.matchAll(TOKEN)) {
    read += token.length;
    const parent = open.at(-1);
    if (!name) {
      if (parent) parent.node.append(cdata ?? decode(token));
      else if (token.trim()) throw malformed();
    } else if (closing) {
      if (parent?.name !== name || attributes || empty) throw malformed();
      open.pop();
    } else {
      if ((root && !parent) || open.length >= MAX_DEPTH) throw malformed();
      const made = start(name, attributes, parent?.scope ?? { '': null, xml: XML });
      if (parent) parent.node.append(made.node);
      else root = made.node;
      if (!empty) open.push(made);
    }
  }
  if (!root || open.length || read < text.length) throw malformed();
  return root;
}

const malformed = () => SyntaxError('not well-formed');

function start(name, attributes, outer) {
  const scope = { __proto__: null, ...outer };
  const plain = [];
  for (const [, key, quoted, apostrophed] of attributes.matchAll(ATTRIBUTE)) {
    const value = decode((quoted ?? apostrophed).replace(/[\t\r\n]/g, ' '));
    if (key === 'xmlns') scope[''] = value;
    else if (key.startsWith('xmlns:')) scope[key.slice(6)] = value;
    else plain.push([key, value]);
  }
  // Elements of the web platform would act on attributes such as onerror. Nobody reads them: they become inert ones.
  const namespace = resolve(name, scope)?.replace(/^http:\/\/www\.w3/, 'inert:');
  const node = document.createElementNS(namespace, name);
  for (const [key, value] of plain) {
    const space = key.includes(':') ? resolve(key, scope) : null;
    const local = key.slice(key.indexOf(':') + 1);
    if (node.hasAttributeNS(space, local)) throw malformed();
    node.setAttributeNS(space, key, value);
  }
  return { node, name, scope };
}

function resolve(name, scope) {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon);
  if (!(prefix in scope)) throw malformed();
  return scope[prefix];
}

function decode(text) {
  const lines = text.replace(/\r\n?/g, '\n');
  return lines.replace(/&(?:#(\d{1,7});|#x([\da-fA-F]{1,6});|(\w{2,4});)?/g, (_, ten, hex, name) => {
    if (name in ENTITIES) return ENTITIES[name];
    const code = ten ? parseInt(ten, 10) : parseInt(hex, 16);
    if (!(code > 0 && code <= 0x10FFFF) || (code >= 0xD800 && code < 0xE000)) throw malformed();
    return String.fromCodePoint(code);
  });
}

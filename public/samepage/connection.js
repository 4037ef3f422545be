/**
 * A visitor's XMPP stream: up in one round trip (XEP-0388, XEP-0386), resumed where it was cut (XEP-0198), also by the
 * next page of the tab; over WebSocket (RFC 7395), or BOSH where that is blocked. Comes back by itself.
 *
 * The server is always the one that this script comes from, so nothing is negotiated before it is used.
 */
import { recall, remember } from './visitor.js';
import { child, element, freshId, ns, parse, serialize } from './xml.js';

/** Milliseconds: until a silent peer is asked, until it must have answered, between attempts. */
const SILENCE = 45_000;
const DEADLINE = 15_000;
/** For the first word over a WebSocket. */
const OPENING = 8_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
/** A stream that lived this long starts small again. */
const GOOD = 20_000;
/** For this long it is remembered that WebSockets get nowhere. */
const BLOCKED = 3_600_000;
/** So many in a row have to get nowhere before they count as blocked; the second is for where one has passed. */
const NEVER = 2;
const NOT_NOW = 5;
const MAX_QUEUE = 100; // stanzas

const HOPELESS = ['conflict', 'host-unknown', 'invalid-mechanism', 'not-authorized'];

const LOST = { condition: 'connection-lost' };

/** What carries the stream. `events` are opened(), received(element), closed(). */
class Socket {
  resumes = true;
  #socket;

  constructor({ websocket }, { opened, received, closed }) {
    const socket = this.#socket = new WebSocket(websocket, 'xmpp');
    socket.onopen = opened;
    socket.onclose = closed;
    socket.onmessage = ({ data }) => {
      let node;
      try {
        node = parse(data);
      } catch {
        return closed(); // not well-formed
      }
      received(node);
    };
  }

  send(text) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  close() {
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

export class Connection {
  events;
  #endpoint;
  #transport = null;
  /** What the server keeps for us: {id, heard, acked, queue}, or over BOSH {bosh}; null when there is nothing. */
  #stream = null;
  #known = ''; // the stream that `events` know of
  #left = ''; // the place of the page before
  #token = '';
  #early = []; // sent before the answer
  #heard = false;
  #bound = 0; // when
  #asked = false;
  #attempts = 0;
  #fruitless = 0;
  #passed = false; // a WebSocket, once
  #timer = 0;
  #error = LOST;
  #answers = new Map();
  #listening = new AbortController();

  /**
   * Set `events` first: connecting(), early() (send now what shall not wait), online({kept, early, left}), stanza(element),
   * offline({condition, text, again}), probe() (send a ping), hide() (the page is left; returns the place in the room).
   */
  constructor(endpoint) {
    this.#endpoint = endpoint;
    const on = (target, name, run) => target.addEventListener(name, run, { signal: this.#listening.signal });
    on(window, 'online', () => {
      this.#unblock();
      this.#passed = false;
      this.check();
    });
    on(window, 'offline', () => this.#transport && this.#lost(LOST));
    on(document, 'visibilitychange', () => document.hidden || this.check());
    on(window, 'pagehide', () => this.#hide());
    on(window, 'pageshow', (event) => event.persisted && this.connect());
  }

  get online() {
    return this.#bound > 0;
  }

  connect() {
    this.#drop();
    this.events.connecting();
    this.#stream ??= this.#take();
    this.#listen();
    if (!this.#stream?.bosh && !this.#blocked) return this.#start(Socket);
    const started = this.#timer;
    import('./optional/bosh.js').then(
      ({ Bosh }) => started === this.#timer && this.#start(Bosh),
      () => started === this.#timer && this.#lost(LOST));
  }

  #start(Transport) {
    let transport = null;
    const mine = (run) => (what) => transport === this.#transport && run(what);
    try {
      transport = new Transport(this.#endpoint, {
        opened: mine(() => this.#authenticate()),
        resumed: mine(() => this.#up(true)),
        received: mine((node) => this.#receive(node)),
        closed: mine(() => this.#lost(this.#error)),
      }, this.#stream?.bosh);
    } catch {
      this.#fruitless += 1; // the page's policy lets no WebSocket pass
      return this.#lost(LOST);
    }
    this.#transport = transport;
    this.#listen();
  }

  /** A good moment to reconnect, or to see whether the stream still lives. */
  check() {
    this.#attempts = Math.min(this.#attempts, 1);
    if (this.#transport) this.#probe();
    else if (this.#timer) this.connect();
  }

  stop() {
    this.#listening.abort();
    this.#write(element(ns.framing, 'close'));
    this.#end();
    this.#rejectAll();
  }

  /** While the stream can still be resumed, what is sent meanwhile waits for that. */
  send(stanza) {
    const text = serialize(stanza);
    const { queue, bosh } = this.#stream ?? {};
    if (queue) queue.push(text);
    else if (!this.#bound) (bosh?.out ?? this.#early).push(text);
    if (this.#bound || !this.#stream) this.#transport?.send(text);
    if (queue?.length > MAX_QUEUE) {
      this.#stream = null;
      if (this.#transport) this.#lost(LOST);
    } else if (queue && this.#bound && stanza.localName === 'message') {
      this.#write(element(ns.sm, 'r'));
      this.#expect();
    }
  }

  /** Sends an IQ; resolves with the result, rejects with `{condition, text}`. */
  iq(type, to, payload) {
    return new Promise((resolve, reject) => {
      const id = freshId();
      this.#answers.set(id, { resolve, reject });
      this.send(element(ns.client, 'iq', { type, to, id }, payload));
    });
  }

  #write(node) {
    this.#transport?.send(serialize(node));
  }

  #authenticate() {
    const { id, heard } = this.#stream ?? {};
    this.#early = []; // what was said before went nowhere
    this.#token ||= recall('token') ?? '';
    this.#write(element(ns.framing, 'open', { to: this.#endpoint.domain, version: '1.0' }));
    this.#write(element(ns.sasl2, 'authenticate', { mechanism: 'ANONYMOUS' },
      element(ns.sasl2, 'initial-response', {}, btoa(this.#token) || '='),
      id && element(ns.sm, 'resume', { previd: id, h: heard }),
      element(ns.bind2, 'bind', {}, element(ns.bind2, 'tag', {}, 'samepage'),
        this.#transport.resumes && element(ns.sm, 'enable', { resume: 'true' }))));
    if (!id) this.events.early();
  }

  #receive(node) {
    this.#heard = true;
    this.#listen();
    switch (`${node.namespaceURI} ${node.localName}`) {
      case `${ns.streams} error`: return void (this.#error = failure(node, ns.streamErrors));
      case `${ns.framing} close`: return this.#lost(this.#error);
      case `${ns.sasl2} success`: return this.#welcome(node);
      case `${ns.sasl2} failure`: return this.#refused(failure(node, ns.sasl));
      case `${ns.sm} r`: return this.#write(element(ns.sm, 'a', { h: this.#stream?.heard }));
      case `${ns.sm} a`: return this.#acknowledged(node);
    }
    if (node.namespaceURI !== ns.client) return;
    if (this.#stream?.id) this.#stream.heard = this.#stream.heard + 1 >>> 0;
    if (node.localName === 'iq') this.#answer(node);
    else this.events.stanza(node);
  }

  /** A token that is worth nothing any more makes one a stranger, no more than that. */
  #refused(error) {
    if (!this.#token) return this.#lost(error);
    if (recall('token') === this.#token) remember('token', null);
    this.#token = '';
    this.#end();
    this.connect();
  }

  #welcome(success) {
    const token = child(success, 'token', ns.token)?.textContent;
    if (token) remember('token', this.#token = token);
    const resumed = child(success, 'resumed', ns.sm);
    if (resumed) {
      this.#acknowledged(resumed);
      for (const text of this.#stream.queue) this.#transport.send(text);
    } else {
      const enabled = child(child(success, 'bound', ns.bind2), 'enabled', ns.sm);
      this.#stream = enabled ? { id: enabled.id, heard: 0, acked: 0, queue: this.#early } : {};
    }
    this.#up(resumed);
  }

  #up(resumed) {
    const early = !resumed && this.#early.length > 0;
    this.#early = [];
    const known = this.#stream.id ?? this.#transport.sid;
    const kept = resumed && known === this.#known;
    if (!kept) this.#rejectAll();
    this.#known = known;
    this.#bound = Date.now();
    this.#heard = true;
    this.#fruitless = 0;
    this.#attempts = Math.min(this.#attempts, 1);
    if (this.#transport.resumes) this.#passed = true;
    else remember('bosh', `${Date.now() + BLOCKED} ${network()}`);
    this.#listen();
    this.events.online({ kept, early, left: resumed && this.#left });
    this.#left = '';
  }

  #acknowledged(node) {
    const h = Number(node.getAttribute('h'));
    this.#stream?.queue?.splice(0, h - this.#stream.acked >>> 0);
    if (this.#stream?.queue) this.#stream.acked = h;
  }

  #answer(iq) {
    const { id } = iq;
    const type = iq.getAttribute('type');
    const to = iq.getAttribute('from');
    const waiting = this.#answers.get(id);
    if (type === 'result' || type === 'error') {
      this.#answers.delete(id);
      if (type === 'result') waiting?.resolve(iq);
      else waiting?.reject(stanzaError(iq));
    } else if (type === 'get' && child(iq, 'ping', ns.ping)) {
      this.send(element(ns.client, 'iq', { type: 'result', to, id }));
    } else {
      this.send(element(ns.client, 'iq', { type: 'error', to, id },
        element(ns.client, 'error', { type: 'cancel' }, element(ns.stanzaErrors, 'service-unavailable'))));
    }
  }

  #rejectAll() {
    for (const { reject } of this.#answers.values()) reject(LOST);
    this.#answers.clear();
  }

  #listen() {
    clearTimeout(this.#timer);
    this.#asked = false;
    if (this.#bound) this.#timer = setTimeout(() => this.#probe(), SILENCE);
    else this.#timer = setTimeout(() => this.#lost(LOST), this.#heard || !this.#transport?.resumes ? DEADLINE : OPENING);
  }

  #probe() {
    if (!this.#bound || this.#asked) return;
    this.#expect();
    this.events.probe();
  }

  #expect() {
    if (this.#asked) return;
    this.#asked = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lost(LOST), DEADLINE);
  }

  #lost(error) {
    if (this.#bound && Date.now() - this.#bound > GOOD) this.#attempts = 0;
    if (!this.#heard) {
      if (this.#transport?.resumes) this.#fruitless += 1;
      else this.#unblock();
    }
    this.#drop();
    const again = !HOPELESS.includes(error.condition);
    if (error !== LOST) this.#stream = null;
    if (again) {
      // At once after a cut; else between half of it and all of it: a restarted server shall not meet everybody at once.
      const most = this.#attempts ? FIRST_PAUSE * 2 ** (this.#attempts - 1) : FIRST_PAUSE / 4;
      let pause = Math.min(LONGEST_PAUSE, most) * (0.5 + Math.random() / 2);
      if (error !== LOST) pause += FIRST_PAUSE;
      if (error.condition === 'policy-violation') pause += 10 * FIRST_PAUSE;
      this.#attempts = Math.min(this.#attempts + 1, 10);
      this.#timer = setTimeout(() => this.connect(), pause);
    }
    this.events.offline({ ...error, again });
  }

  #end() {
    this.#drop();
    this.#stream = null;
  }

  /** Closes what carries the stream; the stream waits to be resumed. */
  #drop() {
    clearTimeout(this.#timer);
    const transport = this.#transport;
    this.#transport = null;
    this.#timer = this.#bound = 0;
    this.#asked = this.#heard = false;
    this.#early = [];
    this.#error = LOST;
    if (!transport) return;
    if (!transport.resumes && this.#stream) this.#stream = transport.state && { bosh: transport.state };
    transport.close();
  }

  /**
   * The page may be gone in a moment, or wait in the back-forward cache, where it may hold no socket: its stream is for
   * the next page of the tab.
   */
  #hide() {
    const left = this.events.hide() || this.#left;
    this.#transport?.pause?.();
    this.#drop();
    const { id, bosh } = this.#stream ?? {};
    if (id || bosh) {
      const stream = { ...this.#stream, token: this.#token, left };
      remember('stream', JSON.stringify(stream), 'sessionStorage');
    }
    this.#stream = null;
  }

  /** Taken, not read: a copy of the tab must not have it too. */
  #take() {
    try {
      const { token, left, ...stream } = JSON.parse(recall('stream', 'sessionStorage'));
      remember('stream', null, 'sessionStorage');
      this.#left = left;
      this.#token = token;
      return stream;
    } catch {
      return null;
    }
  }

  get #blocked() {
    const [until, where] = (recall('bosh') ?? '').split(' ');
    return (Date.now() < until && where === network()) || this.#fruitless >= (this.#passed ? NOT_NOW : NEVER);
  }

  #unblock() {
    this.#fruitless = 0;
    remember('bosh', null);
  }
}

const network = () => String(navigator.connection?.type);

export const stanzaError = (stanza) => failure(child(stanza, 'error'), ns.stanzaErrors);

function failure(node, namespace) {
  const found = [...(node?.children ?? [])].filter((each) => each.namespaceURI === namespace);
  const text = found.find((each) => each.localName === 'text');
  return { condition: found.find((each) => each !== text)?.localName ?? '', text: text?.textContent };
}

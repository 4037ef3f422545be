/** An anonymous XMPP stream over WebSocket (RFC 7395) that notices when it is lost, and comes back by itself. */
import { child, children, element, freshId, parse, serialize, ns } from './xml.js';

/** Milliseconds: until a silent peer is asked, until it must have answered, between attempts. */
const SILENCE = 45_000;
const DEADLINE = 15_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
const GOOD = 20_000; // a stream that lived this long starts small again

const HOPELESS = ['conflict', 'host-unknown', 'invalid-mechanism', 'not-authorized'];

const LOST = { condition: 'connection-lost' };

export class Connection {
  #url;
  #domain;
  #events;
  #socket = null;
  #authenticated = false;
  #bound = 0; // when
  #asked = false;
  #attempts = 0;
  #timer = 0;
  #error = LOST;
  #answers = new Map();
  #listening = new AbortController();

  /** Events: connecting(), online(), offline({condition, text, again}), stanza(element), probe() (send a ping). */
  constructor(url, domain, events) {
    this.#url = url;
    this.#domain = domain;
    this.#events = events;
    const on = (target, name, run) => target.addEventListener(name, run, { signal: this.#listening.signal });
    on(window, 'online', () => this.check());
    on(document, 'visibilitychange', () => document.hidden || this.check());
    // A page that waits in the back-forward cache may not hold a socket.
    on(window, 'pagehide', () => this.#socket && this.#end());
    on(window, 'pageshow', (event) => event.persisted && this.connect());
  }

  get online() {
    return this.#bound > 0;
  }

  connect() {
    this.#drop();
    this.#events.connecting();
    let socket;
    try {
      socket = new WebSocket(this.#url, 'xmpp');
    } catch {
      return this.#lost(LOST);
    }
    this.#socket = socket;
    const on = (name, run) => socket.addEventListener(name, (event) => socket === this.#socket && run(event));
    on('open', () => this.#open());
    on('message', (event) => this.#receive(event.data));
    on('close', () => this.#lost(this.#error));
    this.#listen();
  }

  /** A good moment to reconnect, or to see whether the stream still lives. */
  check() {
    if (this.#listening.signal.aborted) return;
    if (this.#socket) this.#probe();
    else if (this.#timer) this.connect();
  }

  stop() {
    this.#listening.abort();
    this.#end();
  }

  send(stanza) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(serialize(stanza));
  }

  /** Sends an IQ; resolves with the result, rejects with `{condition, text}`. */
  iq(type, to, payload) {
    return new Promise((resolve, reject) => {
      const id = freshId();
      this.#answers.set(id, { resolve, reject });
      this.send(element(ns.client, 'iq', { type, to, id }, payload));
    });
  }

  #open() {
    this.send(element(ns.framing, 'open', { to: this.#domain, version: '1.0' }));
  }

  #receive(data) {
    this.#listen();
    let node;
    try {
      node = parse(data);
    } catch {
      return this.#lost(LOST); // not well-formed
    }
    switch (`${node.namespaceURI} ${node.localName}`) {
      case `${ns.streams} features`: return this.#negotiate(node);
      case `${ns.streams} error`: return void (this.#error = failure(node, ns.streamErrors));
      case `${ns.framing} close`: return this.#lost(this.#error);
      case `${ns.sasl} success`:
        this.#authenticated = true;
        return this.#open();
      case `${ns.sasl} failure`: return this.#lost(failure(node, ns.sasl));
      case `${ns.client} iq`: return this.#answer(node);
      case `${ns.client} message`:
      case `${ns.client} presence`: return this.#events.stanza(node);
    }
  }

  #negotiate(features) {
    if (!this.#authenticated) {
      const offered = children(child(features, 'mechanisms', ns.sasl), 'mechanism');
      if (!offered.some((each) => each.textContent === 'ANONYMOUS')) {
        return this.#lost({ condition: 'invalid-mechanism' });
      }
      this.send(element(ns.sasl, 'auth', { mechanism: 'ANONYMOUS' }));
    } else if (child(features, 'bind', ns.bind)) {
      const socket = this.#socket;
      this.iq('set', null, element(ns.bind, 'bind')).then(() => {
        this.#bound = Date.now();
        this.#listen();
        this.#events.online();
      }, (error) => socket === this.#socket && this.#lost(error));
    }
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

  #listen() {
    clearTimeout(this.#timer);
    this.#asked = false;
    if (this.#bound) this.#timer = setTimeout(() => this.#probe(), SILENCE);
    else this.#expect();
  }

  #probe() {
    if (!this.#bound || this.#asked) return;
    this.#asked = true;
    this.#expect();
    this.#events.probe();
  }

  #expect() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lost(LOST), DEADLINE);
  }

  #lost(error) {
    if (this.#bound && Date.now() - this.#bound > GOOD) this.#attempts = 0;
    this.#drop();
    const again = !HOPELESS.includes(error.condition);
    if (again) {
      // Between half of it and all of it: a restarted server shall not meet everybody at once.
      let pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#attempts) * (0.5 + Math.random() / 2);
      if (error.condition === 'policy-violation') pause += 10 * FIRST_PAUSE;
      this.#attempts = Math.min(this.#attempts + 1, 10);
      this.#timer = setTimeout(() => this.connect(), pause);
    }
    this.#events.offline({ ...error, again });
  }

  #end() {
    this.send(element(ns.client, 'presence', { type: 'unavailable' }));
    this.send(element(ns.framing, 'close'));
    this.#drop();
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#timer = this.#bound = 0;
    this.#authenticated = this.#asked = false;
    this.#error = LOST;
    socket?.close();
    for (const { reject } of this.#answers.values()) reject(LOST);
    this.#answers.clear();
  }
}

export const stanzaError = (stanza) => failure(child(stanza, 'error'), ns.stanzaErrors);

function failure(node, namespace) {
  const found = [...(node?.children ?? [])].filter((each) => each.namespaceURI === namespace);
  const text = found.find((each) => each.localName === 'text');
  return { condition: found.find((each) => each !== text)?.localName ?? '', text: text?.textContent };
}

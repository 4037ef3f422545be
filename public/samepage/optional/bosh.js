/**
 * BOSH (XEP-0124, XEP-0206) in place of a WebSocket. A request that failed is sent again with its rid, and answered as
 * it would have been; so a session goes on after a cut, and in the next page of the tab.
 */
import { element, parse, serialize } from '../xml.js';

const BOSH = 'http://jabber.org/protocol/httpbind';
const XBOSH = 'urn:xmpp:xbosh';

const WAIT = 50; // seconds an answer may take when there is nothing to say
const AWAY = 15; // seconds the session is kept while no page is there
const REQUESTS = 2; // under way at a time: one is held, one sends
const BUSY = [429, 500, 502, 503, 504];

export class Bosh {
  sid = '';
  #url;
  #domain;
  #events;
  #rid;
  #out = []; // stanzas that wait
  #open = []; // requests under way, oldest first: {rid, text, answer}
  #isOver = false;
  #isUp = false;
  #aborting = new AbortController();

  /** `events`: opened(), or resumed() where there is a `state` to go on from; received(element), closed(). */
  constructor({ bosh, domain }, events, state) {
    this.#url = bosh;
    this.#domain = domain;
    this.#events = events;
    if (state) {
      this.sid = state.sid;
      this.#rid = state.rid;
      this.#out = state.out;
      this.#open = state.open.map(([rid, text]) => ({ rid, text }));
    } else {
      this.#rid = crypto.getRandomValues(new Uint32Array(1))[0] + 1;
    }
    queueMicrotask(() => {
      if (!state) {
        this.#events.opened();
        return this.#begin();
      }
      for (const request of this.#open) this.#post(request);
      // The server answers what it held as soon as there is one request more.
      this.#fill(REQUESTS);
    });
  }

  /** From what another one can go on; null when the session is over. */
  get state() {
    if (this.#isOver || !this.sid) return null;
    return { sid: this.sid, rid: this.#rid, out: this.#out, open: this.#open.map(({ rid, text }) => [rid, text]) };
  }

  send(text) {
    if (text.startsWith('<open ')) return; // the request that made the session said it
    if (text.startsWith('<close ')) return this.#leave();
    this.#out.push(text);
    if (this.#out.length === 1) queueMicrotask(() => this.#fill(0));
  }

  /** The page is being left: a session that nobody takes up again need not last long. */
  pause() {
    if (this.sid && this.#open.length < REQUESTS) this.#request({ pause: AWAY }, true);
  }

  close() {
    this.#aborting.abort();
  }

  /** The request that makes the session carries what is to be said first. */
  #begin() {
    this.#request({
      to: this.#domain, ver: '1.11', wait: WAIT, hold: REQUESTS - 1, 'xmpp:version': '1.0',
    });
  }

  /** Sends what waits; otherwise sees to it that `least` requests are under way. */
  #fill(least) {
    if (this.#aborting.signal.aborted || !this.sid) return;
    while (this.#open.length < REQUESTS && (this.#out.length || this.#open.length < least)) this.#request({});
  }

  #request(attributes, keepalive) {
    const rid = this.#rid++;
    const request = { rid, text: this.#body({ rid, ...attributes }, this.#out.splice(0).join('')) };
    this.#open.push(request);
    this.#post(request, keepalive);
  }

  #body(attributes, payload) {
    const body = element(BOSH, 'body', { sid: this.sid || null });
    for (const key in attributes) {
      if (key.startsWith('xmpp:')) body.setAttributeNS(XBOSH, key, attributes[key]);
      else body.setAttribute(key, attributes[key]);
    }
    const text = serialize(body);
    return payload ? `${text.replace(/\/>$/, '>')}${payload}</body>` : text;
  }

  async #post(request, keepalive) {
    const { signal } = this.#aborting;
    try {
      // Plain text needs no leave to be sent to another origin (Fetch Standard, safelisted content types).
      const answer = await fetch(this.#url, {
        method: 'POST', body: request.text, headers: { 'Content-Type': 'text/plain' }, credentials: 'omit',
        cache: 'no-store', keepalive, signal: keepalive ? null : signal,
      });
      this.#isOver ||= !answer.ok && !BUSY.includes(answer.status);
      if (!answer.ok) throw Error(answer.status);
      const body = parse(await answer.text());
      // XEP-0124 §17.3: a copy of it has taken its place, and gets the answer unless it is repeated.
      if (body.getAttribute('type') === 'error') return this.#post(request);
      request.answer = body;
    } catch {
      if (!signal.aborted) this.#events.closed();
      return;
    }
    // Answers are read in the order of the requests.
    while (this.#open[0]?.answer && !signal.aborted) this.#read(this.#open.shift().answer);
    if (!this.#isOver) this.#fill(1);
  }

  #read(body) {
    this.#isOver ||= body.getAttribute('type') === 'terminate';
    if (!this.#isUp && !this.#isOver) {
      this.#isUp = true;
      if (this.sid) this.#events.resumed();
      else this.sid = body.getAttribute('sid');
    }
    for (const node of [...body.children]) this.#events.received(node);
    if (this.#isOver) this.#events.closed();
  }

  #leave() {
    if (!this.sid) return;
    const text = this.#body({ rid: this.#rid++, type: 'terminate' }, this.#out.splice(0).join(''));
    this.#isOver = true;
    fetch(this.#url, { method: 'POST', body: text, headers: { 'Content-Type': 'text/plain' }, keepalive: true }).catch(() => {});
  }
}

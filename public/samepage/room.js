/** The room as one of its occupants sees it (XEP-0045): stanzas in, stanzas and events out. */
import { child, children, element, freshId, ns } from './xml.js';
import { stanzaError } from './connection.js';
import { alternative, Sent } from './visitor.js';

const HISTORY = 50; // messages, at the first join
const CAUGHT_UP = 200; // and after an interruption
const MAX_SEEN = 2_000; // ids
const MAX_PEOPLE = 5_000;
const MAX_UNCONFIRMED = 50;
const RESEND = 120_000; // ms for which an unconfirmed message is sent again by itself
const OVERLAP = 30; // seconds of history beyond what we believe we missed

/** What a room answers to those who are not in it. */
export const OUTSIDE = ['not-acceptable', 'item-not-found'];

export class Room {
  #jid;
  #page;
  #send;
  #events;
  #wanted = ''; // nick
  #asked = ''; // nick, perhaps with a number
  #attempt = 1;
  #joined = false;
  #ready = false;
  #heard = 0; // when the room was last heard
  #seen = new Set();
  #unconfirmed = new Map(); // id → message of ours that the room has not reflected
  #sent = new Sent();

  nick = '';
  people = new Map(); // nick → {nick, role, affiliation}

  /**
   * `page`: {url, title, room}. Events: joined(), ready() (history is complete), refused(error), removed(code, reason),
   * message(message), changed(message), subject(text, by), people(), renamed(old, nick), renameRefused(error, nick),
   * notice(text), link(isUp): whether the room's server can be reached.
   */
  constructor(jid, page, send, events) {
    this.#jid = jid;
    this.#page = page;
    this.#send = send;
    this.#events = events;
  }

  get joined() {
    return this.#joined;
  }

  get self() {
    return `${this.#jid}/${this.nick}`;
  }

  join(nick) {
    this.#wanted = nick;
    this.#attempt = 1;
    this.people.clear();
    this.#ask(nick);
  }

  #ask(nick) {
    this.#asked = nick;
    this.#joined = this.#ready = false;
    // Seconds, not `since`: the visitor's clock may be wrong, but it runs as fast as ours.
    const missed = this.#heard && Math.ceil((Date.now() - this.#heard) / 1000) + OVERLAP;
    this.#presence(nick, element(ns.muc, 'x', {},
      element(ns.muc, 'history', missed ? { maxstanzas: CAUGHT_UP, seconds: missed } : { maxstanzas: HISTORY })),
    element(ns.page, 'page', this.#page));
  }

  rename(nick) {
    this.#asked = nick;
    this.#presence(nick);
  }

  #presence(nick, ...children) {
    this.#send(element(ns.client, 'presence', { to: `${this.#jid}/${nick}` }, ...children));
  }

  disconnected() {
    this.#joined = this.#ready = false;
  }

  say(body) {
    const message = {
      id: freshId(), nick: this.nick || this.#wanted, body, time: new Date(), own: true, state: 'pending', live: true,
    };
    this.#dispatch(message);
    return message;
  }

  retry(message) {
    message.state = 'pending';
    message.time = new Date();
    this.#events.changed(message);
    this.#dispatch(message);
  }

  #dispatch(message) {
    this.#unconfirmed.set(message.id, message);
    if (this.#unconfirmed.size > MAX_UNCONFIRMED) {
      const [oldest] = this.#unconfirmed.values();
      this.#fail(oldest, {});
      this.#unconfirmed.delete(oldest.id);
    }
    if (!this.#ready) return;
    this.#sent.add(message.id, this.nick);
    this.#send(element(ns.client, 'message', { to: this.#jid, type: 'groupchat', id: message.id },
      element(ns.client, 'body', {}, message.body)));
  }

  giveUp(error = {}) {
    for (const message of this.#unconfirmed.values()) this.#fail(message, error);
  }

  /** Stays unconfirmed: what looked lost with a connection may yet come in the history. */
  #fail(message, error) {
    if (message.state === 'pending') this.#events.changed(Object.assign(message, { state: 'failed', error }));
  }

  /** Takes a message or presence of any room. */
  receive(stanza) {
    const from = stanza.getAttribute('from') ?? '';
    const [room] = from.split('/', 1);
    if (room !== this.#jid) return;
    const nick = from.slice(room.length + 1);
    const type = stanza.getAttribute('type') ?? '';
    if (this.#joined) this.#heard = Date.now();
    if (stanza.localName === 'message') this.#message(stanza, nick, type);
    else if (type === 'error') this.#refused(stanzaError(stanza), nick);
    else this.#occupant(stanza, nick, type === 'unavailable');
  }

  #refused(error, nick) {
    if (this.#joined) return this.#events.renameRefused(error, this.#asked);
    if (error.condition === 'conflict' && (!nick || nick === this.#asked)) {
      this.#attempt += 1;
      if (this.#attempt < 15) return this.#ask(alternative(this.#wanted, this.#attempt));
    }
    this.#events.refused(error);
  }

  #occupant(presence, nick, gone) {
    const user = child(presence, 'x', ns.mucUser);
    const item = child(user, 'item');
    const codes = children(user, 'status').map((status) => status.getAttribute('code'));
    const self = codes.includes('110') || (this.#joined && nick === this.nick);
    if (!gone) {
      if (this.people.size < MAX_PEOPLE || this.people.has(nick) || self) {
        const [role, affiliation] = ['role', 'affiliation'].map((name) => item?.getAttribute(name));
        this.people.set(nick, { nick, role, affiliation });
      }
      if (self) this.#present(nick);
    } else if (codes.includes('303') && item?.getAttribute('nick')) {
      const renamed = item.getAttribute('nick');
      const person = this.people.get(nick);
      this.people.delete(nick);
      if (person) this.people.set(renamed, { ...person, nick: renamed });
      if (self) this.nick = renamed;
      if (this.#ready) this.#events.renamed(nick, renamed);
    } else {
      this.people.delete(nick);
      if (self) return this.#removed(user, item, codes);
    }
    if (this.#joined) this.#events.people();
  }

  #present(nick) {
    this.nick = nick;
    if (this.#joined) return;
    this.#joined = true;
    this.#heard = Date.now();
    this.#events.joined();
  }

  #removed(user, item, codes) {
    this.disconnected();
    this.people.clear();
    const destroyed = child(user, 'destroy');
    this.#events.people();
    // The highest code says most: a technical removal is a kick (307) with 333.
    const why = destroyed ? 'destroyed' : codes.sort().at(-1);
    this.#events.removed(why, child(destroyed ?? item, 'reason')?.textContent ?? '');
  }

  #message(stanza, nick, type) {
    const { id } = stanza;
    if (type === 'error') {
      const lost = this.#unconfirmed.get(id);
      const error = stanzaError(stanza);
      // The room was restarted and has forgotten us: once more from the start.
      if (lost && OUTSIDE.includes(error.condition) && !lost.again) {
        lost.again = true;
        this.join(this.nick);
      } else if (lost) this.#fail(lost, error);
      return;
    }
    const link = !nick && child(stanza, 'x', ns.link);
    if (link) return this.#linked(link.getAttribute('state') !== 'down');
    const body = child(stanza, 'body')?.textContent;
    const subject = child(stanza, 'subject');
    if (subject && body == null) return this.#subject(subject.textContent, nick);
    if (!body || (type !== 'groupchat' && type !== 'chat')) return;
    if (!nick) return this.#events.notice(body);
    const delay = child(stanza, 'delay', ns.delay);
    if (this.#repeated(stanza, id, nick, delay)) return;
    const ours = this.#unconfirmed.get(id);
    // Nobody else can know the id of what is pending; what seems to have failed may have reached them.
    if (ours && (ours.state === 'pending' || ours.nick === nick)) {
      this.#unconfirmed.delete(id);
      return this.#events.changed(Object.assign(ours, { state: 'sent', nick }));
    }
    const time = new Date(delay?.getAttribute('stamp') ?? Date.now());
    this.#events.message({
      id, nick, body, live: this.#ready && !delay, state: 'sent', private: type === 'chat',
      own: type === 'groupchat' && ((!delay && nick === this.nick) || this.#sent.has(id, nick)),
      time: isNaN(time) ? new Date() : time,
    });
  }

  #linked(isUp) {
    if (!isUp) this.giveUp({ condition: 'remote-server-timeout' });
    this.#events.link(isUp);
  }

  /** Whether history brings what is already there. Live messages are always new: ids may be chosen badly. */
  #repeated(stanza, id, nick, delayed) {
    const archived = children(stanza, 'stanza-id', ns.stanzaId).find((each) => each.getAttribute('by') === this.#jid);
    const keys = [archived && `a ${archived.id}`, id && `i ${id} ${nick}`].filter(Boolean);
    const known = keys.some((key) => this.#seen.has(key));
    for (const key of keys) this.#seen.add(key);
    for (const key of this.#seen) {
      if (this.#seen.size <= MAX_SEEN) break;
      this.#seen.delete(key);
    }
    return known && delayed;
  }

  /** The subject ends the history (§7.2.15); later ones are changes. */
  #subject(text, nick) {
    this.#events.subject(text, this.#ready && nick);
    this.settle();
  }

  settle() {
    if (this.#ready || !this.#joined) return;
    this.#ready = true;
    this.#events.ready();
    for (const message of this.#unconfirmed.values()) {
      if (message.state !== 'pending') continue;
      if (Date.now() - message.time < RESEND) this.#dispatch(message);
      else this.#fail(message, {});
    }
  }
}

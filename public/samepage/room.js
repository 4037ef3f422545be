/** The room as one of its occupants sees it (XEP-0045): stanzas in, stanzas and events out. */
import { child, children, element, ns } from './xml.js';
import { failure } from './connection.js';
import { alternative, Sent } from './visitor.js';

const HISTORY = 50; // messages, at the first join
const CAUGHT_UP = 200; // and after an interruption
const MAX_SEEN = 2_000; // ids
const MAX_PEOPLE = 5_000;
const MAX_PENDING = 50;
const RESEND = 120_000; // ms for which an unconfirmed message is sent again by itself
const OVERLAP = 30; // seconds of history beyond what we believe we missed

/** Status codes of one's own removal; a technical one (333) comes with 307. */
const REMOVED = [['301', 'banned'], ['321', 'members'], ['322', 'members'], ['332', 'shutdown'], ['333', 'lost'],
  ['307', 'kicked']];

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
  #pending = new Map();
  #sent = new Sent();

  nick = '';
  people = new Map(); // nick → {nick, role, affiliation}

  /**
   * `page`: {url, title, room}. Events: joined(), ready() (history is complete), refused(error), removed(why, reason),
   * message(message), changed(message), subject(text, by), people(), renamed(old, nick), renameRefused(error, nick),
   * notice(text).
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
    this.#presence(nick, {}, element(ns.muc, 'x', {},
      element(ns.muc, 'history', missed ? { maxstanzas: CAUGHT_UP, seconds: missed } : { maxstanzas: HISTORY })),
    element(ns.page, 'page', this.#page));
  }

  rename(nick) {
    this.#asked = nick;
    this.#presence(nick, {});
  }

  #presence(nick, attributes, ...children) {
    this.#send(element(ns.client, 'presence', { ...attributes, to: `${this.#jid}/${nick}` }, ...children));
  }

  disconnected() {
    this.#joined = this.#ready = false;
  }

  say(body) {
    const message = {
      id: crypto.getRandomValues(new Uint32Array(4)).join('-'), nick: this.nick || this.#wanted, body, time: new Date(),
      own: true, state: 'pending', live: true,
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
    this.#pending.set(message.id, message);
    if (this.#pending.size > MAX_PENDING) this.#fail(this.#pending.values().next().value, {});
    if (!this.#ready) return;
    this.#sent.add(message.id, this.nick);
    this.#send(element(ns.client, 'message', { to: this.#jid, type: 'groupchat', id: message.id },
      element(ns.client, 'body', {}, message.body)));
  }

  giveUp() {
    for (const message of [...this.#pending.values()]) this.#fail(message, {});
  }

  #fail(message, error) {
    this.#pending.delete(message.id);
    this.#events.changed(Object.assign(message, { state: 'failed', error }));
  }

  /** Takes a message or presence of any room. */
  receive(stanza) {
    const from = stanza.getAttribute('from') ?? '';
    const slash = from.indexOf('/');
    if ((slash < 0 ? from : from.slice(0, slash)) !== this.#jid) return;
    const nick = slash < 0 ? '' : from.slice(slash + 1);
    const type = stanza.getAttribute('type') ?? '';
    if (this.#joined) this.#heard = Date.now();
    if (stanza.localName === 'message') this.#message(stanza, nick, type);
    else if (type === 'error') this.#refused(failure(child(stanza, 'error'), ns.stanzaErrors), nick);
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
    const item = user && child(user, 'item');
    const codes = user ? children(user, 'status').map((status) => status.getAttribute('code')) : [];
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
    const destroyed = user && child(user, 'destroy');
    const why = destroyed ? 'destroyed' : REMOVED.find(([code]) => codes.includes(code))?.[1] ?? 'lost';
    const told = destroyed ?? item;
    this.#events.people();
    this.#events.removed(why, (told && child(told, 'reason')?.textContent) ?? '');
  }

  #message(stanza, nick, type) {
    const { id } = stanza;
    if (type === 'error') {
      const lost = this.#pending.get(id);
      const error = failure(child(stanza, 'error'), ns.stanzaErrors);
      // The room was restarted and has forgotten us: once more from the start.
      if (lost && OUTSIDE.includes(error.condition) && !lost.again) {
        lost.again = true;
        this.join(this.nick);
      } else if (lost) this.#fail(lost, error);
      return;
    }
    const body = child(stanza, 'body')?.textContent;
    const subject = child(stanza, 'subject');
    if (subject && body == null) return this.#subject(subject.textContent, nick);
    if (!body || (type !== 'groupchat' && type !== 'chat')) return;
    if (!nick) return this.#events.notice(body);
    const delay = child(stanza, 'delay', ns.delay);
    if (this.#repeated(stanza, id, nick, delay)) return;
    const pending = this.#pending.get(id); // nobody else can know this id yet
    if (pending) {
      this.#pending.delete(id);
      return this.#events.changed(Object.assign(pending, { state: 'sent', nick }));
    }
    const time = new Date(delay?.getAttribute('stamp') ?? Date.now());
    this.#events.message({
      id, nick, body, live: this.#ready && !delay, state: 'sent', private: type === 'chat',
      own: type === 'groupchat' && ((!delay && nick === this.nick) || this.#sent.has(id, nick)),
      time: isNaN(time) ? new Date() : time,
    });
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
    for (const message of [...this.#pending.values()]) {
      if (Date.now() - message.time < RESEND) this.#dispatch(message);
      else this.#fail(message, {});
    }
  }
}

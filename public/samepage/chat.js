/** The chat behind the bubble: brings connection, room and panel together. */
import { Connection } from './connection.js';
import { named } from './dom.js';
import { Log } from './log.js';
import { Bubble, Composer, Panel, StateLine } from './panel.js';
import { OUTSIDE, Room } from './room.js';
import { recall, remember, suggest, tidy } from './visitor.js';
import { explain, words } from './words.js';
import { element, ns } from './xml.js';

/** After this (ms) the room is asked again about what may have passed. */
const PASSING = ['remote-server-timeout', 'policy-violation', 'resource-constraint', 'service-unavailable'];
const ASK_AGAIN = 15_000;
const SETTLE = 10_000;
const SHUTDOWN = '332';

class Chat {
  #bubble;
  #nick;
  #connection;
  #room;
  #panel;
  #log;
  #composer;
  #state = new StateLine();
  #opened = false;
  #unread = 0;
  #again = 0;

  /** `endpoint`, `room`: what /rooms says; `settings`: the options of the tag; the others: nodes of the loader. */
  constructor({ root, bubble, count, endpoint, room, settings }) {
    const page = { url: room.url, title: document.title, room: settings.room };
    this.#bubble = new Bubble(bubble, count);
    this.#log = new Log(settings.lang, (message) => this.#room.retry(message));
    this.#composer = new Composer({ say: (body) => this.#say(body), rename: (nick) => this.#rename(nick) });
    this.#connection = new Connection(endpoint.websocket, endpoint.domain, this.#streamEvents(endpoint.domain));
    this.#room = new Room(room.jid, page, (stanza) => this.#connection.send(stanza), this.#roomEvents());
    this.#panel = new Panel({
      log: this.#log, composer: this.#composer, state: this.#state, room: this.#room, address: room,
      title: settings.title || page.title || room.name, close: () => this.close(),
    });
    this.#composer.nick = this.#nick = firstNick(settings.nick);
    root.append(this.#panel.node);
    this.#panel.here = 0;
    this.#connection.connect();
  }

  get open() {
    return this.#panel.open;
  }

  show() {
    this.#opened = true;
    this.#unread = 0;
    this.#changed();
    this.#bubble.hidden = true;
    this.#panel.show();
  }

  close() {
    this.#panel.hide();
    this.#bubble.hidden = false;
  }

  destroy() {
    this.#connection.stop();
    clearTimeout(this.#again);
    this.#log.destroy();
    this.#panel.destroy();
  }

  #changed() {
    this.#bubble.show(this.#room.people.size, this.#unread);
  }

  #say(body) {
    this.#log.add(this.#room.say(body));
  }

  #rename(nick) {
    this.#nick = nick;
    remember('nick', nick);
    if (this.#room.joined) return this.#room.rename(nick);
    this.#composer.nick = nick;
    if (this.#connection.online) this.#join();
  }

  #join() {
    clearTimeout(this.#again);
    this.#composer.closed = '';
    this.#state.show(words.connecting);
    this.#room.join(this.#nick);
  }

  #streamEvents(domain) {
    return {
      connecting: () => {
        this.#room.disconnected();
        this.#state.show(words.connecting);
      },
      online: () => this.#join(),
      offline: (error) => {
        clearTimeout(this.#again);
        this.#room.disconnected();
        const retry = () => this.#connection.connect();
        if (!error.again) {
          this.#room.giveUp();
          this.#state.show(explain(words.closed, error), words.retry, retry);
        } else {
          const text = navigator.onLine ? words.closed[error.condition] ?? words.waiting : words.offline;
          this.#state.show(text, words.now, retry);
        }
      },
      stanza: (stanza) => this.#room.receive(stanza),
      // A ping to oneself in the room tells of both: the stream, and the place in the room (XEP-0410).
      probe: () => {
        const joined = this.#room.joined;
        this.#connection.iq('get', joined ? this.#room.self : domain, element(ns.ping, 'ping')).catch((error) => {
          if (joined && OUTSIDE.includes(error.condition) && this.#room.joined) this.#join();
        });
      },
    };
  }

  #roomEvents() {
    return {
      joined: () => {
        this.#state.show('');
        this.#composer.nick = this.#room.nick;
        this.#people();
        // A room that sends no subject has no other end of its history.
        this.#again = setTimeout(() => this.#room.settle(), SETTLE);
      },
      ready: () => this.#log.live = true,
      refused: (error) => {
        this.#room.giveUp();
        this.#state.show(explain(words.refused, error), words.retry, () => this.#join());
        if (['conflict', 'jid-malformed', 'not-acceptable'].includes(error.condition)) {
          this.#composer.nickRefused(error, this.#nick);
        } else if (PASSING.includes(error.condition)) {
          this.#again = setTimeout(() => this.#join(), ASK_AGAIN * (1 + Math.random()));
        }
      },
      removed: (why, reason) => {
        const { [why]: known, other } = words.removed;
        this.#state.show((known ?? other) + (reason && ` “${reason}”`), words.rejoin, () => this.#join());
        if (known && why !== SHUTDOWN) this.#room.giveUp();
        else this.#again = setTimeout(() => this.#join(), 1000 + Math.random() * 4000);
      },
      message: (message) => {
        this.#log.add(message);
        if (!message.live || message.own || this.open || !this.#opened) return;
        this.#unread += 1;
        this.#changed();
      },
      changed: (message) => this.#log.update(message),
      subject: (text, by) => {
        this.#panel.topic = text;
        if (by && text) this.#log.line(...sentence(words.subject(by, text)));
      },
      people: () => this.#people(),
      renamed: (old, nick) => {
        this.#log.line(...sentence(words.renamed(old, nick)));
        if (nick === this.#room.nick) this.#composer.nick = nick;
      },
      renameRefused: (error, nick) => {
        this.#nick = this.#room.nick;
        remember('nick', this.#nick);
        this.#composer.nickRefused(error, nick);
      },
      notice: (text) => this.#log.line(text),
      link: (isUp) => {
        this.#composer.closed = isUp ? '' : words.kept;
        this.#state.show(isUp ? '' : words.unlinked);
      },
    };
  }

  #people() {
    this.#panel.here = this.#room.people.size;
    this.#changed();
  }
}

// Before anything is asked of the server.
if (location.hash.startsWith('#samepage=')) (await import('./optional/link.js')).take();

export const start = (context) => new Chat(context);

function firstNick(suggested) {
  const nick = recall('nick') || tidy(suggested ?? '') || recall('suggested') || suggest();
  if (!recall('nick')) remember('suggested', nick);
  return nick;
}

const sentence = (parts) => parts.map((part, index) => index % 2 ? part : named(part));

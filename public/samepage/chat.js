/** The chat behind the bubble: brings connection, room and panel together. */
import { Connection } from './connection.js';
import { named } from './dom.js';
import { Log } from './log.js';
import { Bubble, Composer, Panel, StateLine } from './panel.js';
import { OUTSIDE, Room } from './room.js';
import { recall, remember, suggest, tidy, visits } from './visitor.js';
import { explain, words } from './words.js';
import { element, ns } from './xml.js';

/** What passes by itself: the room is asked again after so many ms. */
const PASSING = ['remote-server-timeout', 'policy-violation', 'resource-constraint', 'service-unavailable'];
const ASK_AGAIN = 15_000;
const SETTLE = 10_000;
/** A trouble that is over by then is not worth a word. */
const MOMENT = 2_000;
const MAX_DRAFT = 16_384;
/** Whoever was banned asks once more, and is told until when. */
const FINAL = ['307', '321', '322', 'destroyed'];

class Chat {
  #context;
  #bubble;
  #nick;
  #connection;
  #room;
  #panel;
  #log;
  #composer;
  #state = new StateLine();
  #listening = new AbortController();
  #opened = false;
  #reads; // has no nick as long as nothing is said
  #unread = 0;
  #again = 0;
  #extras = null; // a promise
  #part = null; // what it has brought

  /**
   * `endpoint`, `room`: what /rooms says; `settings`: the options of the tag; `root`, `bubble`, `count`: nodes of the
   * loader; `connection` of the page that was here before.
   */
  constructor(context) {
    const { root, bubble, count, endpoint, room, settings, connection } = this.#context = context;
    const page = { url: room.url, title: document.title, room: settings.room };
    const visit = visits.of(room.jid);
    this.#bubble = new Bubble(bubble, count);
    this.#log = new Log(settings.lang, (message) => this.#speak(() => this.#room.retry(message)));
    this.#composer = new Composer({ say: (body) => this.#say(body), rename: (nick) => this.#rename(nick) });
    this.#connection = connection ?? new Connection(endpoint);
    this.#connection.events = this.#streamEvents(endpoint.domain);
    this.#room = new Room(room.jid, page, this.#connection, this.#roomEvents(), visit);
    this.#panel = new Panel({
      log: this.#log, composer: this.#composer, state: this.#state, room: this.#room, address: room,
      title: settings.title || page.title || room.name, more: (use) => this.#more(use), close: () => this.close(),
    });
    this.#reads = room.readers != null && !recall('nick') && !recall('spoke') && !this.#room.waiting.length;
    this.#composer.reads = this.#reads;
    this.#nick = firstNick(settings.nick);
    // In this room one may have got another name than the one that one asked for.
    this.#composer.nick = this.#nick = visit.nick?.[0] === this.#nick ? visit.nick[1] : this.#nick;
    this.#composer.draft = visit.draft ?? '';
    for (const message of this.#room.waiting) this.#log.add(message);
    this.#log.anchor = visit.anchor;
    this.#unread = visit.unread ?? 0;
    root.append(this.#panel.node);
    document.addEventListener('visibilitychange', () => document.hidden && this.#keep(), {
      signal: this.#listening.signal,
    });
    for (const type of ['pointerover', 'keydown']) {
      this.#panel.node.addEventListener(type, () => this.#part ?? this.#more());
    }
    if (recall('ignored')) this.#more();
    if (connection?.online) this.#join();
    else this.#connection.connect();
  }

  get open() {
    return this.#panel.open;
  }

  /** Without `asked`, as it was in this tab. */
  show(asked) {
    this.#opened = true;
    if (!asked && recall('open', 'sessionStorage') === 'no') return this.#changed();
    remember('open', 'yes', 'sessionStorage');
    this.#unread = 0;
    this.#changed();
    this.#bubble.hidden = true;
    this.#panel.show(!asked);
  }

  close() {
    remember('open', 'no', 'sessionStorage');
    this.#panel.hide();
    this.#bubble.hidden = false;
    this.#bubble.focus();
  }

  /** The page is another one now: the chat that goes on there, over the same stream. */
  move(place) {
    const { focused } = this.#panel;
    this.#end();
    this.#room.leave();
    const chat = new Chat({ ...this.#context, ...place, connection: this.#connection });
    if (this.#opened) chat.show(focused);
    return chat;
  }

  destroy() {
    this.#end();
    this.#connection.stop();
    remember('open', null, 'sessionStorage');
  }

  #end() {
    this.#keep();
    this.#listening.abort();
    clearTimeout(this.#again);
    this.#room.stop();
    this.#part?.destroy();
    this.#panel.destroy();
    this.#bubble.remove();
  }

  /** For the next page, or the next time at this one. */
  #keep() {
    const { jid } = this.#context.room;
    visits.keep(jid, {
      nick: [recall('nick') ?? recall('suggested'), this.#room.nick || this.#nick],
      draft: this.#composer.draft.slice(0, MAX_DRAFT),
      unread: this.#unread,
      anchor: this.open ? this.#log.anchor : null,
      rows: this.#log.count,
      mark: this.#room.mark,
      waiting: this.#room.waiting,
    });
  }

  #changed() {
    this.#bubble.show(this.#room.here, this.#unread);
  }

  /** Loads the part for what not everybody does with messages and people; `message` waits for it. */
  async #more(use, message) {
    try {
      this.#part = await (this.#extras ??= import('./optional/extras.js').then(({ Extras }) => new Extras({
        address: this.#context.room, room: this.#room, connection: this.#connection, panel: this.#panel,
        speak: () => this.#speak(() => {}),
      })));
      use?.(this.#part);
    } catch (error) {
      this.#extras = null;
      // Nobody has asked for it yet: the next touch tries again.
      if (use) console.error(words.notLoaded, error);
      if (message?.body) this.#log.redraw(Object.assign(message, { hidden: false }));
    }
  }

  #say(body) {
    if (this.#part?.takes(body)) return true;
    const message = this.#speak(() => this.#room.say(body, this.#nick));
    if (message) this.#log.add(message);
    return message;
  }

  /** Whoever speaks is somebody from then on. */
  #speak(act) {
    remember('spoke', 'yes');
    this.#reads = false;
    if (this.#room.reading) this.#join();
    return act();
  }

  #rename(nick) {
    this.#nick = nick;
    remember('nick', nick);
    this.#reads = false;
    if (this.#room.joined && this.#room.nick) return this.#room.rename(nick);
    this.#composer.nick = nick;
    if (this.#connection.online) this.#join();
  }

  #join(strict) {
    clearTimeout(this.#again);
    this.#composer.closed = '';
    this.#state.show(words.connecting, '', null, this.#room.joined && MOMENT);
    this.#room.join(this.#reads ? '' : this.#nick, strict);
    // Not every service says which of its answers is ours.
    if (strict) this.#again = setTimeout(() => this.#join(), SETTLE);
  }

  #streamEvents(domain) {
    return {
      connecting: () => this.#state.show(words.connecting, '', null, this.#room.joined && MOMENT),
      early: () => this.#join(),
      online: ({ kept, early, left }) => {
        if (left && left.split('/', 1)[0] !== this.#context.room.jid) this.#room.leave(left);
        if (!kept && !early) this.#room.disconnected();
        if (this.#room.joined) {
          this.#state.show('');
          this.#room.flush();
        } else if (!early || !this.#room.place) this.#join(Boolean(left));
      },
      offline: (error) => {
        clearTimeout(this.#again);
        const retry = () => this.#connection.connect();
        if (!error.again) {
          this.#room.disconnected();
          this.#room.giveUp();
          this.#state.show(explain('closed', error), words.retry, retry);
        } else {
          const text = navigator.onLine ? words.closed[error.condition] ?? words.waiting : words.offline;
          this.#state.show(text, words.now, retry, this.#room.joined && navigator.onLine && MOMENT);
        }
      },
      stanza: (stanza) => this.#room.receive(stanza),
      // An answer of the room tells of both: the stream, and the place in the room.
      probe: () => {
        const { joined, probe } = this.#room;
        this.#connection.iq('get', ...(joined ? probe : [domain, element(ns.ping, 'ping')])).catch((error) => {
          if (joined && OUTSIDE.includes(error.condition) && this.#room.joined) this.#join();
        });
      },
      hide: () => {
        this.#keep();
        return this.#room.place;
      },
    };
  }

  #roomEvents() {
    return {
      joined: () => {
        clearTimeout(this.#again);
        this.#state.show('');
        this.#composer.reads = this.#room.reading;
        this.#composer.nick = this.#room.nick || this.#nick;
        this.#people();
        // A room that sends no subject has no other end of its history.
        this.#again = setTimeout(() => this.#room.settle(), SETTLE);
      },
      ready: (fresh) => {
        this.#log.live = true;
        if (!this.open) this.#unread += fresh;
        this.#changed();
      },
      refused: (error) => {
        this.#room.giveUp();
        this.#state.show(explain('refused', error), words.retry, () => this.#join());
        if (['conflict', 'jid-malformed', 'not-acceptable'].includes(error.condition)) {
          this.#composer.nickRefused(error, this.#nick);
        } else if (PASSING.includes(error.condition)) {
          this.#again = setTimeout(() => this.#join(), ASK_AGAIN * (1 + Math.random()));
        }
      },
      removed: (why, reason) => {
        const text = explain('removed', { condition: why }).then((known) => known + (reason && ` “${reason}”`));
        this.#state.show(text, words.rejoin, () => this.#join());
        if (FINAL.includes(why)) this.#room.giveUp();
        else this.#again = setTimeout(() => this.#join(), 1000 + Math.random() * 4000);
      },
      message: (message) => {
        this.#log.add(message);
        if (this.#part?.hides(message) || message.hidden || !message.live || message.own || this.open || !this.#opened) return;
        this.#unread += 1;
        this.#changed();
      },
      changed: (message) => this.#log.update(message),
      subject: (text, by) => {
        this.#panel.topic = text;
        if (by && text) this.#log.line(...sentence(words.subject(by, text)));
      },
      people: (presence) => this.#people(presence),
      extra: (stanza, message) => this.#more((part) => part.hear(stanza, message), message),
      renamed: (old, nick) => {
        this.#log.line(...sentence(words.renamed(old, nick)));
        if (nick === this.#room.nick) this.#composer.nick = this.#nick = nick;
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

  #people(presence) {
    this.#panel.count();
    this.#changed();
    const self = this.#room.people.get(this.#room.nick);
    if (this.#part || (self && self.role !== 'participant')) this.#more((part) => part.people(self, presence));
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

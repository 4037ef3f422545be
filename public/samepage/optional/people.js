/** Who is here, and the way out to one's own client. */
import { button, icon, icons, make, named } from '../dom.js';
import { avatar } from '../log.js';
import { DOTS, show, styles, view } from './view.js';
import { words } from './words.js';

const MAX_SHOWN = 200; // people; the others are a number
const MAX_HAT = 40; // characters
const PAUSE = 100; // ms between two drawings

const sheet = styles(`
.persons { list-style: none; }
.person { display: flex; align-items: center; gap: 10px; min-height: 42px; }
.person-menu {
  display: grid; place-items: center; flex: none; width: 36px; height: 36px; margin-inline-start: auto; border-radius: 10px; color: var(--soft);
}
.person-menu:hover, .person-menu[aria-expanded] { background: var(--fill); }
@media (pointer: coarse) { .person-menu { width: 44px; height: 44px; } }
.elsewhere {
  display: flex; align-items: center; gap: 8px; min-height: 48px; padding-inline: 18px;
  border-top: 1px solid var(--line); font-weight: 600; outline-offset: -3px;
}
.elsewhere:hover { background: var(--fill); }
.elsewhere .icon { width: 14px; margin-inline-start: auto; color: var(--soft); }
`);

export class People {
  #room;
  #address;
  #more;
  #elsewhere;
  #ownClient = null;
  #drawing = 0;
  #drawn = new Map(); // what is said of a person → row

  /** `room`: {people, nick}; `address`: what /rooms says of it; `more(use)` brings what can be done about people. */
  constructor(room, address, more, onClose) {
    this.#room = room;
    this.#more = more;
    this.#address = address;
    this.list = make('ul', { class: 'persons scroll', role: 'list', tabindex: '0', 'aria-label': words.people });
    this.node = view('people', words.people, { back: onClose, backTitle: words.toChat }, this.list);
    if (address.federated && address.uri?.startsWith('xmpp:')) this.node.append(this.#wayOut());
  }

  /** To be called when the node is in its place. */
  show() {
    this.#draw();
    show(this.node, sheet);
  }

  update() {
    this.#drawing ||= setTimeout(() => this.#draw(), PAUSE);
  }

  destroy() {
    clearTimeout(this.#drawing);
    this.#ownClient?.remove();
    this.node.remove();
  }

  #draw() {
    clearTimeout(this.#drawing);
    this.#drawing = 0;
    const { people, nick, hidden, readers } = this.#room;
    const rank = (person) => (person.nick === nick ? 0 : person.role === 'moderator' ? 1 : 2);
    const order = (one, other) => rank(one) - rank(other) || one.nick.localeCompare(other.nick);
    const sorted = [...people.values()].sort(order);
    const drawn = this.#drawn;
    this.#drawn = new Map(sorted.slice(0, MAX_SHOWN).map((person) => {
      const key = JSON.stringify([person.nick, badge(person, nick)]);
      return [key, drawn.get(key) ?? this.#row(person, nick)];
    }));
    const more = sorted.length - this.#drawn.size + hidden;
    const others = [more > 0 && words.more(more), readers > 0 && words.reading(readers)].filter(Boolean);
    this.#place([...this.#drawn.values(), ...others.map((text) => make('li', { class: 'small' }, text))]);
  }

  /** Whoever stays is not touched: somebody may be about to do something about them. */
  #place(rows) {
    const focused = this.list.getRootNode().activeElement?.closest?.('.person-menu')?.value;
    for (const old of [...this.list.children]) if (!rows.includes(old)) old.remove();
    for (const [index, row] of rows.entries()) {
      if (this.list.children[index] !== row) this.list.insertBefore(row, this.list.children[index] ?? null);
    }
    const isLost = focused && !this.list.getRootNode().activeElement?.closest?.('.person-menu');
    if (isLost) (rows.map((row) => row.querySelector('button')).find((each) => each?.value === focused) ?? this.list).focus();
  }

  #row(person, own) {
    const text = badge(person, own);
    return make('li', { sp: 'person' }, avatar(person.nick), named(person.nick, { class: 'name' }),
      text && make('span', { class: 'small' }, text), person.nick !== own && this.#menu(person.nick));
  }

  #menu(nick) {
    const opener = button({
      sp: 'person-menu', 'aria-label': words.personMenu(nick), 'aria-haspopup': 'menu', value: nick,
      onclick: () => this.#more((extras) => extras.openPerson(this.#room.people.get(nick), opener)),
    }, icon(DOTS));
    return opener;
  }

  #wayOut() {
    const chevron = icon(icons.chevron);
    chevron.classList.add('directed');
    this.#elsewhere = button({ sp: 'elsewhere', onclick: () => this.#leave() }, words.ownApp, chevron);
    return this.#elsewhere;
  }

  async #leave() {
    const part = await import('./own-client.js').catch(() => null);
    if (!this.node.isConnected) return;
    if (!part) {
      location.href = this.#address.uri; // the bare link does most of it
      return;
    }
    this.#ownClient = part.ownClient(this.#address, () => this.#return());
    this.node.replaceWith(this.#ownClient);
    show(this.#ownClient, part.sheet);
  }

  #return() {
    this.#ownClient.replaceWith(this.node);
    this.#elsewhere.focus();
  }
}

/** What somebody is: in the words of the site, if it has given a hat (XEP-0317), else by role. */
function badge({ nick, role, affiliation, hat }, own) {
  const known = hat?.slice(0, MAX_HAT) || (words.roles[affiliation] ?? words.roles[role]);
  return [nick === own && words.you, known].filter(Boolean).join(' · ');
}
